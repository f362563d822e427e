import { transaction } from '@connectgain/postgres';
import { isRunning, type ProcessIdentity } from '@connectgain/postgres/embedded/processes.ts';
import type { Pool, PoolClient } from 'pg';
import type { Logger } from 'pino';

/** Frees the jobs of workers whose heartbeat stopped. Each silent worker is dealt with by exactly one of the living. */
export async function recoverJobs(
  pool: Pool,
  o: { own: readonly string[]; deadAfterMs: number },
  log: Logger,
): Promise<number> {
  return await transaction(pool, async (client) => {
    const { rows } = await client.query<{ pool_id: string }>(
      `delete from jobs.workers
       where heartbeat_at < clock_timestamp() - make_interval(secs => $1::float8 / 1000) and pool_id <> all ($2::text[])
       returning pool_id`,
      [o.deadAfterMs, o.own],
    );
    return rows.length === 0
      ? 0
      : await freeJobs(
          client,
          rows.map((row) => row.pool_id),
          log,
        );
  });
}

/** Frees the jobs of workers whose process ended on this machine, however long ago they last beat. */
export async function recoverGone(
  pool: Pool,
  o: { own: readonly string[]; identity: ProcessIdentity },
  log: Logger,
): Promise<number> {
  const { rows } = await pool.query<{ pool_id: string; pid: number; started: string }>(
    `select pool_id, pid, process_started as started from jobs.workers where machine = $1 and pool_id <> all ($2::text[])`,
    [o.identity.machine, o.own],
  );
  const alive = await Promise.all(rows.map((row) => isRunning({ ...row, machine: o.identity.machine })));
  const gone = rows.filter((_, index) => !alive[index]).map((row) => row.pool_id);
  return gone.length === 0 ? 0 : await recoverEnded(pool, gone, log);
}

/** Frees the jobs of pools that are known to have ended. */
export async function recoverEnded(pool: Pool, gone: readonly string[], log: Logger): Promise<number> {
  return await transaction(pool, async (client) => {
    // Two that see it at once: the second waits here and then finds nothing locked.
    await client.query('delete from jobs.workers where pool_id = any ($1::text[])', [gone]);
    return await freeJobs(client, [...gone], log);
  });
}

/** Frees jobs held by a pool that has no row at all: one that was killed before its first beat, or was declared gone and came back. */
export async function recoverOrphans(pool: Pool, o: { deadAfterMs: number }, log: Logger): Promise<number> {
  return await transaction(pool, async (client) => {
    const { rows } = await client.query<{ pool_id: string }>(
      `select distinct locked_by as pool_id from graphile_worker._private_jobs job
       where locked_at < clock_timestamp() - make_interval(secs => $1::float8 / 1000)
         and not exists (select from jobs.workers where pool_id = job.locked_by)`,
      [o.deadAfterMs],
    );
    return rows.length === 0
      ? 0
      : await freeJobs(
          client,
          rows.map((row) => row.pool_id),
          log,
        );
  });
}

/**
 * The first crash costs no time: the job is due again at once. From the second on it waits as after a failure, so that a job which brings its
 * worker down does not do so in a circle; its attempts run out like those of any other.
 */
async function freeJobs(client: PoolClient, poolIds: string[], log: Logger): Promise<number> {
  const jobs = await client.query(
    `update graphile_worker._private_jobs set
       locked_at = null,
       locked_by = null,
       last_error = format('The worker stopped while it ran this job (attempt %s).', attempts),
       run_at = case when attempts > 1 then greatest(run_at, now() + exp(least(attempts, 10)) * interval '1 second') else run_at end
     where locked_by = any ($1::text[])`,
    [poolIds],
  );
  await client.query(
    'update graphile_worker._private_job_queues set locked_at = null, locked_by = null where locked_by = any ($1::text[])',
    [poolIds],
  );
  log.warn({ pools: poolIds, jobs: jobs.rowCount }, 'took over the jobs of workers that are gone');
  return jobs.rowCount ?? 0;
}

/** Gives back what a worker of this process still holds, as if it had never begun: the attempt is not counted. */
export async function handBack(pool: Pool, poolIds: readonly string[]): Promise<number> {
  return await transaction(pool, async (client) => {
    const jobs = await client.query(
      `update graphile_worker._private_jobs set locked_at = null, locked_by = null, attempts = greatest(0, attempts - 1)
       where locked_by = any ($1::text[])`,
      [poolIds],
    );
    await client.query(
      'update graphile_worker._private_job_queues set locked_at = null, locked_by = null where locked_by = any ($1::text[])',
      [poolIds],
    );
    return jobs.rowCount ?? 0;
  });
}
