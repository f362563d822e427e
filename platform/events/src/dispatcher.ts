import type { GaugeSource } from '@connectgain/http';
import { listen } from '@connectgain/postgres';
import pg from 'pg';
import type { Logger } from 'pino';
import { type BatchOptions, dispatchBatch } from './dispatchBatch.ts';
import { createPatienceBook } from './patience.ts';
import { byName, type Subscriber } from './subscriber.ts';

export interface DispatcherOptions {
  database: { url: string };
  subscribers: readonly Subscriber[];
  log: Logger;
  /** Lanes worked on at once in this process; 2 when absent. */
  parallel?: number;
  /** Events per transaction; 200 when absent. */
  batchSize?: number;
  /** Milliseconds a subscriber has for its part of a batch before its events become jobs; 2000 when absent. */
  budgetMs?: number;
  /** Milliseconds for which a subscriber that was too slow is served by jobs; 30 000 when absent. */
  slowForMs?: number;
}

export interface Dispatcher {
  /** Finishes the batches in hand and stops. Safe to call twice. */
  stop(): Promise<void>;
  /** `events_handled{subscriber,outcome}` since the start of this process. */
  gauges: GaugeSource[];
}

const POLL_MS = 250;
const AFTER_ERROR_MS = 1000;

/**
 * Hands events to subscribers in this process until stopped, a few milliseconds after they were committed: woken by NOTIFY, and by a poll
 * four times a second for what was not announced. Any number of nodes may run it.
 */
export async function startDispatcher(o: DispatcherOptions): Promise<Dispatcher> {
  byName(o.subscribers);
  const parallel = o.parallel ?? 2;
  const patience = createPatienceBook(o.slowForMs ?? 30_000);
  const batch = batchOptions(o, patience);
  const pool = openPool(o, parallel);
  const idle = new Set<() => void>();
  let stopping = false;
  // Announced while everybody was busy, perhaps just after looking.
  let lookAgain = false;

  /** One is enough: it wakes the next when it finds work. */
  function wake(): void {
    const [first] = idle;
    if (first === undefined) lookAgain = true;
    else first();
  }

  async function loop(): Promise<void> {
    while (!stopping) {
      const found = await oneBatch().catch(async (error: unknown) => {
        o.log.error({ err: error }, 'events could not be handed out; trying again');
        if (!stopping) await new Promise((resolve) => setTimeout(resolve, AFTER_ERROR_MS));
        return true;
      });
      if (found) wake();
      else if (lookAgain) lookAgain = false;
      else if (!stopping) await pause();
    }
  }

  async function oneBatch(): Promise<boolean> {
    const client = await pool.connect();
    // Heard here as well as in the query that fails, or it would end the process.
    const ignore = () => undefined;
    client.on('error', ignore);
    let broken = true;
    try {
      const result = await dispatchBatch(client, batch);
      broken = false;
      return result !== 'idle';
    } finally {
      client.off('error', ignore);
      client.release(broken);
    }
  }

  function pause(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const awake = (): void => {
      idle.delete(awake);
      resolve();
    };
    idle.add(awake);
    return promise;
  }

  const listener = await listen(o.database.url, ['events'], wake, { log: o.log, onReconnect: wake }).catch(
    async (error: unknown) => {
      await pool.end();
      throw error;
    },
  );
  const poll = setInterval(wake, POLL_MS);
  const loops = Array.from({ length: parallel }, loop);

  async function stop(): Promise<void> {
    stopping = true;
    clearInterval(poll);
    for (const awake of idle) awake();
    await listener.close();
    await Promise.all(loops);
    await pool.end();
  }

  let stopped: Promise<void> | undefined;
  return {
    stop: () => (stopped ??= stop()),
    gauges: [
      {
        name: 'events_handled',
        help: 'Events handed to a subscriber since the start: handled, failed (a job retries) or deferred (a job hands them over)',
        labels: ['subscriber', 'outcome'],
        read: () =>
          patience
            .counts()
            .map(({ subscriber, outcome, events }) => ({ labels: { subscriber, outcome }, value: events })),
      },
    ],
  };
}

/**
 * Hands out everything that is pending now and resolves: for tests and scripts that must see the effects. What fails becomes jobs, as in the
 * dispatcher. Returns how many events there were.
 */
export async function dispatchPending(o: {
  pool: pg.Pool;
  subscribers: readonly Subscriber[];
  log: Logger;
}): Promise<number> {
  const batch = batchOptions(o, createPatienceBook(0));
  let events = 0;
  for (;;) {
    const client = await o.pool.connect();
    const result = await dispatchBatch(client, batch).finally(() => client.release());
    if (result === 'idle') return events;
    events += result.events;
  }
}

function openPool(o: DispatcherOptions, max: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: o.database.url,
    max,
    application_name: 'connectgain events',
    keepAlive: true,
  });
  pool.on('error', (error) => o.log.warn({ err: error }, 'a connection of the dispatcher broke'));
  // A lane is locked by a transaction: where the node is gone without a word, or hangs, the server must notice within a minute.
  pool.on('connect', (client) => {
    client
      .query(
        `set tcp_keepalives_idle = 20; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3;
         set idle_in_transaction_session_timeout = '60s'`,
      )
      .catch((error: unknown) => o.log.debug({ err: error }, 'a connection of the dispatcher could not be set up'));
  });
  return pool;
}

function batchOptions(
  o: Pick<DispatcherOptions, 'subscribers' | 'log' | 'batchSize' | 'budgetMs'>,
  patience: BatchOptions['patience'],
): BatchOptions {
  return {
    subscribers: o.subscribers,
    batchSize: o.batchSize ?? 200,
    budgetMs: o.budgetMs ?? 2000,
    patience,
    log: o.log,
  };
}
