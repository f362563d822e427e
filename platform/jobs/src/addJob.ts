import type { ClientBase, Pool } from 'pg';

export interface AddJobOptions {
  /**
   * Jobs of one queue run one after another in the order of their `runAt`. `family:key`; keys share 256 lanes per family. A job that fails lets the
   * next one pass while it waits for its retry.
   */
  queue?: string;
  /** Not before this moment. */
  runAt?: Date;
  /** Tries before it is a dead letter; 25 when absent. */
  maxAttempts?: number;
  /** At most one waiting job has this key: adding again replaces it. */
  jobKey?: string;
  /** `preserve_run_at` keeps the first moment (debounce), `unsafe_dedupe` keeps the first job whole, also while it runs. */
  jobKeyMode?: 'replace' | 'preserve_run_at' | 'unsafe_dedupe';
  /** Smaller runs first; 0 when absent. */
  priority?: number;
}

export interface JobSpec extends AddJobOptions {
  task: string;
  payload: unknown;
}

type Queryable = Pick<Pool | ClientBase, 'query'>;

/**
 * Adds a job; with a client inside a transaction, the job exists when that commits. Returns its id.
 * The same as `select jobs.add(...)` in SQL.
 */
export async function addJob(
  db: Queryable,
  task: string,
  payload: unknown,
  options: AddJobOptions = {},
): Promise<string> {
  const [id] = await addJobs(db, [{ ...options, task, payload }]);
  if (id === undefined) throw new Error('The database did not say which job it added.');
  return id;
}

/** Adds many jobs in one statement; ids in the order given. */
export async function addJobs(db: Queryable, jobs: readonly JobSpec[]): Promise<string[]> {
  if (jobs.length === 0) return [];
  const rows = jobs.map((job) => ({
    task: job.task,
    payload: job.payload ?? {},
    queue: job.queue ?? null,
    run_at: job.runAt?.toISOString() ?? null,
    max_attempts: job.maxAttempts ?? null,
    job_key: job.jobKey ?? null,
    priority: job.priority ?? null,
    job_key_mode: job.jobKeyMode ?? 'replace',
  }));
  const { rows: added } = await db.query<{ id: string }>({
    name: 'jobs_add_many',
    text: `select jobs.add(task, payload, queue, run_at, max_attempts, job_key, priority, job_key_mode)::text as id
      from rows from (
        jsonb_to_recordset($1::jsonb) as (task text, payload jsonb, queue text, run_at timestamptz, max_attempts int, job_key text,
          priority int, job_key_mode text)
      ) with ordinality
      order by ordinality`,
    values: [JSON.stringify(rows)],
  });
  return added.map(({ id }) => id);
}
