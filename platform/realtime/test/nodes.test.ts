import type { SupabaseClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collect, subscribed, until } from './events.ts';
import { acme, type Bench, type Node, startBench } from './startRealtime.ts';

let bench: Bench;
let nodes: [Node, Node];
beforeAll(async () => {
  bench = await startBench();
  nodes = [await bench.startNode({ timing: { beat: 200 } }), await bench.startNode({ timing: { beat: 200 } })];
  await until(() => nodes.every(({ realtime }) => realtime.stats().peers === 1), 'the nodes know each other');
});
afterAll(() => bench.close());

async function listen(client: SupabaseClient, topic: string) {
  const heard = collect<{ event: string; payload?: unknown }>();
  const channel = client.channel(topic, { config: { broadcast: { ack: true } } });
  channel.on('broadcast', { event: '*' }, (message) => heard.push(message));
  await subscribed(channel);
  return { channel, heard };
}

test('broadcasts cross nodes in order: small ones, large ones, bytes', async () => {
  const [a, b] = await Promise.all(nodes.map((node) => bench.client(node)));
  if (!a || !b) throw new Error('Two clients were wanted.');
  const [here, there] = [await listen(a, 'wide'), await listen(b, 'wide')];
  for (let n = 0; n < 30; n++) {
    const text = n % 10 === 5 ? 'x'.repeat(20_000) : 'small';
    await here.channel.send({ type: 'broadcast', event: `e${n}`, payload: { n, text } });
  }
  for (let n = 0; n < 30; n++) expect(await there.heard.next()).toMatchObject({ event: `e${n}`, payload: { n } });
  await here.channel.send({ type: 'broadcast', event: 'bytes', payload: new Uint8Array([1, 2, 3]).buffer });
  const { payload } = await there.heard.next();
  expect(payload instanceof ArrayBuffer && payload.byteLength).toBe(3);
  nodes[0].realtime.broadcast('wide', 'by code', {});
  expect(await there.heard.next()).toMatchObject({ event: 'by code' });
  expect(here.heard.all).toHaveLength(1);
});

test('row changes and broadcasts from SQL reach each client once, whichever node it is on', async () => {
  const token = await bench.signIn(acme);
  const events = collect<object>();
  const notes = { event: 'INSERT' as const, schema: 'public', table: 'notes' };
  for (const node of nodes) {
    const client = await bench.client(node, token);
    const channel = client.channel('rows').on('postgres_changes', notes, (change) => events.push(change));
    await subscribed(channel.on('broadcast', { event: 'sql' }, (message) => events.push(message)));
  }
  await bench.sql("insert into notes (organization_id, body) values ($1, 'both')", [acme]);
  await bench.sql("select realtime.send('{}', 'sql', 'rows', false)");
  for (let n = 0; n < 4; n++) await events.next();
  await bench.sql("select realtime.send('{}', 'sql', 'rows', false)");
  await events.next();
  await events.next();
  expect(events.all).toHaveLength(6);
});

test('presence spans nodes, and a node that goes takes its presences along', async () => {
  const [a, b] = await Promise.all(nodes.map((node) => bench.client(node)));
  if (!a || !b) throw new Error('Two clients were wanted.');
  const here = a.channel('team', { config: { presence: { key: 'here' } } });
  await subscribed(here.on('presence', { event: 'sync' }, () => undefined));
  const there = await subscribed(b.channel('team', { config: { presence: { key: 'there' } } }));
  await there.track({ on: 'second node' });
  await until(() => 'there' in here.presenceState(), 'seen on the other node');
  const third = await bench.startNode({ timing: { beat: 200 } });
  const late = await bench.client(third);
  await until(() => third.realtime.stats().presences === 1, 'a new node is told who is there');
  const leaving = await subscribed(late.channel('team', { config: { presence: { key: 'late' } } }));
  await leaving.track({ on: 'third node' });
  await until(() => 'late' in here.presenceState(), 'seen');
  await third.stop();
  await until(() => !('late' in here.presenceState()) && 'there' in here.presenceState(), 'gone with its node');
});

test('a node that died without a word is forgotten', async () => {
  const [first] = nodes;
  await bench.sql("insert into realtime.nodes (id, reads) values ('ghost', true)");
  const say = (message: object) =>
    bench.sql("select pg_notify('realtime_bus', $1)", [
      JSON.stringify([JSON.stringify({ from: 'ghost', ...message })]),
    ]);
  const presence = { ref: 'g1', key: 'ghost', meta: '{"phx_ref":"g1"}' };
  await say({ seq: 1, type: 'presence', topic: 'public:haunted', diff: { joins: [presence], leaves: [] } });
  await until(() => first.realtime.stats().presences === 2, 'the ghost is seen beside who was there before');
  for (const nonsense of [
    'not json',
    '[]',
    '["{}"]',
    '#999',
    JSON.stringify([JSON.stringify({ from: 'x', seq: 1, type: '?' })]),
  ]) {
    await bench.sql("select pg_notify('realtime_bus', $1)", [nonsense]);
  }
  await until(() => first.realtime.stats().peers === 2, 'the ghost is a peer');
  await bench.sql("update realtime.nodes set seen_at = now() - interval '1 minute' where id = 'ghost'");
  await until(() => first.realtime.stats().peers === 1, 'the ghost is gone');
  expect(first.realtime.stats().presences).toBe(1);
});
