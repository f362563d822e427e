import type { ClientBase } from 'pg';
import type { Logger } from 'pino';
import type { DomainEvent } from './event.ts';

export interface EventContext {
  /** 1 when the event comes straight from the outbox; from 2 on it comes from a job and may have been handed over before. */
  attempt: number;
  /** Carries the subscriber's name. */
  log: Logger;
  /** Aborts when the time is up or the worker stops; what is not done by then is handed over again. */
  signal: AbortSignal;
  /**
   * True the first time this subscriber claims this event, in the transaction of `client`: do the effect there when it is true, and it happens
   * exactly once.
   */
  once(client: Pick<ClientBase, 'query'>, event: DomainEvent): Promise<boolean>;
}

interface SubscriberCommon {
  /** Stays the same for good: retries are addressed to it. */
  name: string;
  /** Types it wants: names, `message.*` for a family, or `'*'` for all. */
  types: readonly string[] | '*';
  /** Tries per event before it is a dead letter of task `events.deliver`; 12 (most of a day) when absent. */
  maxAttempts?: number;
}

/**
 * Wants to know of events. It gets each at least once, those of one organization in the order in which they were emitted as long as nothing fails, and
 * must be safe to repeat by event id.
 *
 * It should be quick, a few milliseconds: what takes longer (calling somebody's server, AI, media) belongs in a job that it adds. One that uses
 * up its time is served by jobs for a while, so that the others do not wait for it.
 */
export type Subscriber = SubscriberCommon &
  (
    | { handle(event: DomainEvent, context: EventContext): Promise<unknown>; handleBatch?: undefined }
    /** Many events of one or more organizations at a time, in order: for one statement instead of a hundred. All or nothing. */
    | { handleBatch(events: readonly DomainEvent[], context: EventContext): Promise<unknown>; handle?: undefined }
  );

/** Checks a subscriber's name and types when it is declared rather than when the first event comes. */
export function subscribe(subscriber: Subscriber): Subscriber {
  if (!/^[a-z][a-z0-9_.-]{0,62}$/.test(subscriber.name)) {
    throw new Error(`"${subscriber.name}" is not a subscriber's name: use small letters, digits and ".", "_", "-".`);
  }
  if (subscriber.types !== '*') {
    for (const type of subscriber.types) {
      if (!/^[a-z0-9_.]+(\.\*)?$/.test(type))
        throw new Error(`"${type}" of ${subscriber.name} is not an event type or family.`);
    }
  }
  return subscriber;
}

/** A function that tells which events a subscriber wants. */
export function wants(subscriber: Subscriber): (event: DomainEvent) => boolean {
  const { types } = subscriber;
  if (types === '*') return () => true;
  const exact = new Set(types.filter((type) => !type.endsWith('.*')));
  const families = types.filter((type) => type.endsWith('.*')).map((type) => type.slice(0, -1));
  return ({ type }) => exact.has(type) || families.some((family) => type.startsWith(family));
}

/** Subscribers by name; two of one name are refused, since retries could not tell them apart. */
export function byName(subscribers: readonly Subscriber[]): Map<string, Subscriber> {
  const map = new Map<string, Subscriber>();
  for (const subscriber of subscribers) {
    if (map.has(subscriber.name)) throw new Error(`There are two subscribers called "${subscriber.name}".`);
    map.set(subscriber.name, subscriber);
  }
  return map;
}

/** Claims (event, subscriber) in the caller's transaction; false when it was claimed before. */
export async function claimOnce(
  client: Pick<ClientBase, 'query'>,
  subscriber: string,
  event: DomainEvent,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'events_once',
    text: 'insert into events.handled (event_id, subscriber) values ($1, $2) on conflict do nothing',
    values: [event.id, subscriber],
  });
  return rowCount === 1;
}
