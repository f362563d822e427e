import { addJobs } from '@connectgain/jobs';
import type { PoolClient } from 'pg';
import type { Logger } from 'pino';
import { deliverJobs } from './deliverJob.ts';
import { type DomainEvent, EVENT_COLUMNS } from './event.ts';
import { handOver } from './handOver.ts';
import type { PatienceBook } from './patience.ts';
import { type Subscriber, wants } from './subscriber.ts';

export interface BatchOptions {
  subscribers: readonly Subscriber[];
  batchSize: number;
  /** Milliseconds a subscriber has for its part of a batch. */
  budgetMs: number;
  patience: PatienceBook;
  log: Logger;
}

/** `idle`: nothing to hand out, or every lane with something is taken by another dispatcher. */
export type BatchResult = 'idle' | { events: number };

/**
 * Takes the oldest events of one free lane and hands them to every subscriber, in one transaction that holds the lane's lock: a crash at any
 * point rolls the deletion back, and the next dispatcher finds the events where they were.
 *
 * The lane is locked by a statement of its own. The one after it has a younger snapshot and so sees what the lane's previous
 * holder deleted; in one statement, that holder's events would be seen again.
 */
export async function dispatchBatch(client: PoolClient, o: BatchOptions): Promise<BatchResult> {
  // Simple protocol: two statements, one round trip, nothing to interpolate.
  const opened: unknown = await client.query(`begin;
    select lane from events.lanes
    where exists (select from events.pending where pending.lane = lanes.lane)
    order by random() limit 1
    for update skip locked`);
  const lane = laneOf(opened);
  if (lane === undefined) {
    await client.query('rollback');
    return 'idle';
  }
  try {
    const events = await takeEvents(client, lane, o.batchSize);
    const jobs = await Promise.all(o.subscribers.map((subscriber) => handToSubscriber(subscriber, events, o)));
    await addJobs(client, jobs.flat());
    await client.query('commit');
    return { events: events.length };
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

function laneOf(results: unknown): number | undefined {
  const last: unknown = Array.isArray(results) ? results.at(-1) : undefined;
  if (typeof last !== 'object' || last === null || !('rows' in last) || !Array.isArray(last.rows)) return undefined;
  const row: unknown = last.rows[0];
  return typeof row === 'object' && row !== null && 'lane' in row ? Number(row.lane) : undefined;
}

async function takeEvents(client: PoolClient, lane: number, limit: number): Promise<DomainEvent[]> {
  const { rows } = await client.query<DomainEvent>({
    name: 'events_take',
    text: `with taken as (
        delete from events.pending
        using (select lane, seq from events.pending where lane = $1 order by seq limit $2) oldest
        where pending.lane = oldest.lane and pending.seq = oldest.seq
        returning pending.seq, pending.event_id
      )
      select ${EVENT_COLUMNS} from taken join public.events event on event.id = taken.event_id order by taken.seq`,
    values: [lane, limit],
  });
  return rows;
}

/** Jobs for what this subscriber did not take. */
async function handToSubscriber(subscriber: Subscriber, events: readonly DomainEvent[], o: BatchOptions) {
  const wanted = events.filter(wants(subscriber));
  if (wanted.length === 0) return [];
  if (o.patience.isSlow(subscriber.name)) {
    o.patience.count(subscriber.name, 'deferred', wanted.length);
    return deliverJobs(
      subscriber,
      wanted.map((event) => ({ event })),
    );
  }
  const log = o.log.child({ subscriber: subscriber.name });
  const { notTaken, tooSlow } = await handOver(subscriber, wanted, { budgetMs: o.budgetMs, log, attempt: 1 });
  const failed = notTaken.filter(({ error }) => error !== undefined);
  for (const { event, error } of failed.slice(0, 3)) {
    log.warn(
      { err: error, event_id: event.id, type: event.type },
      'a subscriber failed; the event will be handed to it again',
    );
  }
  if (tooSlow) {
    o.patience.slowDown(subscriber.name);
    log.warn(
      { events: notTaken.length, budgetMs: o.budgetMs },
      'a subscriber took too long and is served by jobs for a while',
    );
  }
  o.patience.count(subscriber.name, 'handled', wanted.length - notTaken.length);
  o.patience.count(subscriber.name, 'failed', failed.length);
  o.patience.count(subscriber.name, 'deferred', notTaken.length - failed.length);
  return deliverJobs(subscriber, notTaken);
}
