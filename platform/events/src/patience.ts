export type EventOutcome = 'handled' | 'failed' | 'deferred';

/** Which subscribers are too slow to wait for at the moment, and how many events each was handed. */
export interface PatienceBook {
  isSlow(subscriber: string): boolean;
  slowDown(subscriber: string): void;
  count(subscriber: string, outcome: EventOutcome, events: number): void;
  counts(): { subscriber: string; outcome: EventOutcome; events: number }[];
}

/** @param slowForMs how long a subscriber that used up its time is served by jobs */
export function createPatienceBook(slowForMs: number): PatienceBook {
  const slowUntil = new Map<string, number>();
  const totals = new Map<string, Record<EventOutcome, number>>();
  return {
    isSlow: (subscriber) => (slowUntil.get(subscriber) ?? 0) > performance.now(),
    slowDown(subscriber) {
      slowUntil.set(subscriber, performance.now() + slowForMs);
    },
    count(subscriber, outcome, events) {
      const total = totals.get(subscriber) ?? { handled: 0, failed: 0, deferred: 0 };
      total[outcome] += events;
      totals.set(subscriber, total);
    },
    counts: () =>
      [...totals].flatMap(([subscriber, { handled, failed, deferred }]) => [
        { subscriber, outcome: 'handled' as const, events: handled },
        { subscriber, outcome: 'failed' as const, events: failed },
        { subscriber, outcome: 'deferred' as const, events: deferred },
      ]),
  };
}
