import type { Logger } from 'pino';
import type { DomainEvent } from './event.ts';
import { claimOnce, type EventContext, type Subscriber } from './subscriber.ts';

/** An event that a subscriber did not take; `error` undefined when it was not its turn before the time was up. */
export interface NotTaken {
  event: DomainEvent;
  error?: unknown;
}

export interface HandOver {
  notTaken: NotTaken[];
  /** True when the subscriber used up its time. */
  tooSlow: boolean;
}

/**
 * Hands events to one subscriber, one after another, within `budgetMs` in all. Never rejects. A call that is still running when the time is up is
 * abandoned: its signal aborts and the event counts as not taken, so it may happen that it is handled twice.
 */
export async function handOver(
  subscriber: Subscriber,
  events: readonly DomainEvent[],
  o: { budgetMs: number; log: Logger; attempt: number; signal?: AbortSignal },
): Promise<HandOver> {
  if (events.length === 0) return { notTaken: [], tooSlow: false };
  const timeUp = new AbortController();
  const { promise: late, resolve } = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => {
    timeUp.abort(new Error(`${subscriber.name} took longer than ${o.budgetMs} ms.`));
    resolve('late');
  }, o.budgetMs);
  const context: EventContext = {
    attempt: o.attempt,
    log: o.log,
    signal: o.signal === undefined ? timeUp.signal : AbortSignal.any([o.signal, timeUp.signal]),
    once: (client, event) => claimOnce(client, subscriber.name, event),
  };
  try {
    return subscriber.handleBatch === undefined
      ? await oneByOne(subscriber.handle, events, context, late)
      : await together(subscriber.handleBatch, events, context, late);
  } finally {
    clearTimeout(timer);
  }
}

type Outcome = { error?: unknown } | 'late';

/** What became of a call, without the stack frames and rejections of a handler that nobody waits for any more. */
function outcomeOf(call: () => Promise<unknown>, late: Promise<'late'>): Promise<Outcome> {
  // `new Promise` also catches what a handler throws before its first await.
  const done = new Promise<unknown>((resolve) => resolve(call())).then(
    (): Outcome => ({}),
    (error: unknown): Outcome => ({ error: error ?? new Error('The subscriber failed without saying why.') }),
  );
  return Promise.race([done, late]);
}

async function oneByOne(
  handle: (event: DomainEvent, context: EventContext) => Promise<unknown>,
  events: readonly DomainEvent[],
  context: EventContext,
  late: Promise<'late'>,
): Promise<HandOver> {
  const notTaken: NotTaken[] = [];
  for (const [index, event] of events.entries()) {
    const outcome = await outcomeOf(() => handle(event, context), late);
    if (outcome === 'late') {
      return { notTaken: [...notTaken, ...events.slice(index).map((rest) => ({ event: rest }))], tooSlow: true };
    }
    if (outcome.error !== undefined) notTaken.push({ event, error: outcome.error });
  }
  return { notTaken, tooSlow: false };
}

async function together(
  handleBatch: (events: readonly DomainEvent[], context: EventContext) => Promise<unknown>,
  events: readonly DomainEvent[],
  context: EventContext,
  late: Promise<'late'>,
): Promise<HandOver> {
  const outcome = await outcomeOf(() => handleBatch(events, context), late);
  if (outcome === 'late') return { notTaken: events.map((event) => ({ event })), tooSlow: true };
  if (outcome.error === undefined) return { notTaken: [], tooSlow: false };
  return { notTaken: events.map((event) => ({ event, error: outcome.error })), tooSlow: false };
}
