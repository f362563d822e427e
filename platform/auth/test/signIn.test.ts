import { ApiError } from '@connectgain/http';
import { hash } from '@node-rs/argon2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuthServer, freshEmail, PASSWORD, sessionOf, startAuthServer } from './authServer.ts';

describe('sign-in by password', () => {
  let server: AuthServer;
  const inactive = new Set<string>();
  beforeAll(async () => {
    server = await startAuthServer({
      async canSignIn(userId) {
        if (!inactive.has(userId)) return null;
        return new ApiError({
          status: 403,
          code: 'INSUFFICIENT_PERMISSIONS',
          message: 'Your account was deactivated.',
        });
      },
      accessTokenHook: async (userId) => ({ organization_id: `org-of-${userId}`, role: 'service_role', sub: 'x' }),
    });
  });
  afterAll(() => server.stop());

  const signIn = (email: string, password = PASSWORD) =>
    server.call('/token?grant_type=password', { body: { email, password } });

  it('answers the documented session', async () => {
    const email = freshEmail();
    const user = await server.auth.createUser({ email, password: PASSWORD });
    const answer = await server.call('/token?grant_type=password', {
      body: { email: email.toUpperCase(), password: PASSWORD },
      headers: { 'user-agent': 'Test Browser/1.0' },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toMatchObject({
      access_token: expect.any(String),
      token_type: 'bearer',
      expires_in: 3600,
      refresh_token: expect.any(String),
      user: { id: user.id, email, email_confirmed_at: expect.any(String), last_sign_in_at: expect.any(String) },
    });
    expect(Number(answer.body.expires_at) - Date.now() / 1000).toBeCloseTo(3600, -1);
    const stored = await server.database.owner.query(
      `select s.user_agent, host(s.ip) as ip, t.token_hash from auth.sessions s join auth.refresh_tokens t on t.session_id = s.id
       where s.user_id = $1`,
      [user.id],
    );
    expect(stored.rows).toMatchObject([{ user_agent: 'Test Browser/1.0', ip: '127.0.0.1' }]);
    expect(stored.rows[0].token_hash.toString('utf8')).not.toContain(answer.body.refresh_token);
    const log = await server.database.owner.query(
      'select action from auth.audit_log_entries where user_id = $1 order by created_at',
      [user.id],
    );
    expect(log.rows.map((row) => row.action)).toEqual(['user_signedup', 'login']);
  });

  it('adds the claims of the hook and keeps its own', async () => {
    const email = freshEmail();
    const user = await server.auth.createUser({ email, password: PASSWORD });
    const { access_token } = sessionOf(await signIn(email));
    const claims = JSON.parse(Buffer.from(access_token.split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({ organization_id: `org-of-${user.id}`, role: 'authenticated', sub: user.id });
  });

  it('says the same for a wrong password, an unknown account and an account without a password', async () => {
    const email = freshEmail();
    const withoutPassword = freshEmail();
    await server.auth.createUser({ email, password: PASSWORD });
    await server.auth.createUser({ email: withoutPassword });
    const refused = { code: 400, error_code: 'invalid_credentials', msg: 'Invalid login credentials' };
    for (const [address, password] of [
      [email, 'wrong password'],
      [email, ''],
      [email, 'x'.repeat(10_000)],
      [freshEmail('nobody'), PASSWORD],
      [withoutPassword, PASSWORD],
      ['not an address', PASSWORD],
      ["' or 1=1 --", PASSWORD],
    ] as const) {
      const answer = await signIn(address, password);
      expect([answer.status, answer.body]).toEqual([400, refused]);
    }
    const { error } = await server.client().auth.signInWithPassword({ email, password: 'wrong password' });
    expect(error).toMatchObject({ name: 'AuthApiError', status: 400, code: 'invalid_credentials' });
  });

  it('tells about the account only to whoever knows the password', async () => {
    const unconfirmed = freshEmail();
    await server.auth.createUser({ email: unconfirmed, password: PASSWORD, emailConfirmed: false });
    expect((await signIn(unconfirmed, 'wrong password')).body.error_code).toBe('invalid_credentials');
    expect((await signIn(unconfirmed)).body.error_code).toBe('email_not_confirmed');

    const banned = freshEmail();
    const { id } = await server.auth.createUser({ email: banned, password: PASSWORD });
    await server.database.owner.query("update auth.users set banned_until = now() + interval '1 hour' where id = $1", [
      id,
    ]);
    expect((await signIn(banned, 'wrong password')).body.error_code).toBe('invalid_credentials');
    expect((await signIn(banned)).body).toMatchObject({ code: 400, error_code: 'user_banned' });

    const removed = freshEmail();
    const member = await server.auth.createUser({ email: removed, password: PASSWORD });
    inactive.add(member.id);
    expect((await signIn(removed, 'wrong password')).body.error_code).toBe('invalid_credentials');
    const refused = await signIn(removed);
    expect([refused.status, refused.body]).toEqual([
      403,
      { code: 403, error_code: 'user_banned', msg: 'Your account was deactivated.' },
    ]);
    const { error } = await server.client().auth.signInWithPassword({ email: removed, password: PASSWORD });
    expect(error).toMatchObject({ status: 403, code: 'user_banned', message: 'Your account was deactivated.' });
    await expect(server.auth.issueSession({ userId: member.id, method: 'password' })).rejects.toThrow('deactivated');
  });

  it('takes a password typed on another keyboard for the same text', async () => {
    const email = freshEmail();
    await server.auth.createUser({ email, password: 'caf\u00e9 cr\u00e8me' });
    expect((await signIn(email, 'cafe\u0301 cre\u0300me')).status).toBe(200);
  });

  it('renews hashes made with other parameters', async () => {
    const email = freshEmail();
    const { id } = await server.auth.createUser({ email });
    const old = await hash(PASSWORD, { memoryCost: 4096, timeCost: 3 });
    await server.database.owner.query('update auth.users set encrypted_password = $2 where id = $1', [id, old]);
    expect((await signIn(email)).status).toBe(200);
    const stored = await server.database.owner.query('select encrypted_password from auth.users where id = $1', [id]);
    expect(stored.rows[0].encrypted_password).toContain('m=19456,t=2,p=1');
    expect((await signIn(email)).status).toBe(200);
  });

  it.each([
    ['no grant type', '/token', { body: { email: 'a@b.co', password: 'x' } }, 'invalid_credentials'],
    ['an unknown grant type', '/token?grant_type=magic', { body: {} }, 'invalid_credentials'],
    ['no e-mail', '/token?grant_type=password', { body: { password: 'x' } }, 'validation_failed'],
    [
      'e-mail and phone',
      '/token?grant_type=password',
      { body: { email: 'a@b.co', phone: '1', password: 'x' } },
      'validation_failed',
    ],
    [
      'a phone',
      '/token?grant_type=password',
      { body: { phone: '201001234567', password: 'x' } },
      'phone_provider_disabled',
    ],
    ['wrong types', '/token?grant_type=password', { body: { email: ['a@b.co'], password: 1 } }, 'validation_failed'],
    ['broken JSON', '/token?grant_type=password', { raw: '{' }, 'bad_json'],
    ['no refresh token', '/token?grant_type=refresh_token', { body: {} }, 'validation_failed'],
    [
      'a refresh token of another type',
      '/token?grant_type=refresh_token',
      { body: { refresh_token: 1 } },
      'validation_failed',
    ],
  ])('refuses %s', async (_name, path, call, code) => {
    const answer = await server.call(path, call);
    expect([answer.status, answer.body.error_code]).toEqual([400, code]);
  });

  it('reads the form of an OAuth client', async () => {
    const email = freshEmail();
    await server.auth.createUser({ email, password: PASSWORD });
    const answer = await server.call('/token', {
      raw: new URLSearchParams({ grant_type: 'password', email, password: PASSWORD }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(answer.status).toBe(200);
  });

  it('answers unknown paths and verbs in the same envelope', async () => {
    expect((await server.call('/nothing', { method: 'GET' })).body).toMatchObject({
      code: 404,
      msg: expect.any(String),
    });
    expect((await server.call('/signup', { method: 'GET' })).status).toBe(405);
  });
});

describe('sessions made by server code', () => {
  let server: AuthServer;
  beforeAll(async () => {
    server = await startAuthServer();
  });
  afterAll(() => server.stop());

  it('live as long as the caller says, also after a refresh', async () => {
    const user = await server.auth.createUser({ email: freshEmail(), password: PASSWORD });
    const month = 2_592_000;
    const session = await server.auth.issueSession({
      userId: user.id,
      method: 'password',
      tag: 'mobile',
      accessTokenSeconds: month,
    });
    expect(session.expires_in).toBe(month);
    const refreshed = await server.call('/token?grant_type=refresh_token', {
      body: { refresh_token: session.refresh_token },
    });
    expect(refreshed.body.expires_in).toBe(month);
    expect((await server.call('/user', { method: 'GET', bearer: session.access_token })).status).toBe(200);
  });

  it('end when their time is over', async () => {
    const user = await server.auth.createUser({ email: freshEmail(), password: PASSWORD });
    const session = await server.auth.issueSession({ userId: user.id, method: 'password', sessionSeconds: 3600 });
    await server.database.owner.query('update auth.sessions set not_after = now() where user_id = $1', [user.id]);
    const refused = await server.call('/token?grant_type=refresh_token', {
      body: { refresh_token: session.refresh_token },
    });
    expect(refused.body.error_code).toBe('session_expired');
    expect((await server.call('/user', { method: 'GET', bearer: session.access_token })).body.error_code).toBe(
      'session_not_found',
    );
  });

  it('are refused for somebody who does not exist', async () => {
    const nobody = '00000000-0000-4000-8000-000000000000';
    await expect(server.auth.issueSession({ userId: nobody, method: 'password' })).rejects.toMatchObject({
      status: 404,
    });
  });

  it('createUser refuses what sign-up refuses', async () => {
    const email = freshEmail();
    await server.auth.createUser({ email, password: PASSWORD });
    await expect(server.auth.createUser({ email, password: PASSWORD })).rejects.toMatchObject({ code: 'email_exists' });
    await expect(server.auth.createUser({ email: freshEmail(), password: 'short' })).rejects.toMatchObject({
      code: 'weak_password',
    });
    await expect(server.auth.createUser({ email: 'nothing' })).rejects.toMatchObject({ code: 'validation_failed' });
    const found = await server.auth.findUser({ email: email.toUpperCase() });
    await server.auth.deleteUser(found?.id ?? '');
    expect(await server.auth.findUser({ email })).toBeUndefined();
  });
});
