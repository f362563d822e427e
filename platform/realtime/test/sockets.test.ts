import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeFrame } from '../src/protocol/decode.ts';
import { MalformedFrame } from '../src/protocol/frame.ts';
import { collect, subscribed, until } from './events.ts';
import { openRaw } from './rawSocket.ts';
import { acme, type Bench, globex, type Node, startBench } from './startRealtime.ts';

let bench: Bench;
let node: Node;
beforeAll(async () => {
  bench = await startBench();
  node = await bench.startNode({ timing: { sweep: 50 } });
});
afterAll(() => bench.close());

test('a socket needs a valid key and a known version', async () => {
  await expect(openRaw(bench, node, '')).rejects.toThrow('HTTP 401');
  await expect(openRaw(bench, node, 'apikey=nonsense')).rejects.toThrow('HTTP 401');
  await expect(openRaw(bench, node, `apikey=${await bench.signIn(acme)}`)).rejects.toThrow('HTTP 401');
  await expect(openRaw(bench, node, `apikey=${bench.anonKey}&vsn=9`)).rejects.toThrow('HTTP 400');
  const { ws } = await openRaw(bench, node);
  ws.terminate();
});

test('heartbeats are answered; topics that are not joined and names that are none are refused', async () => {
  const socket = await openRaw(bench, node);
  socket.say(null, '1', 'phoenix', 'heartbeat', {});
  expect(await socket.frames.next()).toEqual([null, '1', 'phoenix', 'phx_reply', { status: 'ok', response: {} }]);
  socket.say('2', '2', 'realtime:nowhere', 'broadcast', {});
  expect(await socket.frames.next()).toMatchObject(['2', '2', 'realtime:nowhere', 'phx_reply', { status: 'error' }]);
  socket.say('3', '3', 'realtime:', 'phx_join', {});
  expect(await socket.frames.next()).toMatchObject(['3', '3', 'realtime:', 'phx_reply', { status: 'error' }]);
  socket.say('4', '4', 'other:topic', 'phx_join', {});
  expect((await socket.frames.next())[4]).toMatchObject({ response: { reason: 'unmatched topic' } });
  socket.say('5', '5', `realtime:${'x'.repeat(300)}`, 'phx_join', {});
  expect((await socket.frames.next())[4]).toMatchObject({ status: 'error' });
  socket.ws.terminate();
});

test('a second join of a topic takes the place of the first, leaving is answered and closes', async () => {
  const socket = await openRaw(bench, node);
  socket.say('1', '1', 'realtime:x', 'phx_join', {});
  expect((await socket.frames.next())[4]).toEqual({ status: 'ok', response: { postgres_changes: [] } });
  expect((await socket.frames.next())[3]).toBe('presence_state');
  socket.say('2', '2', 'realtime:x', 'phx_join', {});
  expect(await socket.frames.next()).toEqual(['1', '1', 'realtime:x', 'phx_close', {}]);
  expect((await socket.frames.next())[4]).toMatchObject({ status: 'ok' });
  await socket.frames.next();
  socket.say('1', '3', 'realtime:x', 'phx_leave', {});
  expect((await socket.frames.next()).slice(1, 4)).toEqual(['3', 'realtime:x', 'phx_reply']);
  socket.say('2', '4', 'realtime:x', 'phx_leave', {});
  expect((await socket.frames.next()).slice(1, 4)).toEqual(['4', 'realtime:x', 'phx_reply']);
  expect(await socket.frames.next()).toEqual(['2', '2', 'realtime:x', 'phx_close', {}]);
  socket.ws.terminate();
});

test.each([
  ['text that is no JSON', 'hello', 1007],
  ['JSON of another shape', '{"a":1}', 1007],
  ['a short array', '[1,2]', 1007],
  ['a topic that is no text', '[null,null,5,"x",{}]', 1007],
  ['a ref that is no text', '[null,{},"t","x",{}]', 1007],
  ['bytes of an unknown kind', Buffer.from([9, 1, 2]), 1003],
  ['bytes that end too early', Buffer.from([3, 200, 0, 0]), 1007],
  ['no bytes', Buffer.alloc(0), 1007],
])('%s closes the socket with the right code', async (_, message, code) => {
  const socket = await openRaw(bench, node);
  socket.ws.send(message);
  expect(await socket.closed).toMatchObject({ code });
});

test('a message over the limit closes the socket with 1009', async () => {
  const socket = await openRaw(bench, node);
  socket.ws.send('x'.repeat(2 * 1024 * 1024));
  expect((await socket.closed).code).toBe(1009);
});

test('whatever bytes come, decoding gives a message or the error that closes the socket', () => {
  const json = fc.json().map((text) => Buffer.from(text));
  const shaped = fc.tuple(fc.anything(), fc.anything(), fc.anything(), fc.anything(), fc.anything()).map((message) => {
    const text: string | undefined = JSON.stringify(message, (_, value: unknown) =>
      typeof value === 'bigint' ? 0 : value,
    );
    return Buffer.from(text ?? '');
  });
  const binary = fc.tuple(fc.constantFrom(0, 3), fc.uint8Array()).map(([kind, rest]) => Buffer.from([kind, ...rest]));
  const bytes = fc.oneof(
    fc.uint8Array().map((array) => Buffer.from(array)),
    json,
    shaped,
    binary,
  );
  fc.assert(
    fc.property(fc.constantFrom('1.0.0' as const, '2.0.0' as const), bytes, fc.boolean(), (vsn, data, isBinary) => {
      try {
        const frame = decodeFrame(vsn, data, isBinary);
        expect(typeof frame.topic).toBe('string');
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedFrame);
      }
    }),
    { numRuns: 3_000 },
  );
});

test('payloads of any shape leave the server standing and the socket answered', async () => {
  const socket = await openRaw(bench, node);
  const payloads = fc.sample(fc.jsonValue({ maxDepth: 4 }), 150);
  const events = ['phx_join', 'broadcast', 'presence', 'access_token', 'phx_leave', 'anything'];
  for (const [index, payload] of payloads.entries()) {
    const config =
      index % 2 ? payload : { config: { postgres_changes: [payload], presence: payload, broadcast: payload } };
    socket.say('1', String(index), 'realtime:fuzz', events[index % events.length], config);
  }
  socket.say(null, 'end', 'phoenix', 'heartbeat', {});
  await socket.frames.next(([, ref]) => ref === 'end');
  expect(socket.ws.readyState).toBe(socket.ws.OPEN);
  socket.ws.terminate();
});

test('channels per socket, joins and messages per second are bounded', async () => {
  const small = await bench.startNode({ limits: { channelsPerSocket: 2, joinsPerSecond: 4, messagesPerSecond: 5 } });
  const socket = await openRaw(bench, small);
  for (const n of [1, 2, 3])
    socket.say(`${n}`, `${n}`, `realtime:${n}`, 'phx_join', { config: { presence: { enabled: false } } });
  expect((await socket.frames.next(([, ref]) => ref === '3'))[4]).toMatchObject({
    response: { reason: 'ChannelRateLimitReached: Too many channels' },
  });
  for (let n = 0; n < 12; n++) socket.say('1', null, 'realtime:1', 'broadcast', { event: 'x', payload: {} });
  expect((await socket.frames.next(([, , , event]) => event === 'system'))[4]).toMatchObject({
    status: 'error',
    message: 'Too many messages per second',
  });
  await socket.frames.next(([, ref, topic, event]) => ref === '1' && topic === 'realtime:1' && event === 'phx_close');
  for (const n of [5, 6, 7]) socket.say(`${n}`, `${n}`, `realtime:${n}`, 'phx_join', {});
  expect(await socket.closed).toEqual({ code: 1008, reason: 'Too many joins per second' });
});

test('a socket that falls silent is closed', async () => {
  const impatient = await bench.startNode({ limits: { heartbeatTimeoutMs: 300 }, timing: { sweep: 50 } });
  const socket = await openRaw(bench, impatient);
  expect(await socket.closed).toEqual({ code: 1000, reason: 'heartbeat timeout' });
});

test('joining with an expired, foreign or broken token is refused with words for it', async () => {
  const join = async (token: string) => {
    const client = await bench.client(node, token);
    return subscribed(client.channel('tokens'));
  };
  await expect(join(await bench.signIn(acme, { expiresIn: -5 }))).rejects.toThrow(
    /InvalidJWTToken: Token has expired \d+ seconds ago/,
  );
  await expect(join(await bench.signIn(acme, { expiresIn: -600 }))).rejects.toThrow(
    /Token has expired 6\d\d seconds ago/,
  );
  await expect(join('not.a.token')).rejects.toThrow('MalformedJWT: The token provided is not a valid JWT');
  const token = await bench.signIn(acme);
  await expect(join(`${token.slice(0, -6)}AAAAAA`)).rejects.toThrow('JwtSignatureError');
});

test('a channel ends with its token, and goes on with a new one', async () => {
  let token = await bench.signIn(acme, { expiresIn: 2, sub: 'same' });
  const renewed = await bench.client(node, () => token);
  const forgotten = await bench.client(node, token);
  const events = collect<{ new: object }>();
  const notes = { event: 'INSERT' as const, schema: 'public', table: 'notes' };
  await subscribed(renewed.channel('renewed').on('postgres_changes', notes, (change) => events.push(change)));
  const [system, statuses] = [collect<{ message: string }>(), collect<{ status: string }>()];
  const channel = forgotten.channel('forgotten').on('system', {}, (message) => system.push(message));
  await subscribed(channel, statuses);
  token = await bench.signIn(acme, { sub: 'same' });
  await renewed.realtime.setAuth();
  expect(await system.next()).toMatchObject({
    extension: 'system',
    status: 'error',
    message: expect.stringMatching(/^Token has expired \d+ seconds ago$/),
  });
  expect(await statuses.next()).toMatchObject({ status: 'CLOSED' });
  await bench.sql("insert into notes (organization_id, body) values ($1, 'after')", [acme]);
  expect(await events.next()).toMatchObject({ new: { body: 'after' } });
});

test('a new token of another organization changes what is seen; one that does not hold ends the channel', async () => {
  let token = await bench.signIn(acme);
  const client = await bench.client(node, () => token);
  const [events, system] = [collect<{ new: object }>(), collect<{ status: string; message: string }>()];
  const notes = { event: 'INSERT' as const, schema: 'public', table: 'notes' };
  const channel = client.channel('switch').on('postgres_changes', notes, (change) => events.push(change));
  await subscribed(channel.on('system', {}, (message) => system.push(message)));
  await system.next();
  token = await bench.signIn(globex);
  await client.realtime.setAuth();
  expect(await system.next()).toMatchObject({ status: 'ok', message: 'Subscribed to PostgreSQL' });
  await bench.sql("insert into notes (organization_id, body) values ($1, 'a'), ($2, 'g')", [acme, globex]);
  expect(await events.next()).toMatchObject({ new: { body: 'g' } });
  token = await bench.signIn(globex, { expiresIn: -100 });
  await client.realtime.setAuth();
  expect(await system.next()).toMatchObject({ status: 'error', message: expect.stringContaining('Token has expired') });
  expect(events.all).toHaveLength(1);
});

test('a client that does not read is dropped, and the others are served', async () => {
  const tight = await bench.startNode({
    limits: { bufferedBytesAtMost: 2 * 1024 * 1024, messageBytes: 4 * 1024 * 1024 },
  });
  const reader = await openRaw(bench, tight);
  reader.say('1', '1', 'realtime:load', 'phx_join', {});
  await reader.frames.next(([, ref]) => ref === '1');
  const deaf = connect(tight.port, '127.0.0.1');
  deaf.write(
    `GET /realtime/v1/websocket?apikey=${bench.anonKey}&vsn=2.0.0 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  await new Promise((resolve) => deaf.once('data', resolve));
  deaf.write(maskedText(JSON.stringify(['1', '1', 'realtime:load', 'phx_join', {}])));
  await until(() => tight.realtime.stats().channels === 2, 'both are joined');
  deaf.pause();
  const gone = new Promise((resolve) => deaf.once('close', resolve));
  deaf.on('error', () => undefined);
  for (let n = 0; n < 60 && tight.realtime.stats().slowDropped === 0; n++) {
    tight.realtime.broadcast('load', 'chunk', 'x'.repeat(512 * 1024));
    await reader.frames.next(([, , , event]) => event === 'broadcast');
  }
  expect(tight.realtime.stats()).toMatchObject({ slowDropped: 1 });
  await until(() => tight.realtime.stats().sockets === 1, 'the slow socket is gone');
  deaf.resume();
  await gone;
  tight.realtime.broadcast('load', 'last', 1);
  await reader.frames.next(([, , , , payload]) => payload.event === 'last');
  reader.ws.terminate();
});

test('a socket whose queue stays long is dropped after a while, however long the queue may get', async () => {
  const patient = await bench.startNode({
    limits: { bufferedBytes: 64 * 1024, stalledMs: 300 },
    timing: { sweep: 50 },
  });
  const socket = await openRaw(bench, patient);
  socket.say('1', '1', 'realtime:load', 'phx_join', {});
  await socket.frames.next();
  socket.ws.pause();
  for (let n = 0; n < 8; n++) patient.realtime.broadcast('load', 'chunk', 'x'.repeat(1024 * 1024));
  await until(() => patient.realtime.stats().slowDropped === 1, 'the stalled socket is dropped');
  socket.ws.terminate();
});

test('closing tells clients to go away with 1001', async () => {
  const leaving = await bench.startNode();
  const socket = await openRaw(bench, leaving);
  await leaving.stop();
  expect((await socket.closed).code).toBe(1001);
});

/** A client's text frame (RFC 6455 section 5.2), masked with zeros. */
function maskedText(text: string): Buffer {
  const payload = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}
