import type { RealtimeChannel, SupabaseClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collect, type Events, subscribed } from './events.ts';
import { acme, type Bench, globex, type Node, startBench } from './startRealtime.ts';

interface Message {
  event: string;
  payload?: unknown;
  meta?: unknown;
}

let bench: Bench;
let node: Node;
beforeAll(async () => {
  bench = await startBench();
  await bench.sql(`
    create policy rooms_read on realtime.messages for select to authenticated
      using (realtime.topic() = 'org:' || (current_setting('request.jwt.claims')::jsonb ->> 'organization_id') || ':room');
    create policy rooms_write on realtime.messages for insert to authenticated
      with check (topic = 'org:' || (current_setting('request.jwt.claims')::jsonb ->> 'organization_id') || ':room'
        and current_setting('request.jwt.claims')::jsonb ->> 'may_write' = 'yes');`);
  node = await bench.startNode();
});
afterAll(() => bench.close());

const room = `org:${acme}:room`;

async function listen(
  client: SupabaseClient,
  topic: string,
  config: Record<string, unknown> = {},
): Promise<{ channel: RealtimeChannel; heard: Events<Message> }> {
  const heard = collect<Message>();
  const channel = client.channel(topic, { config });
  channel.on('broadcast', { event: '*' }, (message) => heard.push(message));
  await subscribed(channel);
  return { channel, heard };
}

test('a broadcast reaches the others on the topic, and the sender only if it wishes', async () => {
  const [a, b, c] = await Promise.all([bench.client(node), bench.client(node), bench.client(node, undefined, '1.0.0')]);
  const sender = await listen(a, 'hall', { broadcast: { ack: true } });
  const other = await listen(b, 'hall', { broadcast: { self: true } });
  const old = await listen(c, 'hall');
  const elsewhere = await listen(b, 'elsewhere');
  const message = { type: 'broadcast' as const, event: 'moved', payload: { x: 1, text: 'مرحبا 👋' } };
  expect(await sender.channel.send(message)).toBe('ok');
  for (const { heard } of [other, old])
    expect(await heard.next()).toMatchObject({ event: 'moved', payload: message.payload });
  await other.channel.send({ ...message, event: 'back' });
  expect(await other.heard.next()).toMatchObject({ event: 'back' });
  expect(await sender.heard.next()).toMatchObject({ event: 'back' });
  await old.channel.send({ ...message, event: 'from version one' });
  expect(await sender.heard.next()).toMatchObject({ event: 'from version one', payload: message.payload });
  expect(sender.heard.all).toHaveLength(2);
  expect(elsewhere.heard.all).toHaveLength(0);
});

test('bytes go to version 2 clients and not to version 1', async () => {
  const [a, b, c] = await Promise.all([bench.client(node), bench.client(node), bench.client(node, undefined, '1.0.0')]);
  const sender = await listen(a, 'bytes', { broadcast: { ack: true } });
  const receiver = await listen(b, 'bytes');
  const old = await listen(c, 'bytes');
  await sender.channel.send({ type: 'broadcast', event: 'data', payload: new Uint8Array([1, 2, 255]).buffer });
  await sender.channel.send({ type: 'broadcast', event: 'text', payload: {} });
  const { payload } = await receiver.heard.next();
  expect(payload instanceof ArrayBuffer && [...new Uint8Array(payload)]).toEqual([1, 2, 255]);
  expect(await old.heard.next()).toMatchObject({ event: 'text' });
});

test('HTTP broadcasts: batch, one by path, bytes; wrong bodies and missing keys are answered', async () => {
  const { heard, channel } = await listen(await bench.client(node), 'posted');
  const url = `http://127.0.0.1:${node.port}/realtime/v1/api/broadcast`;
  const post = (path: string, body: unknown, headers: Record<string, string> = { apikey: bench.anonKey }) =>
    fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const batch = {
    messages: [
      { topic: 'posted', event: 'a', payload: { n: 1 } },
      { topic: 'other', event: 'b', payload: {} },
    ],
  };
  expect((await post('', batch)).status).toBe(202);
  expect(await heard.next()).toMatchObject({ type: 'broadcast', event: 'a', payload: { n: 1 } });
  expect(await channel.httpSend('b', { n: 2 })).toEqual({ success: true });
  expect(await heard.next()).toMatchObject({ event: 'b', payload: { n: 2 } });
  expect(await channel.httpSend('c', new Uint8Array([7]).buffer)).toEqual({ success: true });
  expect(await heard.next()).toMatchObject({ event: 'c', payload: expect.any(ArrayBuffer) });
  for (const body of [
    {},
    { messages: [] },
    { messages: [{ topic: 1, event: 'x', payload: {} }] },
    { messages: ['x'] },
    [],
  ]) {
    expect((await post('', body)).status).toBe(422);
  }
  expect((await post('', '{')).status).toBe(400);
  expect((await post('', batch, {})).status).toBe(401);
  expect((await post('', batch, { apikey: 'nonsense' })).status).toBe(401);
  expect((await post('', 'x'.repeat(2 * 1024 * 1024))).status).toBe(413);
});

test('realtime.send and broadcast_changes reach clients when the transaction commits', async () => {
  const { heard } = await listen(await bench.client(node), 'from-sql');
  const client = await bench.database.owner.connect();
  await client.query('begin');
  await client.query(`select realtime.send('{"n": 1}', 'undone', 'from-sql', false)`);
  await client.query('rollback');
  await client.query(`select realtime.send('{"n": 2}', 'done', 'from-sql', false)`);
  client.release();
  expect(await heard.next()).toMatchObject({
    event: 'done',
    payload: { n: 2, id: expect.any(String) },
    meta: { id: expect.any(String) },
  });
  expect(heard.all).toHaveLength(1);
});

test('a private channel is joined, read and written as the policies of realtime.messages say', async () => {
  const [writer, reader, stranger] = await Promise.all([
    bench.client(node, await bench.signIn(acme, { claims: { may_write: 'yes' } })),
    bench.client(node, await bench.signIn(acme)),
    bench.client(node, await bench.signIn(globex, { claims: { may_write: 'yes' } })),
  ]);
  const config = { private: true, broadcast: { ack: true } };
  const a = await listen(writer, room, config);
  const b = await listen(reader, room, config);
  await expect(listen(stranger, room, config)).rejects.toThrow(
    'You do not have permissions to read from this Channel topic',
  );
  await expect(listen(await bench.client(node), room, config)).rejects.toThrow('Unauthorized');
  expect(await a.channel.send({ type: 'broadcast', event: 'hi', payload: {} })).toBe('ok');
  expect(await b.heard.next()).toMatchObject({ event: 'hi' });
  expect(await b.channel.send({ type: 'broadcast', event: 'no', payload: {} })).toBe('error');
  await bench.sql(`select realtime.send('{}', 'from the server', $1, true)`, [room]);
  expect(await b.heard.next()).toMatchObject({ event: 'from the server' });
  // The public topic of the same name is another topic.
  await bench.sql(`select realtime.send('{}', 'public', $1, false)`, [room]);
  node.realtime.broadcast(room, 'by code', { ok: true }, { private: true });
  expect(await b.heard.next()).toMatchObject({ event: 'by code', payload: { ok: true } });
  expect(a.heard.all.map(({ event }) => event)).toEqual(['from the server', 'by code']);
});

test('private HTTP broadcasts need the right to write', async () => {
  const { heard } = await listen(await bench.client(node, await bench.signIn(acme)), room, { private: true });
  const post = async (claims: Record<string, unknown>) => {
    const token = await bench.signIn(acme, { claims });
    const response = await fetch(
      `http://127.0.0.1:${node.port}/realtime/v1/api/broadcast/${encodeURIComponent(room)}/events/posted?private=true`,
      {
        method: 'POST',
        headers: { apikey: bench.anonKey, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: '{"n":1}',
      },
    );
    return response.status;
  };
  expect(await post({})).toBe(403);
  expect(await post({ may_write: 'yes' })).toBe(202);
  expect(await heard.next()).toMatchObject({ event: 'posted', payload: { n: 1 } });
  expect(heard.all).toHaveLength(1);
});

test('stored broadcasts are replayed to those who come later', async () => {
  const writer = await bench.client(node, await bench.signIn(acme, { claims: { may_write: 'yes' } }));
  const { channel } = await listen(writer, room, { private: true, broadcast: { ack: true } });
  const since = Date.now() - 60_000;
  expect(await channel.send({ type: 'broadcast', event: 'kept', payload: { n: 1 }, persist: true })).toBe('ok');
  const late = await bench.client(node, await bench.signIn(acme));
  const { heard } = await listen(late, room, { private: true, broadcast: { replay: { since, limit: 1 } } });
  expect(await heard.next()).toMatchObject({ event: 'kept', payload: { n: 1 }, meta: { replayed: true } });
});

test('authorizeTopic ties topics to the caller, for joins and HTTP alike', async () => {
  const strict = await bench.startNode({
    authorizeTopic: (principal, topic) => topic.startsWith(`org:${String(principal.claims.organization_id)}:`),
  });
  const client = await bench.client(strict, await bench.signIn(acme));
  const mine = await listen(client, `org:${acme}:typing`);
  await expect(listen(client, `org:${globex}:typing`)).rejects.toThrow('Unauthorized');
  const token = await bench.signIn(globex);
  const response = await fetch(`http://127.0.0.1:${strict.port}/realtime/v1/api/broadcast`, {
    method: 'POST',
    headers: { apikey: bench.anonKey, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ messages: [{ topic: `org:${acme}:typing`, event: 'spoof', payload: {} }] }),
  });
  expect(response.status).toBe(202);
  strict.realtime.broadcast(`org:${acme}:typing`, 'real', {});
  expect(await mine.heard.next()).toMatchObject({ event: 'real' });
});

test('with public channels switched off only private ones can be joined', async () => {
  const closed = await bench.startNode({ publicChannels: false });
  const client = await bench.client(closed, await bench.signIn(acme));
  await expect(listen(client, 'open')).rejects.toThrow('PrivateOnly');
  await listen(client, room, { private: true });
});
