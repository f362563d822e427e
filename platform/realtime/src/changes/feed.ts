import type { Logger } from '@connectgain/http';
import pg from 'pg';
import type { NodeRegistry } from '../cluster/nodeRegistry.ts';
import type { ChangeRow } from './changeRow.ts';
import { type Poll, type PollFrom, poll } from './pollQuery.ts';
import { createSignal } from './signal.ts';

export interface FeedOptions {
  url: string;
  registry: NodeRegistry;
  log: Logger;
  recordBytes: number;
  /** Delivers a batch. A rejection means that nothing of it was delivered: the batch is offered again. */
  onBatch(rows: readonly ChangeRow[]): Promise<void>;
  /** Changes may have been missed: the database crashed, or was away for longer than changes are kept. */
  onGap(): void;
  timing?: Partial<FeedTiming>;
}

/** Milliseconds. */
export interface FeedTiming {
  /** Between two polls while there is something to read. */
  poll: number;
  /** Without a change for so long the node falls asleep. */
  linger: number;
  /** Polls of a sleeping node: for a notification that never came. */
  fallback: number;
  /** Away for longer than this and changes may have been swept. */
  keep: number;
}

export interface Feed {
  /** Somebody is interested from now on. Resolves when no change that commits afterwards can be missed. */
  engage(): Promise<void>;
  /** Nobody is interested any more: writers stop recording for this node. */
  disengage(): void;
  /** A writer rang. */
  ring(): void;
  /** Milliseconds since the database last answered; 0 while not engaged. */
  silentFor(): number;
  close(): Promise<void>;
}

/** What has been read: everything visible in `seen`, and of the page being read everything up to its last id. */
interface Position extends PollFrom {
  epoch: string;
  /** performance.now() of the last answer. */
  at: number;
}

interface Session {
  epoch: string;
  /** xmax of a snapshot taken right after this node had registered. */
  registeredBefore: bigint;
}

const retryMs = 250;
const settleMs = 5_000;
const mostFailures = 20;

/**
 * Follows realtime.changes (the order and its proof are told in migrations/0001_change_feed.sql).
 *
 * Awake, it polls every few milliseconds and writers only write. After a quiet while it sets `asleep` and writers notify. A writer that
 * looked at the flag before it was set has a transaction id by then (it has changed a row), so its id is below the xmax of any snapshot
 * taken after the flag was committed. Drowsy, the node keeps polling until every transaction below that xmax is over; then it sleeps.
 */
export function createFeed(o: FeedOptions): Feed {
  const timing: FeedTiming = { poll: 15, linger: 1_000, fallback: 1_000, keep: 90_000, ...o.timing };
  const pool = new pg.Pool({
    connectionString: o.url,
    max: 1,
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
    application_name: 'connectgain realtime',
  });
  pool.on('error', (error) => o.log.warn({ err: error }, 'realtime feed connection lost'));

  const signal = createSignal();
  let engaged = false;
  let closed = false;
  let covered = Promise.withResolvers<void>();
  let position: Position | undefined;
  let failures = 0;
  let lastAnswerAt = 0;

  const running = run();

  async function run(): Promise<void> {
    let interrupted = false;
    while (!closed) {
      if (!engaged) {
        await signal.wait(undefined);
        continue;
      }
      try {
        const session = await open();
        if (interrupted) o.log.info('realtime feed goes on');
        interrupted = false;
        await read(session);
      } catch (error) {
        if (closed) return;
        if (!interrupted) o.log.warn({ err: error }, 'realtime feed interrupted, trying again');
        interrupted = true;
        await signal.wait(retryMs);
      }
    }
  }

  /** Registers this node and finds where to go on: where the last session ended, or now. */
  async function open(): Promise<Session> {
    await o.registry.set({ reads: true, asleep: false });
    const epoch = await currentEpoch(pool);
    const now = await currentSnapshot(pool);
    lastAnswerAt = performance.now();
    if (position && (position.epoch !== epoch || performance.now() - position.at > timing.keep)) {
      position = undefined;
      o.onGap();
    }
    position ??= { seen: now.text, page: undefined, epoch, at: performance.now() };
    return { epoch, registeredBefore: now.xmax };
  }

  /** Reads until nobody is interested or the tables were emptied; throws when the database does not answer. */
  async function read({ epoch, registeredBefore }: Session): Promise<void> {
    let mode: 'awake' | 'drowsy' | 'asleep' = 'awake';
    let quietSince = performance.now();
    let settleAt: bigint | undefined;
    const settleDeadline = performance.now() + settleMs;
    while (engaged && !closed) {
      const page = await readPage(epoch);
      if (!page) return;
      const now = performance.now();
      // Transactions that began before this node registered have recorded nothing for it; wait for them, but not for ever.
      if (page.xmin >= registeredBefore || now > settleDeadline) covered.resolve();
      if (page.rows.length > 0) {
        quietSince = now;
        if (mode !== 'awake') await o.registry.set({ reads: true, asleep: false });
        mode = 'awake';
      } else if (mode === 'awake' && now - quietSince > timing.linger) {
        await o.registry.set({ reads: true, asleep: true });
        mode = 'drowsy';
        settleAt = undefined;
      } else if (mode === 'drowsy') {
        settleAt ??= page.xmax;
        if (page.xmin >= settleAt) mode = 'asleep';
      }
      if (!page.more) await signal.wait(mode === 'asleep' ? timing.fallback : timing.poll);
    }
  }

  /** One page, delivered; the position moves only after that. Undefined when the tables were emptied or nobody is interested. */
  async function readPage(epoch: string): Promise<Poll | undefined> {
    const at = position;
    if (!at) return undefined;
    const page = await poll(pool, at, o.recordBytes);
    lastAnswerAt = performance.now();
    if (page.epoch !== epoch) return undefined;
    if (page.rows.length > 0) await deliver(page.rows);
    const upTo = at.page?.upTo ?? page.snapshot;
    const lastRow = page.rows.at(-1);
    position =
      page.more && lastRow
        ? { ...at, page: { upTo, afterId: lastRow.id }, at: lastAnswerAt }
        : { ...at, seen: upTo, page: undefined, at: lastAnswerAt };
    return page;
  }

  async function deliver(rows: readonly ChangeRow[]): Promise<void> {
    try {
      await o.onBatch(rows);
      failures = 0;
    } catch (error) {
      if (++failures < mostFailures) throw error;
      failures = 0;
      o.log.error({ err: error, first: rows[0]?.id }, 'realtime changes given up after repeated failures');
      o.onGap();
    }
  }

  return {
    engage() {
      if (!engaged) {
        engaged = true;
        position = undefined;
        covered = Promise.withResolvers();
        signal.raise();
      }
      return covered.promise;
    },
    disengage() {
      if (!engaged) return;
      engaged = false;
      covered.resolve();
      signal.raise();
      o.registry.set({ reads: false, asleep: false }).catch((error: unknown) => {
        o.log.warn({ err: error }, 'realtime node could not be unregistered; writers keep recording for a minute');
      });
    },
    ring: () => signal.raise(),
    silentFor: () => (engaged && lastAnswerAt > 0 ? performance.now() - lastAnswerAt : 0),
    async close() {
      closed = true;
      covered.resolve();
      signal.raise();
      await running;
      await pool.end();
    },
  };
}

async function currentSnapshot(pool: pg.Pool): Promise<{ text: string; xmax: bigint }> {
  const result = await pool.query<{ now: string; xmax: string }>(
    'select s.now::text as now, pg_snapshot_xmax(s.now)::text as xmax from (select pg_current_snapshot() as now) s',
  );
  const [row] = result.rows;
  if (!row) throw new Error('The database answered without a snapshot.');
  return { text: row.now, xmax: BigInt(row.xmax) };
}

/** The identity of the unlogged tables, given to them here where they are new or emptied. */
async function currentEpoch(pool: pg.Pool): Promise<string> {
  await pool.query('insert into realtime.epoch default values on conflict do nothing');
  const result = await pool.query<{ id: string }>('select id::text from realtime.epoch');
  return result.rows[0]?.id ?? '';
}
