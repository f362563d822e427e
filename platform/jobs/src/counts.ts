import type { GaugeSource } from '@connectgain/http';
import type { Pool } from 'pg';

/** How many jobs of a task are in which state. */
export interface JobCounts {
  task: string;
  /** Due and waiting for a free worker. */
  queued: number;
  /** Due later, not tried yet. */
  scheduled: number;
  /** Failed before, due later. */
  retrying: number;
  running: number;
  /** Dead letters. */
  failed: number;
  /** Seconds since the longest waiting queued job was due; 0 without one. */
  oldestWaitingSeconds: number;
}

export async function jobCounts(pool: Pool): Promise<JobCounts[]> {
  const { rows } = await pool.query<JobCounts>(
    `select task.identifier as task,
       (count(*) filter (where is_available and run_at <= now()))::int as queued,
       (count(*) filter (where is_available and run_at > now() and attempts = 0))::int as scheduled,
       (count(*) filter (where is_available and run_at > now() and attempts > 0))::int as retrying,
       (count(*) filter (where locked_at is not null))::int as running,
       (count(*) filter (where attempts >= max_attempts and locked_at is null))::int as failed,
       coalesce(extract(epoch from now() - min(run_at) filter (where is_available and run_at <= now())), 0)::float8
         as "oldestWaitingSeconds"
     from graphile_worker._private_jobs job
     join graphile_worker._private_tasks task on task.id = job.task_id
     group by task.identifier
     order by task.identifier`,
  );
  return rows;
}

/** The same for `/metrics`: `jobs{task,state}` and `jobs_oldest_waiting_seconds{task}`. */
export function jobGauges(pool: Pool): GaugeSource[] {
  // Both are read within one scrape; the table is counted once.
  let reading: { at: number; counts: Promise<JobCounts[]> } | undefined;
  const counts = (): Promise<JobCounts[]> => {
    if (reading === undefined || performance.now() - reading.at > 500)
      reading = { at: performance.now(), counts: jobCounts(pool) };
    return reading.counts;
  };
  const states = ['queued', 'scheduled', 'retrying', 'running', 'failed'] as const;
  return [
    {
      name: 'jobs',
      help: 'Jobs by task and state; failed ones are dead letters',
      labels: ['task', 'state'],
      read: async () =>
        (await counts()).flatMap((task) =>
          states.map((state) => ({ labels: { task: task.task, state }, value: task[state] })),
        ),
    },
    {
      name: 'jobs_oldest_waiting_seconds',
      help: 'How long the longest waiting due job has waited',
      labels: ['task'],
      read: async () =>
        (await counts()).map((task) => ({ labels: { task: task.task }, value: task.oldestWaitingSeconds })),
    },
  ];
}
