import type { Pool } from 'pg';

/** A job that used up its attempts, or gave up, and waits for a person. */
export interface DeadLetter {
  id: string;
  task: string;
  queue: string | null;
  payload: unknown;
  /** The last failure in words. */
  error: string;
  attempts: number;
  createdAt: Date;
  failedAt: Date;
}

export interface DeadLetterFilter {
  task?: string;
  /** At most this many; 100 when absent. */
  limit?: number;
  /** Continue after this id: the smallest of the previous page. */
  before?: string;
}

/** Dead letters, newest first. */
export async function deadLetters(pool: Pool, filter: DeadLetterFilter = {}): Promise<DeadLetter[]> {
  const { rows } = await pool.query<DeadLetter>(
    `select job.id::text, task.identifier as task, queue.queue_name as queue, job.payload,
       coalesce(job.last_error, 'No reason was kept.') as error, job.attempts, job.created_at as "createdAt",
       -- A failure moves run_at this far ahead of the moment it happened, and no other column keeps that moment.
       job.run_at - exp(least(job.attempts, 10)) * interval '1 second' as "failedAt"
     from graphile_worker._private_jobs job
     join graphile_worker._private_tasks task on task.id = job.task_id
     left join graphile_worker._private_job_queues queue on queue.id = job.job_queue_id
     where job.attempts >= job.max_attempts and job.locked_at is null
       and ($1::text is null or task.identifier = $1)
       and ($2::bigint is null or job.id < $2)
     order by job.id desc
     limit $3`,
    [filter.task ?? null, filter.before ?? null, filter.limit ?? 100],
  );
  return rows;
}

/** Gives dead letters all their attempts again, due now. Ids that are no dead letters are left alone; returns those that were. */
export async function retryDeadLetters(pool: Pool, ids: readonly string[]): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `with revived as (
       update graphile_worker._private_jobs set attempts = 0, max_attempts = greatest(max_attempts, 5), run_at = now(), updated_at = now()
       where id = any ($1::bigint[]) and attempts >= max_attempts and locked_at is null
       returning id
     ), announced as (
       select pg_notify('jobs:insert', json_build_object('r', random(), 'count', count(*))::text) from revived having count(*) > 0
     )
     select id::text from revived left join announced on true`,
    [ids],
  );
  return rows.map(({ id }) => id);
}

/** Deletes dead letters for good; returns the ids that were deleted. */
export async function discardDeadLetters(pool: Pool, ids: readonly string[]): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `delete from graphile_worker._private_jobs
     where id = any ($1::bigint[]) and attempts >= max_attempts and locked_at is null
     returning id::text`,
    [ids],
  );
  return rows.map(({ id }) => id);
}
