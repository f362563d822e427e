import { type CronItem, parseCronItems } from 'graphile-worker';
import pg from 'pg';
import type { Logger } from 'pino';
import { type Heartbeat, startHeartbeat } from './heartbeat.ts';
import type { Task, WorkerPoolName } from './task.ts';
import { type RunningPool, startWorkerPool } from './workerPool.ts';

/** A task at fixed times: `match` is a crontab pattern in UTC (minute hour day month weekday). One node adds the job, whichever is first. */
export type CronJob = Pick<CronItem, 'task' | 'payload' | 'identifier'> & {
  match: string;
  options?: CronItem['options'];
};

export interface JobsOptions {
  database: { url: string };
  tasks: readonly Task[];
  cron?: readonly CronJob[];
  log: Logger;
  /** Jobs at once, per kind of task; 10 and 10 when absent. */
  concurrency?: Partial<Record<WorkerPoolName, number>>;
  /** Milliseconds that running jobs have when the worker stops; 10 000 when absent. */
  stopMs?: number;
  heartbeatMs?: number;
  deadAfterMs?: number;
}

export interface Jobs {
  /** Takes no more jobs, waits for the running ones, hands back the rest. Safe to call twice. */
  stop(): Promise<void>;
  /** Rejects when this worker is not at work: for `/ready`. */
  check(): Promise<void>;
}

/**
 * Runs jobs in this process until stopped. The connections (a handful per kind of task) are its own, so that handlers which exhaust the
 * database pool cannot keep jobs from being taken or reported done.
 */
export async function startJobs(o: JobsOptions): Promise<Jobs> {
  refuseDuplicates(o.tasks);
  const cron = parseCronItems((o.cron ?? []).map((item) => ({ ...item })));
  const pool = openPool(o);
  const pools: RunningPool[] = [];
  let heartbeat: Heartbeat | undefined;
  let stopped: Promise<void> | undefined;
  try {
    for (const name of ['main', 'slow'] as const) {
      const tasks = o.tasks.filter((task) => task.pool === name);
      // Cron needs a runner, even where every task is slow.
      if (tasks.length === 0 && (name === 'slow' || cron.length === 0)) continue;
      const concurrency = o.concurrency?.[name] ?? 10;
      const log = o.log.child({ pool: name });
      pools.push(
        await startWorkerPool({
          pool,
          tasks,
          concurrency,
          cron: name === 'main' ? cron : [],
          log,
          stopMs: o.stopMs ?? 10_000,
        }),
      );
    }
    heartbeat = await startHeartbeat({
      pool,
      log: o.log,
      poolIds: () => pools.flatMap((running) => running.poolIds()),
      beatMs: o.heartbeatMs,
      deadAfterMs: o.deadAfterMs,
    });
  } catch (error) {
    await Promise.allSettled(pools.map((running) => running.stop()));
    await pool.end();
    throw error;
  }

  async function stop(): Promise<void> {
    const ended = await Promise.allSettled(pools.map((running) => running.stop()));
    for (const result of ended)
      if (result.status === 'rejected') o.log.error({ err: result.reason }, 'a worker pool did not stop cleanly');
    await heartbeat
      ?.stop()
      .catch((error: unknown) => o.log.debug({ err: error }, 'the heartbeat did not stop cleanly'));
    await pool.end();
  }

  return {
    stop: () => (stopped ??= stop()),
    async check() {
      if (stopped !== undefined) throw new Error('The worker is stopping.');
      if (!pools.every((running) => running.isAtWork())) throw new Error('The worker is being started again.');
      await pool.query('select from jobs.workers limit 1');
    },
  };
}

function openPool(o: JobsOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: o.database.url,
    max: 8,
    application_name: 'connectgain jobs',
    keepAlive: true,
  });
  // Without listeners a broken idle connection would end the process; the pool replaces it by itself.
  pool.on('error', (error) => o.log.warn({ err: error }, 'a connection of the worker broke'));
  pool.on('connect', (client) => {
    client.on('error', (error) => o.log.debug({ err: error }, 'a connection of the worker broke'));
  });
  return pool;
}

function refuseDuplicates(tasks: readonly Task[]): void {
  const seen = new Set<string>();
  for (const { name } of tasks) {
    if (seen.has(name)) throw new Error(`The task "${name}" is defined twice.`);
    seen.add(name);
  }
}
