import { addJobs, defineTask, GiveUp, type JobSpec, RetryLater, type Task } from '@connectgain/jobs';
import type { Pool } from 'pg';
import { z } from 'zod';
import { type DomainEvent, EVENT_COLUMNS } from './event.ts';
import { handOver } from './handOver.ts';
import { byName, type Subscriber } from './subscriber.ts';

export const DELIVER = 'events.deliver';
const DEFAULT_ATTEMPTS = 12;
/** A retry has time: it holds up nobody. */
const BUDGET_MS = 60_000;

const payloadSchema = z.object({ subscriber: z.string(), event_ids: z.array(z.string()).min(1) });

/** A job that hands some events to one subscriber, in order. */
export function deliverJob(subscriber: Subscriber, events: readonly DomainEvent[]): JobSpec {
  const ids = events.map(({ id }) => id);
  return {
    task: DELIVER,
    payload: { subscriber: subscriber.name, event_ids: ids },
    maxAttempts: subscriber.maxAttempts ?? DEFAULT_ATTEMPTS,
    // Repeating a batch after a crash must not add a second retry, nor start the first one's count anew.
    jobKey: `event:${subscriber.name}:${ids[0]}:${ids.length}`,
    jobKeyMode: 'unsafe_dedupe',
  };
}

/**
 * The jobs for what was not taken: one per event that failed, so that each has its own retries, and one for all that only had no time.
 */
export function deliverJobs(
  subscriber: Subscriber,
  notTaken: readonly { event: DomainEvent; error?: unknown }[],
): JobSpec[] {
  const failed = notTaken
    .filter(({ error }) => error !== undefined)
    .map(({ event }) => deliverJob(subscriber, [event]));
  const waiting = notTaken.filter(({ error }) => error === undefined).map(({ event }) => event);
  return waiting.length === 0 ? failed : [...failed, deliverJob(subscriber, waiting)];
}

/** The task behind {@link deliverJob}. Runs among the slow ones. */
export function deliverTask(pool: Pool, subscribers: readonly Subscriber[]): Task {
  const known = byName(subscribers);
  return defineTask(
    DELIVER,
    payloadSchema,
    async ({ subscriber: name, event_ids: ids }, { attempt, signal, log }) => {
      const subscriber = known.get(name);
      if (subscriber === undefined) throw new GiveUp(`There is no subscriber called "${name}" any more.`);
      const events = await readEvents(pool, ids);
      // A failure of this job's predecessor was attempt 1.
      const done = await handOver(subscriber, events, { budgetMs: BUDGET_MS, log, attempt: attempt + 1, signal });
      if (done.notTaken.length === 0) return;
      const [first] = done.notTaken;
      if (ids.length > 1 && done.notTaken.length < ids.length) {
        // Progress: what is left goes on by itself, and this job has not failed.
        await addJobs(pool, deliverJobs(subscriber, done.notTaken));
        return;
      }
      if (ids.length > 1 && first?.error !== undefined) {
        // All of them failed, together perhaps because of one.
        await addJobs(
          pool,
          done.notTaken.map(({ event }) => deliverJob(subscriber, [event])),
        );
        return;
      }
      throw first?.error ?? new RetryLater(`${name} took longer than ${BUDGET_MS / 1000} s.`, 60);
    },
    { pool: 'slow' },
  );
}

/** In the order given; events that the retention sweep deleted meanwhile are left out. */
async function readEvents(pool: Pool, ids: readonly string[]): Promise<DomainEvent[]> {
  const { rows } = await pool.query<DomainEvent>(
    `select ${EVENT_COLUMNS}
     from unnest($1::uuid[]) with ordinality as wanted (id, place)
     join public.events event on event.id = wanted.id
     order by wanted.place`,
    [ids],
  );
  return rows;
}
