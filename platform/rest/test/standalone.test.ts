import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startStandalone } from '../src/standalone/server.ts';
import { readSettings } from '../src/standalone/settings.ts';
import { createFestival, type Festival } from './festivalServer.ts';

const secret = 'a secret of thirty-two characters or more';
let festival: Festival;
let uri: string;
const running: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  festival = await createFestival();
  uri = festival.database.requests.options.connectionString ?? '';
});
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});
afterAll(() => festival.close());

const start = async (environment: Record<string, string> = {}, log = pino({ level: 'silent' })) => {
  const server = await startStandalone(
    {
      PGRST_DB_URI: uri,
      PGRST_DB_SCHEMAS: 'festival',
      PGRST_SERVER_HOST: '127.0.0.1',
      PGRST_SERVER_PORT: '0',
      ...environment,
    },
    log,
  );
  running.push(server);
  const get = async (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) => {
    const answer = await fetch(server.address + path, { headers, ...init });
    const text = await answer.text();
    const json: unknown = text === '' ? undefined : JSON.parse(text);
    return { status: answer.status, headers: answer.headers, json };
  };
  return { ...server, get };
};

const token = async (claims: Record<string, unknown>, key: string | CryptoKey = secret, header = { alg: 'HS256' }) =>
  `Bearer ${await new SignJWT(claims).setProtectedHeader(header).sign(typeof key === 'string' ? new TextEncoder().encode(key) : key)}`;

const seconds = (from: number) => Math.floor(Date.now() / 1000) + from;

describe('the engine alone', () => {
  test('serves a database by its variables', async () => {
    const { get } = await start({ PGRST_DB_ANON_ROLE: 'anon', PGRST_DB_MAX_ROWS: '2', PGRST_APP_SETTINGS_TEAM: 'red' });
    const list = await get('/films?select=id&order=id');
    expect([list.status, list.json]).toEqual([200, [{ id: 1 }, { id: 2 }]]);
    expect((await get('/rpc/setting?name=app.settings.team')).json).toBe('red');
    expect((await get('/rpc/setting?name=search_path')).json).toBe('"festival", "public"');
    expect((await get('/films?select=count()')).json).toMatchObject({ code: 'PGRST123' });
  });
  test('knows callers by a shared secret', async () => {
    const { get } = await start({ PGRST_DB_ANON_ROLE: 'anon', PGRST_JWT_SECRET: secret });
    const ask = (authorization: string) => get('/rpc/who', { authorization });
    expect((await ask(await token({ role: 'authenticated', sub: 'mona' }))).json).toMatchObject({
      role: 'authenticated',
      claims: { sub: 'mona' },
    });
    expect((await ask(await token({ sub: 'x' }))).json).toMatchObject({ role: 'anon' });
    expect((await get('/rpc/who')).json).toMatchObject({ role: 'anon' });
    const refusals: [string, number, string, string][] = [
      ['Bearer ', 401, 'PGRST301', 'Empty JWT is sent in Authorization header'],
      ['Bearer a.b', 401, 'PGRST301', 'Expected 3 parts in JWT; got 2'],
      [await token({ role: 'authenticated' }, `${secret} other`), 401, 'PGRST301', 'No suitable key or wrong key type'],
      [await token({ exp: seconds(-60) }), 401, 'PGRST303', 'JWT expired'],
      [await token({ nbf: seconds(60) }), 401, 'PGRST303', 'JWT not yet valid'],
      [await token({ iat: seconds(60) }), 401, 'PGRST303', 'JWT issued at future'],
      [await token({ role: 'nobody' }), 401, '22023', 'role "nobody" does not exist'],
    ];
    for (const [authorization, status, code, message] of refusals) {
      const refused = await ask(authorization);
      expect([refused.status, refused.json]).toMatchObject([status, { code, message }]);
    }
    expect((await ask(await token({ exp: seconds(-10) }))).status).toBe(200);
    const expired = await ask(await token({ exp: seconds(-60) }));
    expect(expired.headers.get('www-authenticate')).toBe(
      'Bearer error="invalid_token", error_description="JWT expired"',
    );
  });
  test('knows callers by a key set', async () => {
    const rsa = await generateKeyPair('RS256', { extractable: true });
    const ec = await generateKeyPair('ES256', { extractable: true });
    const keys = [
      { ...(await exportJWK(rsa.publicKey)), kid: 'one', alg: 'RS256' },
      { ...(await exportJWK(ec.publicKey)), kid: 'two' },
    ];
    const { get } = await start({ PGRST_JWT_SECRET: JSON.stringify({ keys }) });
    const status = async (authorization: string) => (await get('/rpc/who', { authorization })).status;
    const claims = { role: 'authenticated' };
    expect(await status(await token(claims, rsa.privateKey, { alg: 'RS256' }))).toBe(200);
    expect(await status(await token(claims, ec.privateKey, { alg: 'ES256' }))).toBe(200);
    expect(await status(await token(claims))).toBe(401);
    const anonymous = await get('/rpc/who');
    expect([anonymous.status, anonymous.json]).toMatchObject([
      401,
      { code: 'PGRST302', message: 'Anonymous access is disabled' },
    ]);
  });
  test('checks the audience and finds the role where it is told to', async () => {
    const { get } = await start({
      PGRST_JWT_SECRET: secret,
      PGRST_JWT_AUD: 'festival',
      PGRST_JWT_ROLE_CLAIM_KEY: '."https://x/app".roles[?(@ ^== "auth")]',
    });
    const claims = { 'https://x/app': { roles: ['other', 'authenticated'] } };
    const ask = async (more: object) => await get('/rpc/who', { authorization: await token({ ...claims, ...more }) });
    expect((await ask({})).json).toMatchObject({ role: 'authenticated' });
    expect((await ask({ aud: ['x', 'festival'] })).status).toBe(200);
    expect((await ask({ aud: 'elsewhere' })).json).toMatchObject({ code: 'PGRST303', message: 'JWT not in audience' });
    expect((await ask({ aud: 5 })).json).toMatchObject({
      message: "The JWT 'aud' claim must be a string or an array of strings",
    });
  });
  test('without a secret it takes no tokens', async () => {
    const { get } = await start({ PGRST_DB_ANON_ROLE: 'anon' });
    const refused = await get('/films', { authorization: await token({ role: 'authenticated' }) });
    expect([refused.status, refused.json]).toMatchObject([
      500,
      { code: 'PGRST300', message: 'Server lacks JWT secret' },
    ]);
  });
  test('answers OPTIONS and browsers of other origins', async () => {
    const { get } = await start({ PGRST_DB_ANON_ROLE: 'anon' });
    const allow = async (path: string) => (await get(path, {}, { method: 'OPTIONS' })).headers.get('allow');
    expect(await allow('/films')).toBe('OPTIONS,GET,HEAD,POST,PUT,PATCH,DELETE');
    expect(await allow('/no_key')).toBe('OPTIONS,GET,HEAD,POST,PATCH,DELETE');
    expect(await allow('/roster')).toBe('OPTIONS,GET,HEAD');
    expect(await allow('/rpc/hello')).toBe('OPTIONS,GET,HEAD,POST');
    expect(await allow('/')).toBe('OPTIONS,GET,HEAD');
    const preflight = await get(
      '/films',
      { origin: 'http://a.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'X-A' },
      { method: 'OPTIONS' },
    );
    expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([
      200,
      'Authorization, X-A',
    ]);
    const simple = await get('/films?limit=1', { origin: 'http://a.example' });
    expect(simple.headers.get('access-control-allow-origin')).toBe('*');
  });
  test('takes settings from the database', async () => {
    await festival.database.owner.query(`create function backstage.configure() returns void language sql as $$
      select set_config('pgrst.db_schemas', 'backstage', true), set_config('pgrst.db_anon_role', 'authenticated', true) $$;
      grant usage on schema backstage to authenticator`);
    const { get } = await start({ PGRST_DB_PRE_CONFIG: 'backstage.configure' });
    expect((await get('/passes')).json).toEqual([{ id: 1, name: 'crew' }]);
  });
  test('tells timings, health and the trace of a request', async () => {
    const { get, adminAddress } = await start({
      PGRST_DB_ANON_ROLE: 'anon',
      PGRST_SERVER_TIMING_ENABLED: 'true',
      PGRST_SERVER_TRACE_HEADER: 'X-Trace',
      PGRST_ADMIN_SERVER_PORT: '0',
      PGRST_ADMIN_SERVER_HOST: '127.0.0.1',
    });
    const list = await get('/films?limit=1', { 'x-trace': 'abc' });
    expect(list.headers.get('server-timing')).toMatch(
      /^parse;dur=[\d.]+, plan;dur=[\d.]+, transaction;dur=[\d.]+, response;dur=[\d.]+$/,
    );
    expect(list.headers.get('x-trace')).toBe('abc');
    expect((await fetch(`${adminAddress}/ready`)).status).toBe(200);
    expect((await fetch(`${adminAddress}/live`)).status).toBe(200);
  });
});

describe('settings', () => {
  test('that are not known are warned about', async () => {
    const lines: string[] = [];
    await start(
      { PGRST_DB_ANON_ROL: 'anon', PGRST_APP_SETTINGS_X: '1' },
      pino({ level: 'warn' }, { write: (line: string) => lines.push(line) }),
    );
    expect(lines.join()).toContain('PGRST_DB_ANON_ROL is not known and is ignored.');
    expect(lines).toHaveLength(1);
  });
  test.each([
    [{ PGRST_SERVER_PORT: 'many' }, 'PGRST_SERVER_PORT must be a whole number, not "many".'],
    [
      { PGRST_DB_TX_END: 'maybe' },
      'PGRST_DB_TX_END must be one of commit, commit-allow-override, rollback, rollback-allow-override, not "maybe".',
    ],
    [{ PGRST_DB_PLAN_ENABLED: 'si' }, 'PGRST_DB_PLAN_ENABLED must be true or false, not "si".'],
    [
      { PGRST_JWT_ROLE_CLAIM_KEY: 'role' },
      'PGRST_JWT_ROLE_CLAIM_KEY must be a path such as .role or .app.roles[0], not "role".',
    ],
    [
      { PGRST_JWT_SECRET: '@/no/such/file' },
      'PGRST_JWT_SECRET must be the path of a file that can be read, not "@/no/such/file".',
    ],
  ])('that cannot be used are refused by name: %o', (environment, message) => {
    expect(() => readSettings(environment)).toThrow(message);
  });
  test('a short secret is refused', async () => {
    await expect(start({ PGRST_JWT_SECRET: 'short' })).rejects.toThrow(
      'PGRST_JWT_SECRET must be at least 32 characters long.',
    );
  });
  test('libpq keywords and values are a connection string too', () => {
    expect(
      readSettings({ PGRST_DB_URI: "host=db.local port=5433 user=me password='a b' dbname=x sslmode=require" }).uri,
    ).toBe('postgresql://me:a%20b@db.local:5433/x?sslmode=require');
  });
});
