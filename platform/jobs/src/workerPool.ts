import { EventEmitter } from 'node:events';
import { type ParsedCronItem, type Runner, run, type TaskList, type WorkerEvents } from 'graphile-worker';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { graphileLog } from './graphileLog.ts';
import { graphileTask } from './graphileTask.ts';
import { installQueueNudge } from './queueNudge.ts';
import { handBack, recoverEnded } from './recover.ts';
import type { Task } from './task.ts';

export interface WorkerPoolOptions {
  pool: Pool;
  tasks: readonly Task[];
  concurrency: number;
  cron: ParsedCronItem[];
  log: Logger;
  /** Milliseconds that running jobs have when the pool stops. */
  stopMs: number;
}

export interface RunningPool {
  /** The name under which Graphile Worker locks jobs at the moment. */
  poolIds(): string[];
  /** False while it is being started again. */
  isAtWork(): boolean;
  /** Takes no more jobs, lets the running ones end, hands back what does not end in time. */
  stop(): Promise<void>;
}

const POLL_MS = 250;
const RESTART_MS = 1000;

/** One Graphile Worker runner that is started again when it gives up, as it does when it cannot report a job. */
export async function startWorkerPool(o: WorkerPoolOptions): Promise<RunningPool> {
  const ids: string[] = [];
  let stopping = false;
  let atWork = true;
  let current = await startRunner();
  void supervise();

  async function startRunner(): Promise<Current> {
    const events: WorkerEvents = new EventEmitter();
    events.on('pool:create', ({ workerPool }) => {
      ids.splice(0, ids.length, workerPool.id);
    });
    const { promise: idle, resolve } = Promise.withResolvers<void>();
    events.once('pool:gracefulShutdown:complete', () => resolve());
    installQueueNudge(events);
    const taskList: TaskList = Object.fromEntries(
      o.tasks.map((task) => [task.name, graphileTask(task, o.pool, o.log)]),
    );
    const runner = await run({
      pgPool: o.pool,
      taskList,
      parsedCronItems: o.cron,
      concurrency: o.concurrency,
      pollInterval: POLL_MS,
      // The program as a whole decides what a signal means.
      noHandleSignals: true,
      logger: graphileLog(o.log),
      events,
      gracefulShutdownAbortTimeout: Math.round(o.stopMs * 0.6),
      preset: {
        worker: {
          // One look fetches for all workers. More than one each would sit locked behind slow ones.
          localQueue: { size: o.concurrency },
          completeJobBatchDelay: 0,
          failJobBatchDelay: 0,
        },
      },
    });
    return { runner, ended: Promise.race([runner.promise, idle]) };
  }

  async function supervise(): Promise<void> {
    while (!stopping) {
      await current.ended.catch((error: unknown) => o.log.error({ err: error }, 'the worker pool ended with an error'));
      if (stopping) return;
      atWork = false;
      // Its cron, where only the workers have ended.
      current.runner.stop().catch((error: unknown) => o.log.debug({ err: error }, 'the worker pool had ended before'));
      const ended = [...ids];
      while (!stopping) {
        o.log.warn('starting the worker pool again');
        await new Promise((resolve) => setTimeout(resolve, RESTART_MS));
        try {
          // It could not report them, so they and their queues would wait until its silence counts.
          await recoverEnded(o.pool, ended, o.log);
          current = await startRunner();
          atWork = true;
          break;
        } catch (error) {
          o.log.error({ err: error }, 'the worker pool could not be started yet');
        }
      }
    }
  }

  return {
    poolIds: () => [...ids],
    isAtWork: () => atWork,
    async stop() {
      stopping = true;
      const { runner, ended } = current;
      const stopped = Promise.race([runner.stop(), ended]).catch((error: unknown) =>
        o.log.debug({ err: error }, 'the worker pool stopped with an error'),
      );
      const { promise: late, resolve } = Promise.withResolvers<'late'>();
      const timer = setTimeout(() => resolve('late'), o.stopMs);
      const outcome = await Promise.race([stopped, late]);
      clearTimeout(timer);
      const returned = await handBack(o.pool, ids);
      if (returned > 0) o.log.warn({ jobs: returned }, 'jobs that did not end in time were handed back');
      // Its jobs are free already, so this fails none of them.
      if (outcome === 'late') await runner.kill('stopping').catch(() => {});
    },
  };
}

/**
 * `ended` settles when nothing runs any more. Graphile Worker's own promise is not enough: after a job whose end could not be written, which
 * is what a restart of the database does to it, it counts its batches of such reports wrongly and waits for them for ever
 * (`batch` in its main.js, 0.18).
 */
interface Current {
  runner: Runner;
  ended: Promise<void>;
}
