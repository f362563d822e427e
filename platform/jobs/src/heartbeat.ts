import { hostname } from 'node:os';
import { ownIdentity } from '@connectgain/postgres/embedded/processes.ts';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { recoverGone, recoverJobs, recoverOrphans } from './recover.ts';

export interface HeartbeatOptions {
  pool: Pool;
  log: Logger;
  /** Ids of this process's worker pools, asked at every beat: a pool that was replaced has another. */
  poolIds(): string[];
  /** Milliseconds between beats; 5000 when absent. */
  beatMs?: number;
  /** Milliseconds of silence after which a worker counts as gone; 30 000 when absent. */
  deadAfterMs?: number;
}

export interface Heartbeat {
  /** Ends the beats and forgets this process's pools. */
  stop(): Promise<void>;
}

const ORPHAN_SWEEP_EVERY_BEATS = 12;

/**
 * Tells the other workers that this one lives, and gives the jobs of those that went silent to whoever is free. Clocks are the database's. The
 * first beat happens before this resolves, and takes over at once what a long dead predecessor left, or one whose process ended on this
 * machine: after a crash the same program is back within seconds and should not wait for itself.
 *
 * After an outage of the database everybody looks silent to whoever comes back first, so a worker judges others only when its own
 * previous beat was in time.
 */
export async function startHeartbeat(o: HeartbeatOptions): Promise<Heartbeat> {
  const beatMs = o.beatMs ?? 5000;
  const deadAfterMs = o.deadAfterMs ?? 30_000;
  let beats = 0;
  let lastBeatAt = performance.now();
  let running: Promise<void> = Promise.resolve();
  const identity = await ownIdentity();

  async function beat(): Promise<void> {
    const own = o.poolIds();
    await o.pool.query(
      `insert into jobs.workers (pool_id, host, machine, pid, process_started) select unnest($1::text[]), $2, $3, $4, $5
       on conflict (pool_id) do update set heartbeat_at = clock_timestamp()`,
      [own, hostname(), identity.machine, identity.pid, identity.started],
    );
    await recoverGone(o.pool, { own, identity }, o.log);
    const inTime = performance.now() - lastBeatAt < 2 * beatMs + 1000;
    lastBeatAt = performance.now();
    if (!inTime) return;
    await recoverJobs(o.pool, { own, deadAfterMs }, o.log);
    if (beats % ORPHAN_SWEEP_EVERY_BEATS === 0) await recoverOrphans(o.pool, { deadAfterMs }, o.log);
    beats += 1;
  }

  await beat();
  const timer = setInterval(() => {
    running = running
      .then(beat)
      .catch((error: unknown) => o.log.warn({ err: error }, 'the worker could not write its heartbeat'));
  }, beatMs);
  return {
    async stop() {
      clearInterval(timer);
      await running;
      await o.pool.query('delete from jobs.workers where pool_id = any($1)', [o.poolIds()]);
    },
  };
}
