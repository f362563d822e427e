import { type CronJob, defineTask, type Task } from '@connectgain/jobs';
import type { Pool } from 'pg';
import { z } from 'zod';
import { deliverTask } from './deliverJob.ts';
import type { Subscriber } from './subscriber.ts';

export interface EventTasksOptions {
  database: { owner: Pool };
  subscribers: readonly Subscriber[];
  /** Days an event is kept; 90 when absent. */
  keepDays?: number;
}

const SWEEP_BATCH = 5000;

/** The jobs that events need: retries of single subscribers, and the retention sweep every hour. Hand both to `startJobs`. */
export function eventTasks(o: EventTasksOptions): { tasks: Task[]; cron: CronJob[] } {
  const keepDays = o.keepDays ?? 90;
  const sweep = defineTask('events.sweep', z.unknown(), async (_payload, { log, signal }) => {
    const deleted = await sweepEvents(o.database.owner, keepDays, signal);
    if (deleted > 0) log.info({ events: deleted, keepDays }, 'deleted old events');
  });
  return {
    tasks: [deliverTask(o.database.owner, o.subscribers), sweep],
    cron: [{ task: sweep.name, match: '17 * * * *', identifier: 'events.sweep' }],
  };
}

/**
 * Deletes events older than `keepDays` that every subscriber has, in batches that hold no lock for long. The ids begin with their time, so the
 * primary key finds the oldest. Returns how many.
 */
export async function sweepEvents(pool: Pool, keepDays: number, signal?: AbortSignal): Promise<number> {
  let total = 0;
  for (;;) {
    signal?.throwIfAborted();
    const { rowCount } = await pool.query(
      `delete from public.events where id in (
         select id from public.events event
         where id < (lpad(to_hex((extract(epoch from now() - make_interval(days => $1)) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
           and not exists (select from events.pending where pending.event_id = event.id)
         order by id
         limit $2
       )`,
      [keepDays, SWEEP_BATCH],
    );
    total += rowCount ?? 0;
    if ((rowCount ?? 0) < SWEEP_BATCH) break;
  }
  await pool.query('delete from events.handled where handled_at < now() - make_interval(days => $1)', [keepDays]);
  return total;
}
