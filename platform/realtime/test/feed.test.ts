import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChangeRow } from '../src/changes/changeRow.ts';
import { createFeed, type Feed } from '../src/changes/feed.ts';
import { createNodeRegistry } from '../src/cluster/nodeRegistry.ts';
import { collect, type Events, until } from './events.ts';
import { acme, type Bench, startBench } from './startRealtime.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

interface Followed {
  feed: Feed;
  id: string;
  rows: Events<ChangeRow>;
  gaps: Events<true>;
}

/** A feed with a fast poll, awake for as long as a test wants. */
function followFeed(o: { linger?: number; fallback?: number; keep?: number; fail?: () => boolean } = {}): Followed {
  const [rows, gaps] = [collect<ChangeRow>(), collect<true>()];
  const registry = createNodeRegistry(bench.database.owner);
  const feed = createFeed({
    url: bench.database.url,
    registry,
    log: pino({ level: 'silent' }),
    recordBytes: 1_000_000,
    timing: { poll: 5, linger: 60_000, fallback: 60_000, ...o },
    async onBatch(batch) {
      if (o.fail?.()) throw new Error('The database is away.');
      for (const row of batch) rows.push(row);
    },
    onGap: () => gaps.push(true),
  });
  return { feed, id: registry.id, rows, gaps };
}

async function insert(body: string): Promise<void> {
  await bench.sql('insert into notes (organization_id, body) values ($1, $2)', [acme, body]);
}

async function isAsleep(id: string): Promise<boolean> {
  const [row] = await bench.sql('select asleep from realtime.nodes where id = $1', [id]);
  return row?.asleep === true;
}

async function changes(): Promise<number> {
  const [row] = await bench.sql('select count(*)::int as count from realtime.changes');
  return Number(row?.count);
}

test('nothing is recorded while nobody reads', async () => {
  await insert('unread');
  expect(await changes()).toBe(0);
  const { feed, id } = followFeed();
  await feed.engage();
  await insert('read');
  expect(await changes()).toBe(1);
  feed.disengage();
  await until(
    async () => (await bench.sql('select from realtime.nodes where id = $1 and reads', [id])).length === 0,
    'unregistered',
  );
  await insert('unread again');
  expect(await changes()).toBe(1);
  await feed.close();
});

test('a writer that began before the node came is waited for', async () => {
  const early = await bench.database.owner.connect();
  await early.query('begin');
  await early.query('insert into notes (organization_id, body) values ($1, $2)', [acme, 'early']);
  const { feed } = followFeed();
  let covered = false;
  const engaged = feed.engage().then(() => {
    covered = true;
  });
  await until(async () => feed.silentFor() > 0 && (await changes()) >= 0, 'it polls');
  expect(covered).toBe(false);
  await early.query('commit');
  early.release();
  await engaged;
  await feed.close();
});

test('it falls asleep when quiet; writers ring, and a ring wakes it', async () => {
  const { feed, id, rows } = followFeed({ linger: 20 });
  await feed.engage();
  await until(() => isAsleep(id), 'asleep');
  const listener = await bench.database.owner.connect();
  const rings = collect<string>();
  listener.on('notification', ({ channel }) => rings.push(channel));
  await listener.query('listen realtime');
  await insert('wake');
  expect(await rings.next()).toBe('realtime');
  feed.ring();
  expect((await rows.next()).new).toContain('wake');
  listener.removeAllListeners('notification');
  await listener.query('unlisten realtime');
  listener.release();
  await feed.close();
});

test('awake, writers do not notify', async () => {
  const { feed, rows } = followFeed();
  await feed.engage();
  const listener = await bench.database.owner.connect();
  const rings = collect<string>();
  listener.on('notification', ({ payload }) => rings.push(payload ?? ''));
  await listener.query('listen realtime');
  for (let n = 0; n < 20; n++) await insert('quiet');
  for (let n = 0; n < 20; n++) await rows.next();
  await bench.sql("select pg_notify('realtime', 'mark')");
  expect(await rings.next()).toBe('mark');
  listener.removeAllListeners('notification');
  await listener.query('unlisten realtime');
  listener.release();
  await feed.close();
});

test('a writer that looked before the flag was set and commits after it was is not lost', async () => {
  const { feed, id, rows } = followFeed({ linger: 20 });
  await feed.engage();
  const writer = await bench.database.owner.connect();
  await writer.query('begin');
  await writer.query('insert into notes (organization_id, body) values ($1, $2)', [acme, 'between']);
  await until(() => isAsleep(id), 'the flag is set');
  await writer.query('commit');
  writer.release();
  // Nobody rings and the fallback is a minute away: only the drowsy poll can find it.
  expect((await rows.next()).new).toContain('between');
  await feed.close();
});

test('a batch that could not be delivered is offered again, whole and once', async () => {
  let failures = 3;
  const { feed, rows, gaps } = followFeed({ fail: () => failures-- > 0 });
  await feed.engage();
  await insert('again');
  expect((await rows.next()).new).toContain('again');
  await insert('next');
  expect((await rows.next()).new).toContain('next');
  expect([rows.all.length, gaps.all.length]).toEqual([2, 0]);
  await feed.close();
});

test('when a crash has emptied the tables, readers are told and it goes on', async () => {
  const { feed, rows, gaps } = followFeed();
  await feed.engage();
  await insert('before');
  await rows.next();
  await bench.sql('truncate realtime.changes, realtime.nodes, realtime.epoch');
  await gaps.next();
  await insert('after');
  expect((await rows.next()).new).toContain('after');
  await feed.close();
});

test('the sweep keeps what is young', async () => {
  const { feed } = followFeed();
  await feed.engage();
  await bench.sql('truncate realtime.changes');
  await insert('old');
  await bench.sql("update realtime.changes set at = at - interval '1 hour'");
  await insert('young');
  await bench.sql(
    "insert into realtime.messages (topic, extension, inserted_at) values ('t', 'broadcast', '2001-01-01')",
  );
  expect(await bench.sql("select realtime.sweep('2 minutes', '72 hours') as swept")).toEqual([{ swept: '1' }]);
  expect(await changes()).toBe(1);
  expect(await bench.sql('select from realtime.messages')).toHaveLength(0);
  await feed.close();
});

test('tables without a key, views and strangers cannot be tracked or track', async () => {
  await bench.sql('create table public.keyless (a int); create view public.seen as select 1 as a');
  await expect(bench.sql("select realtime.track('public.keyless')")).rejects.toThrow('has no primary key');
  await expect(bench.sql("select realtime.track('public.seen')")).rejects.toThrow('is not a table');
  const stranger = await bench.database.owner.connect();
  await stranger.query('begin; set local role authenticated');
  await expect(stranger.query("select realtime.untrack('public.notes')")).rejects.toThrow('permission denied');
  await stranger.query('rollback; begin; set local role authenticated');
  await expect(stranger.query('select * from realtime.changes')).rejects.toThrow('permission denied');
  await stranger.query('rollback');
  stranger.release();
});
