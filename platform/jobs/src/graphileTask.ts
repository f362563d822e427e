import type { JobHelpers } from 'graphile-worker';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { addJob } from './addJob.ts';
import { GiveUp, inWords, RetryLater } from './failures.ts';
import type { Task } from './task.ts';

type Job = JobHelpers['job'];

/** Our task as Graphile Worker calls it: context in, failures turned into words and into what should happen next. */
export function graphileTask(
  task: Task,
  pool: Pool,
  log: Logger,
): (payload: unknown, helpers: JobHelpers) => Promise<void> {
  return async (payload, helpers) => {
    const { job, abortSignal: signal } = helpers;
    const jobLog = log.child({ task: task.name, job_id: job.id, attempt: job.attempts });
    const started = performance.now();
    try {
      await task.run(payload, {
        jobId: job.id,
        task: task.name,
        attempt: job.attempts,
        maxAttempts: job.max_attempts,
        lastAttempt: job.attempts >= job.max_attempts,
        signal,
        log: jobLog,
        addJob: (name, value, options) => addJob(pool, name, value, options),
      });
      jobLog.debug({ ms: Math.round(performance.now() - started) }, 'job done');
    } catch (error) {
      const words = inWords(error);
      const next = await decideNext(pool, job, error, signal);
      jobLog[next === 'dead' ? 'error' : 'warn'](
        { err: error, next },
        next === 'dead' ? 'job failed for good' : 'job failed, to be tried again',
      );
      // Graphile Worker stores the message of what is thrown here as the job's last_error.
      throw new Error(words, { cause: error });
    }
  };
}

/**
 * Graphile Worker will set `run_at = greatest(now(), run_at) + e^min(attempts, 10) s` and count the attempt; what should be different is written
 * to the row, which this worker holds, before that.
 */
async function decideNext(
  pool: Pool,
  job: Job,
  error: unknown,
  signal: AbortSignal,
): Promise<'dead' | 'retry' | 'handed back'> {
  if (signal.aborted) {
    await pool.query('update graphile_worker._private_jobs set attempts = greatest(0, attempts - 1) where id = $1', [
      job.id,
    ]);
    return 'handed back';
  }
  if (error instanceof GiveUp) {
    await pool.query('update graphile_worker._private_jobs set max_attempts = attempts where id = $1', [job.id]);
    return 'dead';
  }
  if (job.attempts >= job.max_attempts) return 'dead';
  if (error instanceof RetryLater) {
    await pool.query(
      `update graphile_worker._private_jobs
       set run_at = now() + make_interval(secs => $2::float8 - exp(least(attempts, 10)))
       where id = $1`,
      [job.id, error.afterSeconds],
    );
  }
  return 'retry';
}
