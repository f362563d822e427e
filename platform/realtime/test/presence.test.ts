import type { RealtimeChannel, SupabaseClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collect, type Events, subscribed, until } from './events.ts';
import { type Bench, type Node, startBench } from './startRealtime.ts';

let bench: Bench;
let node: Node;
beforeAll(async () => {
  bench = await startBench();
  node = await bench.startNode();
});
afterAll(() => bench.close());

interface Joined {
  channel: RealtimeChannel;
  seen: Events<{ event: string; key: string }>;
  who(): Record<string, unknown[]>;
}

async function enter(client: SupabaseClient, topic: string, key: string): Promise<Joined> {
  const seen = collect<{ event: string; key: string }>();
  const channel = client.channel(topic, { config: { presence: { key } } });
  channel.on('presence', { event: 'join' }, ({ key: who }) => seen.push({ event: 'join', key: who }));
  channel.on('presence', { event: 'leave' }, ({ key: who }) => seen.push({ event: 'leave', key: who }));
  await subscribed(channel);
  const who = () =>
    Object.fromEntries(
      Object.entries(channel.presenceState()).map(([name, metas]) => [
        name,
        metas.map(({ presence_ref: _, ...meta }) => meta),
      ]),
    );
  return { channel, seen, who };
}

test('two clients see each other come, change and go', async () => {
  const [a, b] = await Promise.all([bench.client(node), bench.client(node)]);
  const anna = await enter(a, 'desk', 'anna');
  expect(await anna.channel.track({ state: 'online' })).toBe('ok');
  await anna.seen.next(({ event, key }) => event === 'join' && key === 'anna');
  const ben = await enter(b, 'desk', 'ben');
  await until(() => Object.keys(ben.who()).length === 1, 'ben is told who is there');
  expect(ben.who()).toEqual({ anna: [{ state: 'online' }] });
  await ben.channel.track({ state: 'online' });
  await anna.seen.next(({ event, key }) => event === 'join' && key === 'ben');
  expect(anna.who()).toEqual({ anna: [{ state: 'online' }], ben: [{ state: 'online' }] });
  await ben.channel.track({ state: 'typing' });
  await until(() => JSON.stringify(anna.who().ben) === '[{"state":"typing"}]', 'anna sees ben type');
  await ben.channel.untrack();
  await anna.seen.next(({ event, key }) => event === 'leave' && key === 'ben');
  await until(() => !('ben' in anna.who()), 'ben is gone');
  await ben.channel.track({ state: 'back' });
  await anna.seen.next(({ event, key }) => event === 'join' && key === 'ben');
  await b.realtime.disconnect();
  await until(() => !('ben' in anna.who()), 'a lost connection is a leave');
});

test('one person on two devices is one key with two entries, and stays until the last one leaves', async () => {
  const [a, b, c] = await Promise.all([bench.client(node), bench.client(node), bench.client(node)]);
  const watcher = await enter(c, 'devices', 'watcher');
  const [phone, laptop] = [await enter(a, 'devices', 'anna'), await enter(b, 'devices', 'anna')];
  await phone.channel.track({ device: 'phone' });
  await laptop.channel.track({ device: 'laptop' });
  await until(() => watcher.who().anna?.length === 2, 'both devices are seen');
  await phone.channel.unsubscribe();
  await until(() => watcher.who().anna?.length === 1, 'one device is left');
  expect(watcher.who()).toEqual({ anna: [{ device: 'laptop' }] });
});

test('whoever tracks without listening is seen, and payloads that are no objects are refused', async () => {
  const [a, b] = await Promise.all([bench.client(node), bench.client(node)]);
  const watcher = await enter(a, 'quiet', 'watcher');
  const quiet = await subscribed(b.channel('quiet', { config: { presence: { key: '__proto__' } } }));
  expect(await quiet.track({ here: true })).toBe('ok');
  await watcher.seen.next(({ event, key }) => event === 'join' && key === '__proto__');
  expect(await quiet.send({ type: 'presence', event: 'track', payload: 'text' })).toBe('error');
  expect(await quiet.send({ type: 'presence', event: 'nonsense' })).toBe('error');
});

test('too many presence messages end the channel with a reason', async () => {
  const client = await bench.client(node);
  const system = collect<{ message: string }>();
  const channel = client.channel('flood', { config: { presence: { key: 'x' } } });
  channel.on('system', {}, (message) => system.push(message));
  await subscribed(channel);
  for (let n = 0; n < 40; n++) void channel.track({ n });
  expect(await system.next()).toMatchObject({ status: 'error', message: 'Client presence rate limit exceeded' });
});
