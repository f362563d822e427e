import { EventEmitter } from 'node:events';
import { type ParsedCronItem, run, type TaskList, type WorkerEvents } from 'graphile-worker';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { graphileLog } from './graphileLog.ts';
import { graphileTask } from './graphileTask.ts';
import { installQueueNudge } from './queueNudge.ts';
import { handBack } from './recover.ts';
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
  /** Takes no more jobs, lets the running ones end, hands back what does not end in time. */
  stop(): Promise<void>;
}

const POLL_MS = 250;
const RESTART_MS = 1000;

/** One Graphile Worker runner that is started again when it gives up, as it does after an outage of the database. */
export async function startWorkerPool(o: WorkerPoolOptions): Promise<RunningPool> {
  const ids: string[] = [];
  let stopping = false;
  let runner = await startRunner();
  void supervise();

  async function startRunner() {
    const events: WorkerEvents = new EventEmitter();
    events.on('pool:create', ({ workerPool }) => {
      ids.splice(0, ids.length, workerPool.id);
    });
    installQueueNudge(events);
    const taskList: TaskList = Object.fromEntries(
      o.tasks.map((task) => [task.name, graphileTask(task, o.pool, o.log)]),
    );
    return await run({
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
  }

  async function supervise(): Promise<void> {
    while (!stopping) {
      await runner.promise.catch((error: unknown) =>
        o.log.error({ err: error }, 'the worker pool ended with an error'),
      );
      while (!stopping) {
        o.log.warn('starting the worker pool again');
        await new Promise((resolve) => setTimeout(resolve, RESTART_MS));
        try {
          runner = await startRunner();
          break;
        } catch (error) {
          o.log.error({ err: error }, 'the worker pool could not be started yet');
        }
      }
    }
  }

  return {
    poolIds: () => [...ids],
    async stop() {
      stopping = true;
      const stopped = runner
        .stop()
        .catch((error: unknown) => o.log.debug({ err: error }, 'the worker pool stopped with an error'));
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
