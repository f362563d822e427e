import type { Pool } from 'pg';
import { z } from 'zod';
import type { CronJob } from './startJobs.ts';
import { defineTask, type Task } from './task.ts';

/** Deletes dead letters that nobody touched for `keepDays` (90 when absent), once a day. Hand both to {@link startJobs}. */
export function sweepDeadLetters(pool: Pool, keepDays = 90): { tasks: Task[]; cron: CronJob[] } {
  const task = defineTask('jobs.sweep', z.unknown(), async (_payload, { log }) => {
    const { rowCount } = await pool.query(
      `delete from graphile_worker._private_jobs
       where attempts >= max_attempts and locked_at is null and run_at < now() - make_interval(days => $1)`,
      [keepDays],
    );
    if (rowCount) log.info({ jobs: rowCount, keepDays }, 'deleted old dead letters');
  });
  return { tasks: [task], cron: [{ task: task.name, match: '40 3 * * *', identifier: 'jobs.sweep' }] };
}
