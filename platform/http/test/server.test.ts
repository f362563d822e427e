import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import type { InjectOptions } from 'fastify';
import pino from 'pino';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  badRequest,
  createHttpServer,
  drain,
  type FastifyInstance,
  functionsEnvelope,
  type HttpServerOptions,
  healthRoutes,
  parse,
} from '../src/index.ts';

const log = pino({ level: 'silent' });
const open: FastifyInstance[] = [];

function server(o: Partial<HttpServerOptions> = {}): FastifyInstance {
  const app = createHttpServer({ log, ...o });
  open.push(app);
  return app;
}

async function listening(app: FastifyInstance): Promise<string> {
  return await app.listen({ port: 0, host: '127.0.0.1' });
}

afterAll(async () => {
  await Promise.all(open.map((app) => drain(app, { timeoutMs: 100 })));
});

const json = { 'content-type': 'application/json' };

describe('what cannot be served', () => {
  const app = server();
  app.post('/things', async (request) => ({ got: request.body ?? null }));
  app.get('/things/:id', async () => ({}));
  app.get('/crash', async () => {
    throw new TypeError('cannot read properties of undefined, postgres://app:hunter2@db/app');
  });

  const cases: [string, InjectOptions, number, RegExp][] = [
    [
      'a body that is no JSON',
      { method: 'POST', url: '/things', headers: json, payload: '{"a":' },
      400,
      /not valid JSON/,
    ],
    [
      'a body with __proto__',
      { method: 'POST', url: '/things', headers: json, payload: '{"__proto__":{"x":1}}' },
      400,
      /not valid JSON/,
    ],
    [
      'a body over the limit',
      { method: 'POST', url: '/things', headers: json, payload: `"${'x'.repeat(3e6)}"` },
      413,
      /too large/,
    ],
    [
      'a content type without parser',
      { method: 'POST', url: '/things', headers: { 'content-type': 'text/csv' }, payload: 'a' },
      415,
      /application\/json/,
    ],
    ['an unknown path', { method: 'GET', url: '/nothing?token=s' }, 404, /nothing at GET \/nothing:/],
    ['a path that is no UTF-8', { method: 'GET', url: '/things/%ff' }, 400, /percent-encode/],
    ['our own mistake', { method: 'GET', url: '/crash' }, 500, /^Internal server error$/],
  ];
  test.each(cases)('%s', async (_name, request, status, message) => {
    const response = await app.inject(request);
    expect(response.statusCode).toBe(status);
    expect(response.json().message).toMatch(message);
    expect(response.headers['x-request-id']).toMatch(/^[\w-]{8,64}$/);
    expect(response.body).not.toMatch(/hunter2|at .*\.ts/);
  });

  test('a wrong method is told the right ones', async () => {
    const response = await app.inject({ method: 'DELETE', url: '/things' });
    expect([response.statusCode, response.headers.allow]).toEqual([405, 'POST']);
    const other = await app.inject({ method: 'PUT', url: '/things/7' });
    expect([other.statusCode, other.headers.allow]).toEqual([405, 'GET, HEAD']);
  });

  test('a catch-all route does not turn unknown paths into wrong methods', async () => {
    const withPages = server();
    withPages.get('/*', async () => 'page');
    expect((await withPages.inject({ method: 'POST', url: '/nothing' })).statusCode).toBe(404);
  });
});

test('an empty JSON body is no body, as supabase-js sends it', async () => {
  const app = server();
  app.post('/logout', async (request) => ({ body: request.body ?? 'none' }));
  const response = await app.inject({ method: 'POST', url: '/logout', headers: json });
  expect(response.json()).toEqual({ body: 'none' });
});

describe('the functions envelope', () => {
  const app = server();
  app.register(
    async (functions) => {
      await functions.register(functionsEnvelope);
      functions.post('/send', async (request) => parse(z.object({ to: z.string() }), request.body));
      functions.post('/refuse', async () => {
        throw badRequest('No such channel', { details: 'sms', hint: 'Connect one in Settings.' });
      });
      functions.get('/duplicate', async () => {
        throw Object.assign(new Error('duplicate key value'), {
          code: '23505',
          severity: 'ERROR',
          detail: 'Key (phone)=(+1) exists.',
        });
      });
    },
    { prefix: '/functions/v1' },
  );

  test('carries error, code, details and message', async () => {
    const response = await app.inject({ method: 'POST', url: '/functions/v1/refuse' });
    expect(response.json()).toEqual({
      error: 'No such channel',
      code: 'BAD_REQUEST',
      details: 'sms',
      message: 'No such channel',
      hint: 'Connect one in Settings.',
    });
  });

  test('names the field that is wrong', async () => {
    const response = await app.inject({ method: 'POST', url: '/functions/v1/send', payload: { to: 5 } });
    expect(response.statusCode).toBe(422);
    expect(response.json()).toMatchObject({
      error: 'Validation error',
      code: 'VALIDATION_ERROR',
      details: { field: 'to' },
    });
  });

  test('says what the database refused, without its message', async () => {
    const response = await app.inject({ method: 'GET', url: '/functions/v1/duplicate' });
    expect(response.statusCode).toBe(409);
    expect(response.json()).toMatchObject({ code: 'CONFLICT', error: expect.stringMatching(/^duplicate key/) });
  });

  test('covers unknown functions and wrong methods', async () => {
    const unknown = await app.inject({ method: 'POST', url: '/functions/v1/none' });
    expect([unknown.statusCode, unknown.json().code]).toEqual([404, 'RESOURCE_NOT_FOUND']);
    const wrong = await app.inject({ method: 'GET', url: '/functions/v1/send' });
    expect([wrong.statusCode, wrong.headers.allow, wrong.json().code]).toEqual([405, 'POST', 'METHOD_NOT_ALLOWED']);
  });
});

describe('raw bodies', () => {
  const app = server({ bodyLimit: 1000 });
  app.post('/hook', { config: { rawBody: true } }, async (request) => ({
    raw: request.rawBody?.toString('hex'),
    body: request.body,
  }));
  app.post('/plain', async (request) => ({ raw: request.rawBody ?? null }));

  test('are the bytes as sent, beside the parsed body', async () => {
    const payload = '{ "name" : "\\u00e9",\n "n": 1.0 }';
    const response = await app.inject({ method: 'POST', url: '/hook', headers: json, payload });
    expect(response.json()).toEqual({ raw: Buffer.from(payload).toString('hex'), body: { name: 'é', n: 1 } });
  });

  test('are only kept where the route asks, and obey the limit', async () => {
    expect((await app.inject({ method: 'POST', url: '/plain', payload: {} })).json()).toEqual({ raw: null });
    const large = await app.inject({
      method: 'POST',
      url: '/hook',
      headers: json,
      payload: JSON.stringify('x'.repeat(2000)),
    });
    expect(large.statusCode).toBe(413);
  });
});

describe('request.signal', () => {
  test('is not aborted by a body that was read, and aborts when the time is up, with 504', async () => {
    const app = server({ handlerTimeoutMs: 10_000 });
    app.post('/quick', { config: { rawBody: true } }, async (request) => {
      await new Promise((resolve) => setImmediate(resolve));
      return { aborted: request.signal.aborted };
    });
    const { promise: reason, resolve } = Promise.withResolvers<unknown>();
    app.post('/slow', { config: { timeoutMs: 30 } }, async (request) => {
      await new Promise<void>((done) =>
        request.signal.addEventListener('abort', () => {
          resolve(request.signal.reason);
          done();
        }),
      );
    });
    const base = await listening(app);
    const quick = await fetch(`${base}/quick`, { method: 'POST', headers: json, body: '{"a":1}' });
    expect(await quick.json()).toEqual({ aborted: false });
    const slow = await fetch(`${base}/slow`, { method: 'POST', headers: json, body: '{"a":1}' });
    expect(slow.status).toBe(504);
    expect(await slow.json()).toMatchObject({ code: 'TIMEOUT' });
    expect(await reason).toMatchObject({ status: 504 });
  });

  test('aborts when the caller goes away', async () => {
    const app = server();
    const { promise: aborted, resolve } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    app.get('/wait', async (request) => {
      request.signal.addEventListener('abort', () => resolve());
      begin();
      await aborted;
    });
    const base = await listening(app);
    const caller = new AbortController();
    const call = fetch(`${base}/wait`, { signal: caller.signal });
    await begun;
    caller.abort();
    await expect(call).rejects.toThrow();
    await aborted;
  });
});

describe('security headers', () => {
  const app = server();
  app.get('/data', async () => ({ a: 1 }));
  app.get('/page', async (_request, reply) => reply.type('text/html').send('<p>'));
  app.get('/picture', async (_request, reply) => reply.type('image/svg+xml').send('<svg/>'));
  app.get(
    '/widget',
    {
      config: {
        documentHeaders: { contentSecurityPolicy: { directives: { frameAncestors: ['*'] } }, xFrameOptions: false },
      },
    },
    async (_request, reply) => reply.type('text/html').send('<p>'),
  );

  test('keep documents from running or being framed by others', async () => {
    for (const url of ['/page', '/picture']) {
      const { headers } = await app.inject(url);
      expect(headers['content-security-policy']).toMatch(/script-src 'self'/);
      expect(headers).toMatchObject({ 'x-frame-options': 'SAMEORIGIN', 'x-content-type-options': 'nosniff' });
      expect(headers['content-security-policy']).not.toMatch(/upgrade-insecure/);
    }
  });

  test('can be told that a page is made to be framed', async () => {
    const { headers } = await app.inject('/widget');
    expect(headers['content-security-policy']).toMatch(/frame-ancestors \*/);
    expect(headers['x-frame-options']).toBeUndefined();
  });

  test('are few on data, which other origins may read', async () => {
    const { headers } = await app.inject('/data');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'cross-origin',
    });
    expect(headers['content-security-policy']).toBeUndefined();
  });
});

describe('CORS', () => {
  test('lets any origin send what supabase-js sends', async () => {
    const app = server();
    app.post('/rest/v1/contacts', async () => []);
    const preflight = await app.inject({
      method: 'OPTIONS',
      url: '/rest/v1/contacts',
      headers: {
        origin: 'https://shop.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'apikey,authorization,content-type,prefer,x-client-info',
      },
    });
    expect(preflight.statusCode).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-headers': 'apikey,authorization,content-type,prefer,x-client-info',
    });
    const answer = await app.inject({
      method: 'POST',
      url: '/rest/v1/contacts',
      headers: { origin: 'https://shop.example' },
    });
    expect(answer.headers['access-control-expose-headers']).toMatch(/content-range/);
  });
});

describe('draining', () => {
  test('lets a request in flight end, and then refuses connections', async () => {
    const app = server();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const { promise: go, resolve: release } = Promise.withResolvers<void>();
    app.get('/work', async () => {
      begin();
      await go;
      return { done: true };
    });
    const base = await listening(app);
    const call = fetch(`${base}/work`);
    await begun;
    const drained = drain(app);
    expect(app.isDraining()).toBe(true);
    release();
    expect(await (await call).json()).toEqual({ done: true });
    await drained;
    await expect(fetch(`${base}/work`)).rejects.toThrow();
  });

  test('does not wait for a connection that an answer promised to keep, nor for one that was never used', async () => {
    const lines: string[] = [];
    const app = server({ log: pino({ level: 'warn' }, { write: (line) => lines.push(line) }) });
    const download = new PassThrough();
    app.get('/download', (_request, reply) => reply.send(download));
    const base = await listening(app);
    const { port, hostname } = new URL(base);
    const unused = connect(Number(port), hostname);
    await once(unused, 'connect');
    download.write('first half');
    const agent = new Agent({ keepAlive: true });
    const [answer] = await once(get(`${base}/download`, { agent }), 'response');
    expect(answer.headers.connection).toBe('keep-alive');
    const closed = once(unused, 'close');
    const drained = drain(app);
    download.end();
    await once(answer.resume(), 'end');
    await Promise.all([drained, closed]);
    expect(lines).toEqual([]);
    agent.destroy();
  });

  test('cuts what does not end in time, upgraded sockets included', async () => {
    const app = server();
    app.server.on('upgrade', (_request, socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n'));
    const base = new URL(await listening(app));
    const socket = connect(Number(base.port), base.hostname);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    await once(socket, 'data');
    const closed = once(socket, 'close');
    await drain(app, { timeoutMs: 20 });
    await closed;
  });
});

describe('health', () => {
  test('answers while other parts are down, and readiness names them without their reasons', async () => {
    const app = server();
    let broken = true;
    healthRoutes(app, {
      checks: {
        database: async () => {
          if (broken) throw new Error('password authentication failed for user "app"');
        },
        jobs: async () => {},
      },
    });
    expect((await app.inject('/health')).json()).toMatchObject({ status: 'ok' });
    const down = await app.inject('/ready');
    expect([down.statusCode, down.json()]).toEqual([
      503,
      { status: 'not ready', checks: { database: 'failed', jobs: 'ok' } },
    ]);
    broken = false;
    expect((await app.inject('/ready')).statusCode).toBe(200);
  });

  test('a check that hangs counts as failed', async () => {
    const app = server();
    healthRoutes(app, { checks: { realtime: () => new Promise(() => {}) }, timeoutMs: 20 });
    expect((await app.inject('/ready')).json().checks).toEqual({ realtime: 'failed' });
  });
});

test('a number of trusted proxies decides whose forwarded address counts', async () => {
  const forwarded = { 'x-forwarded-for': '203.0.113.9, 10.0.0.1' };
  const addressBy = async (trustProxy: number | false) => {
    const app = server({ trustProxy });
    app.get('/ip', async (request) => request.ip);
    return (await app.inject({ url: '/ip', headers: forwarded })).body;
  };
  expect(await addressBy(false)).toBe('127.0.0.1');
  expect(await addressBy(1)).toBe('10.0.0.1');
  expect(await addressBy(2)).toBe('203.0.113.9');
});
