import { createTokens } from '@connectgain/http';
import { testSecret } from '@connectgain/testing/database.ts';
import { type SignedIn, startTestServer, type TestServer } from '@connectgain/testing/server.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let server: TestServer;
let acme: SignedIn;
let colleague: string;
let globex: SignedIn;
const tokens = createTokens({ secret: testSecret, issuer: 'connectgain' });

beforeAll(async () => {
  server = await startTestServer({
    env: { RATE_LIMIT_FUNCTIONS: '3', RATE_LIMIT_REST: '6', RATE_LIMIT_KEY: '4' },
  });
  acme = await server.signUp('Acme');
  globex = await server.signUp('Globex');
  colleague = await colleagueOf(acme);
});
afterAll(() => server.close());

/** The access token of another member of the same organization. */
async function colleagueOf(member: SignedIn): Promise<string> {
  const { rows } = await server.database.owner.query<{ id: string }>(
    `insert into auth.users (email, raw_app_meta_data) values ('agent@acme.example',
       jsonb_build_object('invitation', jsonb_build_object('organization_id', $1::text, 'role', 'AGENT'))) returning id`,
    [member.organizationId],
  );
  return await tokens.sign({ role: 'authenticated', sub: rows[0]?.id ?? '' }, { expiresIn: '1h' });
}

const ofKey = (id: string) =>
  tokens.sign(
    { role: 'authenticated', api_key_id: id, organization_id: acme.organizationId, permissions: {} },
    { expiresIn: '1h' },
  );

const rest = (token: string, o: RequestInit = {}) =>
  fetch(`${server.url}/rest/v1/contacts?select=id`, {
    ...o,
    headers: { apikey: server.anonKey, authorization: `Bearer ${token}` },
  });
const send = (token: string) =>
  fetch(`${server.url}/functions/v1/whatsapp-cloud-send`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: '{}',
  });
const remaining = (answer: Response) => answer.headers.get('x-ratelimit-remaining');

describe('requests to functions', () => {
  it('are counted per organization, whoever of its members calls, and refused with 429 past the limit', async () => {
    const first = await send(acme.accessToken);
    expect(first.status).toBe(400);
    expect(first.headers.get('x-ratelimit-limit')).toBe('3');
    expect(remaining(first)).toBe('2');
    expect(remaining(await send(colleague))).toBe('1');
    expect(remaining(await send(acme.accessToken))).toBe('0');
    const refused = await send(colleague);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(refused.headers.get('x-ratelimit-reset'))).toBeGreaterThan(Date.now() / 1000);
    expect(await refused.json()).toEqual({
      error: expect.stringMatching(/^Rate limit exceeded: try again in \d+ seconds?\.$/),
      message: expect.any(String),
      code: 'RATE_LIMIT_EXCEEDED',
      details: '3 requests in 60 seconds are allowed.',
    });
    expect((await send(globex.accessToken)).status).toBe(400);
  });

  it('leave webhooks of providers alone', async () => {
    for (let n = 0; n < 5; n += 1) {
      const answer = await fetch(`${server.url}/functions/v1/whatsapp-cloud-webhook?hub.mode=subscribe`);
      expect(answer.status).toBe(403);
    }
  });
});

describe('requests to REST', () => {
  it('are counted per organization, apart from functions, and refused in the gateway’s words', async () => {
    // Signing up has read the profile.
    for (let n = 0; n < 3; n += 1) expect((await rest(globex.accessToken)).status).toBe(200);
    expect(remaining(await rest(globex.accessToken, { method: 'HEAD' }))).toBe('1');
    expect(remaining(await rest(globex.accessToken))).toBe('0');
    const refused = await rest(globex.accessToken);
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({
      message: expect.stringContaining('try again'),
      code: 'RATE_LIMIT_EXCEEDED',
    });
    expect(refused.headers.get('access-control-expose-headers')).toContain('x-ratelimit-remaining');
  });

  it('with the service key are not limited', async () => {
    for (let n = 0; n < 8; n += 1) expect((await rest(server.serviceRoleKey)).status).toBe(200);
  });

  it('with credentials that are not accepted are counted by address and told so', async () => {
    const answers = await Promise.all(Array.from({ length: 9 }, () => rest('not.a.token')));
    const statuses = answers.map((answer) => answer.status);
    expect(statuses).toContain(401);
    expect(statuses).toContain(429);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
  });
});

it('requests with an API key are counted per key over both surfaces, not against their organization', async () => {
  const [one, two] = await Promise.all([
    ofKey('00000000-0000-4000-8000-000000000001'),
    ofKey('00000000-0000-4000-8000-000000000002'),
  ]);
  expect((await rest(one)).headers.get('x-ratelimit-limit')).toBe('4');
  expect(remaining(await send(one))).toBe('2');
  await rest(one);
  expect(remaining(await rest(one))).toBe('0');
  expect((await rest(one)).status).toBe(429);
  expect((await send(one)).status).toBe(429);
  expect((await rest(two)).status).toBe(200);
});
