import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuthServer, freshEmail, PASSWORD, sessionOf, startAuthServer } from './authServer.ts';

let server: AuthServer;
beforeAll(async () => {
  server = await startAuthServer();
});
afterAll(() => server.stop());

async function signedIn(email = freshEmail()) {
  await server.auth.createUser({ email, password: PASSWORD, userMetadata: { first_name: 'Omar', theme: 'dark' } });
  return { email, ...(await signIn(email)) };
}

async function signIn(email: string, password = PASSWORD) {
  return sessionOf(await server.call('/token?grant_type=password', { body: { email, password } }));
}

describe('GET /user', () => {
  it('answers who is signed in', async () => {
    const { email, access_token, user } = await signedIn();
    const answer = await server.call('/user', { method: 'GET', bearer: access_token });
    expect(answer.body).toMatchObject({ id: user.id, email, user_metadata: { first_name: 'Omar' } });
    expect(JSON.stringify(answer.body)).not.toMatch(/argon|password/);
  });

  it('refuses whoever is not', async () => {
    const { user } = await signedIn();
    const elsewhere = '00000000-0000-4000-8000-000000000000';
    const cases: [string, string | undefined, number, string][] = [
      ['no token', undefined, 401, 'no_authorization'],
      ['no JWT', 'nonsense', 403, 'bad_jwt'],
      ['the anon key', server.anonKey, 403, 'bad_jwt'],
      ['an expired token', await server.sign({ sub: user.id, role: 'authenticated' }, -60), 403, 'bad_jwt'],
      ['a subject that is no id', await server.sign({ sub: 'me', role: 'authenticated' }), 403, 'bad_jwt'],
      ['an unknown user', await server.sign({ sub: elsewhere, role: 'authenticated' }), 403, 'user_not_found'],
      ['an unknown session', await server.sign({ sub: user.id, session_id: elsewhere }), 403, 'session_not_found'],
      ['a session that is no id', await server.sign({ sub: user.id, session_id: "'" }), 403, 'bad_jwt'],
    ];
    for (const [name, bearer, status, code] of cases) {
      const answer = await server.call('/user', { method: 'GET', bearer });
      expect([name, answer.status, answer.body.error_code]).toEqual([name, status, code]);
    }
    const forged = `${server.anonKey.split('.').slice(0, 2).join('.')}.${'A'.repeat(43)}`;
    expect((await server.call('/user', { method: 'GET', bearer: forged })).body.error_code).toBe('bad_jwt');
  });

  it("does not accept somebody else's session id", async () => {
    const one = await signedIn();
    const two = await signedIn();
    const claims = JSON.parse(Buffer.from(one.access_token.split('.')[1] ?? '', 'base64url').toString());
    const mixed = await server.sign({ sub: two.user.id, session_id: claims.session_id, role: 'authenticated' });
    expect((await server.call('/user', { method: 'GET', bearer: mixed })).body.error_code).toBe('session_not_found');
  });
});

describe('changing one’s own account', () => {
  it('merges metadata, null removing a key', async () => {
    const client = server.client();
    const { email } = await signedIn();
    await client.auth.signInWithPassword({ email, password: PASSWORD });
    const { data, error } = await client.auth.updateUser({
      data: { first_name: 'Omar A.', theme: null, language: 'ar' },
    });
    expect(error).toBeNull();
    expect(data.user?.user_metadata).toEqual({ first_name: 'Omar A.', language: 'ar' });
  });

  it.each(['PUT', 'POST'])('takes a new password by %s, and signs out every other device', async (method) => {
    const { email, access_token, user } = await signedIn();
    const other = await signIn(email);
    const changed = await server.call('/user', { method, bearer: access_token, body: { password: 'a new password' } });
    expect(changed.status).toBe(200);
    expect(changed.body.id).toBe(user.id);
    expect((await server.call('/user', { method: 'GET', bearer: access_token })).status).toBe(200);
    expect((await server.call('/user', { method: 'GET', bearer: other.access_token })).body.error_code).toBe(
      'session_not_found',
    );
    const old = await server.call('/token?grant_type=password', { body: { email, password: PASSWORD } });
    expect(old.body.error_code).toBe('invalid_credentials');
    await signIn(email, 'a new password');
  });

  it('refuses passwords that are weak, the same, or sent with a wrong current one', async () => {
    const { access_token } = await signedIn();
    const put = (body: unknown) => server.call('/user', { method: 'PUT', bearer: access_token, body });
    const weak = await put({ password: '1234567' });
    expect([weak.status, weak.body]).toEqual([
      422,
      {
        code: 422,
        error_code: 'weak_password',
        msg: 'Password should be at least 8 characters.',
        weak_password: { reasons: ['length'] },
      },
    ]);
    expect((await put({ password: PASSWORD })).body.error_code).toBe('same_password');
    expect((await put({ password: 'a new password', current_password: 'wrong' })).body.error_code).toBe(
      'invalid_credentials',
    );
    expect((await put({ password: 'a new password', current_password: PASSWORD })).status).toBe(200);
  });

  it('leaves app_metadata, role and confirmation to the server', async () => {
    const { access_token } = await signedIn();
    const put = (body: unknown) => server.call('/user', { method: 'PUT', bearer: access_token, body });
    const refused = await put({ app_metadata: { plan: 'pro' } });
    expect([refused.status, refused.body.error_code]).toEqual([403, 'not_admin']);
    const ignored = await put({ role: 'service_role', email_confirmed_at: null, id: 'x', data: { ok: true } });
    expect(ignored.body).toMatchObject({ role: 'authenticated', user_metadata: { ok: true } });
  });

  it.each([
    ['metadata that is a list', { data: [1] }],
    ['a password that is a number', { password: 12345678 }],
    ['an e-mail of another form', { email: 'new address' }],
    ['metadata over 4 KiB', { data: { x: 'y'.repeat(5000) } }],
    ['text', 'hello'],
  ])('refuses %s', async (_name, body) => {
    const { access_token } = await signedIn();
    const answer = await server.call('/user', { method: 'PUT', bearer: access_token, body });
    expect([answer.status, answer.body.error_code]).toEqual([400, 'validation_failed']);
  });

  it('needs a session', async () => {
    expect((await server.call('/user', { body: { password: 'a new password' } })).status).toBe(401);
    expect((await server.call('/user', { body: { data: {} }, bearer: server.serviceKey })).status).toBe(403);
  });
});

describe('changing the e-mail', () => {
  const follow = async (link: URL) =>
    new URLSearchParams(
      new URL((await fetch(link, { redirect: 'manual' })).headers.get('location') ?? '').hash.slice(1),
    );

  it('waits for both mailboxes', async () => {
    const { email, access_token } = await signedIn();
    const next = freshEmail('new');
    const asked = await server.call('/user', { bearer: access_token, body: { email: next } });
    expect(asked.body).toMatchObject({ email, new_email: next });

    const half = await follow((await server.mailed(next)).link);
    expect(half.get('message')).toContain('proceed to confirm link sent to the other email');
    expect((await server.call('/user', { method: 'GET', bearer: access_token })).body.email).toBe(email);

    const whole = await follow((await server.mailed(email)).link);
    expect(whole.get('type')).toBe('email_change');
    const user = await server.call('/user', { method: 'GET', bearer: whole.get('access_token') ?? '' });
    expect(user.body).toMatchObject({ email: next, identities: [{ identity_data: { email: next } }] });
    expect(user.body.new_email).toBeUndefined();
    await signIn(next);
  });

  it('takes codes from supabase-js as well', async () => {
    const client = server.client();
    const { email } = await signedIn();
    await client.auth.signInWithPassword({ email, password: PASSWORD });
    const next = freshEmail('new');
    const { error } = await client.auth.updateUser({ email: next });
    expect(error).toBeNull();
    const first = await client.auth.verifyOtp({
      email,
      token: (await server.mailed(email)).code,
      type: 'email_change',
    });
    expect([first.error, first.data.session]).toEqual([null, null]);
    const second = await client.auth.verifyOtp({
      email: next,
      token: (await server.mailed(next)).code,
      type: 'email_change',
    });
    expect(second.data.user?.email).toBe(next);
  });

  it('refuses an address that has an account, at the asking and at the confirming', async () => {
    const { access_token, email } = await signedIn();
    const taken = (await signedIn()).email;
    const refused = await server.call('/user', { bearer: access_token, body: { email: taken } });
    expect([refused.status, refused.body.error_code]).toEqual([422, 'email_exists']);

    const next = freshEmail('new');
    await server.call('/user', { bearer: access_token, body: { email: next } });
    await server.auth.createUser({ email: next, password: PASSWORD });
    await follow((await server.mailed(next)).link);
    expect((await follow((await server.mailed(email)).link)).get('error_code')).toBe('email_exists');
  });

  it('is called off by a new password', async () => {
    const { access_token } = await signedIn();
    const next = freshEmail('new');
    await server.call('/user', { bearer: access_token, body: { email: next } });
    const changed = await server.call('/user', { bearer: access_token, body: { password: 'a new password' } });
    expect(changed.body.new_email).toBeUndefined();
    expect((await follow((await server.mailed(next)).link)).get('error_code')).toBe('otp_expired');
  });
});

describe('POST /logout', () => {
  it.each([
    ['global', [403, 403]],
    ['local', [403, 200]],
    ['others', [200, 403]],
  ] as const)('with scope %s ends the right sessions', async (scope, expected) => {
    const client = server.client();
    const { email } = await signedIn();
    await server.database.owner.query('delete from auth.sessions');
    await client.auth.signInWithPassword({ email, password: PASSWORD });
    const mine = (await client.auth.getSession()).data.session?.access_token ?? '';
    const other = await signIn(email);
    const { error } = await client.auth.signOut({ scope });
    expect(error).toBeNull();
    const statuses = await Promise.all(
      [mine, other.access_token].map(async (bearer) => (await server.call('/user', { method: 'GET', bearer })).status),
    );
    expect(statuses).toEqual(expected);
    expect((await client.auth.getSession()).data.session === null).toBe(scope !== 'others');
  });

  it('answers 204 to the documented call, ends everything, and is refused the second time', async () => {
    const { access_token, refresh_token } = await signedIn();
    const answer = await server.call('/logout', { body: {}, bearer: access_token });
    expect(answer.status).toBe(204);
    expect((await server.call('/logout', { body: {}, bearer: access_token })).body.error_code).toBe(
      'session_not_found',
    );
    const refreshed = await server.call('/token?grant_type=refresh_token', { body: { refresh_token } });
    expect(refreshed.body.error_code).toBe('refresh_token_not_found');
  });

  it('refuses another scope and nobody', async () => {
    const { access_token } = await signedIn();
    const answer = await server.call('/logout?scope=world', { bearer: access_token });
    expect([answer.status, answer.body.error_code]).toEqual([400, 'validation_failed']);
    expect((await server.call('/logout')).status).toBe(401);
  });
});
