import pino from 'pino';
import { describe, expect, test } from 'vitest';
import { createHttpServer, functionsEnvelope, metrics, rateLimits, requestLimit } from '../src/index.ts';

const log = pino({ level: 'silent' });

describe('a rate limit', async () => {
  const app = createHttpServer({ log });
  await app.register(rateLimits, {});
  const claims: Record<string, unknown> = {};
  app.addHook('preHandler', async (request) => {
    const { organization, role } = request.headers;
    request.principal = {
      role: role === 'service_role' ? 'service_role' : 'authenticated',
      claims: { ...claims, ...(organization === undefined ? {} : { organization_id: organization }) },
    };
  });
  await app.register(
    async (functions) => {
      await functions.register(functionsEnvelope);
      functions.get('/a', { preHandler: requestLimit(app, { name: 'functions', max: 3 }) }, async () => 'a');
      functions.get('/b', { preHandler: requestLimit(app, { name: 'other', max: 3 }) }, async () => 'b');
      functions.get('/free', { preHandler: requestLimit(app, { name: 'free', max: 0 }) }, async () => 'free');
    },
    { prefix: '/functions/v1' },
  );
  const call = (path: string, headers: Record<string, string>) => app.inject({ url: `/functions/v1/${path}`, headers });

  test('counts per organization, tells how much is left, and answers 429 past it', async () => {
    const before = Math.floor(Date.now() / 1000);
    const first = await call('a', { organization: 'one' });
    expect(first.headers).toMatchObject({ 'x-ratelimit-limit': '3', 'x-ratelimit-remaining': '2' });
    const reset = Number(first.headers['x-ratelimit-reset']);
    expect(reset).toBeGreaterThanOrEqual(before + 59);
    expect(reset).toBeLessThanOrEqual(before + 62);
    await call('a', { organization: 'one' });
    expect((await call('a', { organization: 'one' })).headers['x-ratelimit-remaining']).toBe('0');
    const refused = await call('a', { organization: 'one' });
    expect(refused.statusCode).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(50);
    expect(refused.headers['x-ratelimit-remaining']).toBe('0');
    expect(refused.json()).toMatchObject({
      code: 'RATE_LIMIT_EXCEEDED',
      details: '3 requests in 60 seconds are allowed.',
    });
    expect((await call('a', { organization: 'two' })).statusCode).toBe(200);
  });

  test('does not count what another limit counts, nor the service key, nor without a limit', async () => {
    for (let n = 0; n < 4; n += 1) await call('a', { organization: 'three' });
    expect((await call('b', { organization: 'three' })).statusCode).toBe(200);
    for (let n = 0; n < 6; n += 1) {
      expect((await call('a', { role: 'service_role' })).statusCode).toBe(200);
      expect((await call('free', { organization: 'three' })).headers['x-ratelimit-limit']).toBeUndefined();
    }
  });

  test('falls back to the address for callers without organization', async () => {
    const statuses = [];
    for (let n = 0; n < 4; n += 1) statuses.push((await call('a', {})).statusCode);
    expect(statuses).toEqual([200, 200, 200, 429]);
  });
});

describe('metrics', () => {
  test('count requests by route pattern, pools and what other rooms hand in', async () => {
    const app = createHttpServer({ log });
    metrics(app, {
      pools: { owner: { totalCount: 5, idleCount: 3, waitingCount: 1 } },
      gauges: [
        { name: 'jobs', help: 'x', labels: ['state'], read: async () => [{ labels: { state: 'queued' }, value: 7 }] },
        {
          name: 'broken',
          help: 'x',
          read: async () => {
            throw new Error('no database');
          },
        },
      ],
    });
    app.get('/contacts/:id', async () => ({}));
    await app.inject('/contacts/1');
    await app.inject('/contacts/2');
    const { body, headers } = await app.inject('/metrics');
    expect(headers['content-type']).toMatch(/text\/plain/);
    expect(body).toMatch(/http_request_duration_seconds_count\{method="GET",route="\/contacts\/:id",status="200"\} 2/);
    expect(body).toMatch(/database_pool_connections\{pool="owner",state="busy"\} 2/);
    expect(body).toMatch(/jobs\{state="queued"\} 7/);
    expect(body).toMatch(/nodejs_eventloop_lag_seconds/);
  });

  test('can be kept behind a token', async () => {
    const app = createHttpServer({ log });
    metrics(app, { token: 'scrape-me' });
    expect((await app.inject('/metrics')).statusCode).toBe(401);
    expect((await app.inject({ url: '/metrics', headers: { authorization: 'Bearer scrape-me' } })).statusCode).toBe(
      200,
    );
  });
});
