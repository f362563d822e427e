import { decodeJwt, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { type ApiError, authenticate, createTokens } from '../src/index.ts';

const secret = 'a shared secret of at least thirty-two bytes';
const issuer = 'http://localhost:3000/auth/v1';
const tokens = createTokens({ secret, issuer, audience: 'authenticated' });

const sub = '5c1d4c2e-0000-4000-8000-000000000001';
const refusal = (promise: Promise<unknown>): Promise<ApiError> =>
  promise.then(
    () => Promise.reject(new Error('was accepted')),
    (error: ApiError) => error,
  );

describe('tokens', () => {
  test('come back with the claims they were signed with', async () => {
    const jwt = await tokens.sign(
      { sub, role: 'authenticated', app_metadata: { provider: 'email' } },
      { expiresIn: 3600 },
    );
    const claims = await tokens.verify(jwt);
    expect(claims).toMatchObject({
      sub,
      role: 'authenticated',
      iss: issuer,
      aud: 'authenticated',
      app_metadata: { provider: 'email' },
    });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(3600);
    expect(await tokens.verify(jwt)).toEqual(claims);
  });

  test('of the instance last ten years and carry nothing but role and issuer', async () => {
    const claims = decodeJwt(await tokens.signKey('anon'));
    expect(Object.keys(claims).toSorted()).toEqual(['exp', 'iat', 'iss', 'role']);
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(315_360_000);
  });

  const now = Math.floor(Date.now() / 1000);
  const key = new TextEncoder().encode(secret);
  const make = (claims: Record<string, unknown>, alg = 'HS256') =>
    new SignJWT(claims).setProtectedHeader({ alg }).sign(key);
  const cases: [string, () => Promise<string>, string, RegExp][] = [
    ['expired', () => make({ iss: issuer, exp: now - 60 }), 'token_expired', /^JWT expired$/],
    [
      'not valid yet',
      () => make({ iss: issuer, exp: now + 60, nbf: now + 60 }),
      'token_not_yet_valid',
      /not yet valid/,
    ],
    ['of another issuer', () => make({ iss: 'https://evil.example', exp: now + 60 }), 'token_claims', /"iss"/],
    [
      'signed with another secret',
      () => createTokens({ secret: 'x'.repeat(40), issuer }).sign({}, { expiresIn: 60 }),
      'token_signature',
      /signature/,
    ],
    [
      'signed with another algorithm',
      () => make({ iss: issuer, exp: now + 60 }, 'HS512'),
      'token_malformed',
      /decoded/,
    ],
    [
      'without signature',
      async () => `${btoa('{"alg":"none"}')}.${btoa(`{"iss":"${issuer}"}`)}.`,
      'token_malformed',
      /decoded/,
    ],
    ['no token at all', async () => 'nonsense', 'token_malformed', /decoded/],
    ['megabytes long', async () => 'e'.repeat(1e6), 'token_malformed', /too long/],
  ];
  test.each(cases)('that are %s are refused with 401 and the reason', async (_name, jwt, reason, message) => {
    const error = await refusal(tokens.verify(await jwt()));
    expect(error).toMatchObject({ status: 401, code: 'AUTHENTICATION_FAILED', reason });
    expect(error.message).toMatch(message);
    expect(error.headers?.['www-authenticate']).toMatch(/^Bearer error="invalid_token"/);
  });

  test('a few seconds past their end still pass, for clocks that differ', async () => {
    expect(await tokens.verify(await make({ iss: issuer, exp: now - 5 }))).toMatchObject({ exp: now - 5 });
  });

  test('are not remembered past their end', async () => {
    let clock = Date.now();
    const watched = createTokens({ secret, issuer, now: () => clock });
    const jwt = await watched.sign({ sub }, { expiresIn: 60 });
    expect(await watched.verify(jwt)).toMatchObject({ sub });
    clock += 71_000;
    expect((await refusal(watched.verify(jwt))).reason).toBe('token_expired');
  });

  test('signed with the previous secret pass while it is listed', async () => {
    const old = await createTokens({ secret: 'o'.repeat(40), issuer }).sign({ sub }, { expiresIn: 60 });
    const rotated = createTokens({ secret, issuer, extraKeys: ['o'.repeat(40)] });
    expect(await rotated.verify(old)).toMatchObject({ sub });
  });

  test('need a secret that is long enough', () => {
    expect(() => createTokens({ secret: 'short', issuer })).toThrow(/shorter than 32 bytes/);
  });
});

describe('authenticate', async () => {
  const anon = await tokens.signKey('anon');
  const service = await tokens.signKey('service_role');
  const user = await tokens.sign({ sub, role: 'authenticated' }, { expiresIn: 60 });
  const request = (headers: Record<string, string>, query: Record<string, unknown> = {}) => ({ headers, query });

  test('without a key answers as the gateway does', async () => {
    const error = await refusal(authenticate(request({ authorization: `Bearer ${user}` }), tokens));
    expect(error).toMatchObject({
      status: 401,
      reason: 'no_api_key',
      message: 'No API key found in request',
      hint: 'No `apikey` request header or url param was found.',
    });
  });

  test('takes the role of the key, from header or query', async () => {
    expect(await authenticate(request({ apikey: anon }), tokens)).toMatchObject({ role: 'anon' });
    expect(await authenticate(request({}, { apikey: service }), tokens)).toMatchObject({ role: 'service_role' });
    expect(await authenticate(request({ apikey: anon, authorization: `Bearer ${anon}` }), tokens)).toMatchObject({
      role: 'anon',
    });
  });

  test('lets a bearer token override it', async () => {
    const principal = await authenticate(request({ apikey: anon, authorization: `bearer ${user}` }), tokens);
    expect(principal).toMatchObject({ role: 'authenticated', claims: { sub } });
    expect(await authenticate(request({ apikey: anon, authorization: `Bearer ${service}` }), tokens)).toMatchObject({
      role: 'service_role',
    });
  });

  test('refuses a bearer token that is bad even where the key is good, and ignores other schemes', async () => {
    const error = await refusal(authenticate(request({ apikey: anon, authorization: 'Bearer nonsense' }), tokens));
    expect(error.reason).toBe('token_malformed');
    expect(await authenticate(request({ apikey: anon, authorization: 'Basic eDp5' }), tokens)).toMatchObject({
      role: 'anon',
    });
  });

  test('refuses keys that are none: unknown ones and the tokens of users', async () => {
    for (const apikey of ['nonsense', user]) {
      const error = await refusal(authenticate(request({ apikey }), tokens));
      expect(error).toMatchObject({ status: 401, reason: 'invalid_api_key', message: 'Invalid API key' });
    }
  });

  test('takes a bearer token alone where the surface allows it', async () => {
    expect(
      await authenticate(request({ authorization: `Bearer ${user}` }), tokens, { apiKey: 'optional' }),
    ).toMatchObject({ role: 'authenticated' });
    expect((await refusal(authenticate(request({}), tokens, { apiKey: 'optional' }))).reason).toBe('no_token');
  });

  test('refuses a role that is no role of ours', async () => {
    const odd = await tokens.sign({ role: 'postgres' }, { expiresIn: 60 });
    const error = await refusal(authenticate(request({ apikey: anon, authorization: `Bearer ${odd}` }), tokens));
    expect(error.reason).toBe('token_claims');
  });
});
