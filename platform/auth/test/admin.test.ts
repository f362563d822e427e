import { hash } from '@node-rs/argon2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuthServer, freshEmail, PASSWORD, sessionOf, startAuthServer } from './authServer.ts';

let server: AuthServer;
beforeAll(async () => {
  server = await startAuthServer({ autoConfirm: false });
});
afterAll(() => server.stop());

const admin = () => server.client(server.serviceKey).auth.admin;
const signIn = (email: string, password = PASSWORD) =>
  server.call('/token?grant_type=password', { body: { email, password } });

describe('the admin API', () => {
  it('is closed to the anon key, to users and to nobody', async () => {
    const email = freshEmail();
    const user = await server.auth.createUser({ email, password: PASSWORD });
    const { access_token } = sessionOf(await signIn(email));
    const calls: [string, string][] = [
      ['GET', '/admin/users'],
      ['POST', '/admin/users'],
      ['GET', `/admin/users/${user.id}`],
      ['PUT', `/admin/users/${user.id}`],
      ['DELETE', `/admin/users/${user.id}`],
      ['POST', '/admin/generate_link'],
      ['POST', '/invite'],
    ];
    for (const [method, path] of calls) {
      const body = method === 'GET' ? undefined : { email: freshEmail(), type: 'recovery' };
      for (const bearer of [undefined, server.anonKey, access_token]) {
        const answer = await server.call(path, { method, body, bearer });
        expect([path, answer.status, answer.body.error_code]).toEqual([path, 403, 'not_admin']);
      }
      expect((await server.call(path, { method, body, key: null })).status).toBe(401);
      expect((await server.call(path, { method, body, key: null, bearer: server.serviceKey })).status).toBe(401);
      // The key is the service key, but who acts is the user.
      expect((await server.call(path, { method, body, key: server.serviceKey, bearer: access_token })).status).toBe(
        403,
      );
    }
    const { error } = await server.client().auth.admin.listUsers();
    expect(error).toMatchObject({ status: 403, code: 'not_admin' });
    expect(await server.auth.findUser({ id: user.id })).toBeDefined();
  });

  it('makes, reads, changes and deletes users', async () => {
    const email = freshEmail();
    const created = await admin().createUser({
      email,
      password: PASSWORD,
      email_confirm: true,
      user_metadata: { first_name: 'Sara' },
      app_metadata: { plan: 'pro' },
    });
    expect(created.error).toBeNull();
    expect(created.data.user).toMatchObject({
      email,
      user_metadata: { first_name: 'Sara' },
      app_metadata: { plan: 'pro', provider: 'email' },
    });
    const id = created.data.user?.id ?? '';
    const session = sessionOf(await signIn(email));

    const next = freshEmail();
    const updated = await admin().updateUserById(id, {
      email: next,
      user_metadata: { last_name: 'Ali' },
      role: 'authenticated',
    });
    expect(updated.data.user).toMatchObject({ email: next, user_metadata: { first_name: 'Sara', last_name: 'Ali' } });
    expect(updated.data.user?.identities?.[0]?.identity_data).toMatchObject({ email: next });
    expect((await server.call('/user', { method: 'GET', bearer: session.access_token })).body.email).toBe(next);

    await admin().updateUserById(id, { password: 'another password' });
    expect((await server.call('/user', { method: 'GET', bearer: session.access_token })).body.error_code).toBe(
      'session_not_found',
    );
    expect((await signIn(next, 'another password')).status).toBe(200);

    expect((await admin().deleteUser(id)).error).toBeNull();
    expect((await admin().getUserById(id)).error).toMatchObject({ status: 404, code: 'user_not_found' });
    expect((await signIn(next, 'another password')).body.error_code).toBe('invalid_credentials');
  });

  it('bans for a time, ends the sessions, and lifts the ban', async () => {
    const email = freshEmail();
    const user = await server.auth.createUser({ email, password: PASSWORD });
    const { access_token } = sessionOf(await signIn(email));
    const banned = await admin().updateUserById(user.id, { ban_duration: '1h30m' });
    expect(new Date(banned.data.user?.banned_until ?? 0).getTime() - Date.now()).toBeGreaterThan(5_300_000);
    expect((await server.call('/user', { method: 'GET', bearer: access_token })).status).toBe(403);
    expect((await signIn(email)).body.error_code).toBe('user_banned');
    await admin().updateUserById(user.id, { ban_duration: 'none' });
    expect((await signIn(email)).status).toBe(200);
    expect((await admin().updateUserById(user.id, { ban_duration: 'long' })).error).toMatchObject({
      code: 'validation_failed',
    });
  });

  it('deletes softly: nobody can sign in, the row stays, the address is free', async () => {
    const email = freshEmail();
    const user = await server.auth.createUser({ email, password: PASSWORD });
    const { access_token } = sessionOf(await signIn(email));
    await admin().deleteUser(user.id, true);
    expect((await server.call('/user', { method: 'GET', bearer: access_token })).status).toBe(403);
    expect((await signIn(email)).body.error_code).toBe('invalid_credentials');
    expect((await admin().getUserById(user.id)).data.user).toMatchObject({
      deleted_at: expect.any(String),
      user_metadata: {},
    });
    expect((await server.auth.createUser({ email, password: PASSWORD })).id).not.toBe(user.id);
  });

  it('says when somebody else still holds on to a user', async () => {
    const user = await server.auth.createUser({ email: freshEmail() });
    await server.database.owner.query('create table notes (author uuid references auth.users (id))');
    await server.database.owner.query('insert into notes values ($1)', [user.id]);
    const answer = await server.call(`/admin/users/${user.id}`, { method: 'DELETE', key: server.serviceKey });
    expect([answer.status, answer.body.error_code]).toEqual([409, 'conflict']);
    expect(await server.auth.findUser({ id: user.id })).toBeDefined();
    await server.database.owner.query('drop table notes');
  });

  it('takes an Argon2 hash from elsewhere and refuses other hashes', async () => {
    const email = freshEmail();
    const made = await admin().createUser({
      email,
      password_hash: await hash(PASSWORD, { memoryCost: 4096 }),
      email_confirm: true,
    });
    expect(made.error).toBeNull();
    expect((await signIn(email)).status).toBe(200);
    const bcrypt = '$2y$10$SXEz2HeT8PUIGQXo9yeUIem8KzNxgG0d7o/.eGj2rj8KbRgAuRVlq';
    const refused = await admin().createUser({ email: freshEmail(), password_hash: bcrypt });
    expect(refused.error).toMatchObject({ code: 'validation_failed' });
  });

  it.each([
    ['neither e-mail nor phone', {}, 400, 'validation_failed'],
    ['an e-mail of another form', { email: 'nothing' }, 400, 'validation_failed'],
    ['a phone of another form', { phone: 'call me' }, 400, 'validation_failed'],
    ['a weak password', { email: 'weak@example.test', password: 'x' }, 422, 'weak_password'],
    ['metadata of another type', { email: 'meta@example.test', user_metadata: 'x' }, 400, 'validation_failed'],
    ['a role that is none', { email: 'role@example.test', role: 'postgres' }, 400, 'validation_failed'],
    ['an id that is none', { email: 'id@example.test', id: '1' }, 400, 'validation_failed'],
    ['a switch that is text', { email: 'flag@example.test', email_confirm: 'yes' }, 400, 'validation_failed'],
  ])('refuses to make a user with %s', async (_name, body, status, code) => {
    const answer = await server.call('/admin/users', { body, key: server.serviceKey });
    expect([answer.status, answer.body.error_code]).toEqual([status, code]);
  });

  it('refuses what is taken and ids that are none', async () => {
    const email = freshEmail();
    await server.auth.createUser({ email });
    expect((await admin().createUser({ email })).error).toMatchObject({ status: 422, code: 'email_exists' });
    const phone = '+201001234567';
    expect((await admin().createUser({ phone, phone_confirm: true })).data.user).toMatchObject({
      phone: '201001234567',
    });
    expect((await admin().createUser({ phone })).error).toMatchObject({ status: 422, code: 'phone_exists' });
    for (const id of ['1', "'--", '00000000-0000-4000-8000-000000000000']) {
      expect(
        (await server.call(`/admin/users/${encodeURIComponent(id)}`, { method: 'GET', key: server.serviceKey })).status,
      ).toBe(404);
    }
  });

  it('lists page by page, and finds by name', async () => {
    await server.database.owner.query('delete from auth.users');
    for (let i = 0; i < 5; i++) {
      await server.auth.createUser({
        email: `list${i}@example.test`,
        userMetadata: { first_name: `Nour${i}`, last_name: '100%' },
      });
    }
    const first = await admin().listUsers({ page: 1, perPage: 2 });
    expect(first.data).toMatchObject({ aud: 'authenticated', nextPage: 2, lastPage: 3, total: 5 });
    expect(first.data.users.map((user) => user.email)).toEqual(['list4@example.test', 'list3@example.test']);
    const last = await admin().listUsers({ page: 3, perPage: 2 });
    expect(last.data).toMatchObject({ nextPage: null, users: [{ email: 'list0@example.test' }] });
    expect((await admin().listUsers()).data.users).toHaveLength(5);
    const found = await server.call('/admin/users?filter=nour3%20100%25', { method: 'GET', key: server.serviceKey });
    expect(found.body.users).toMatchObject([{ email: 'list3@example.test' }]);
    expect((await server.call('/admin/users?filter=_', { method: 'GET', key: server.serviceKey })).body.users).toEqual(
      [],
    );
    for (const query of ['page=0', 'page=x', 'per_page=-1', 'page=1e9']) {
      expect((await server.call(`/admin/users?${query}`, { method: 'GET', key: server.serviceKey })).status).toBe(400);
    }
  });
});

describe('invitations and generated links', () => {
  it('invites by mail; the guest arrives signed in and chooses a password', async () => {
    const email = freshEmail('guest');
    const { data, error } = await admin().inviteUserByEmail(email, {
      data: { first_name: 'Laila', language: 'ar' },
      redirectTo: 'https://app.example.test/accept',
    });
    expect(error).toBeNull();
    expect(data.user).toMatchObject({ email, invited_at: expect.any(String), user_metadata: { first_name: 'Laila' } });
    const { link } = await server.mailed(email);
    expect((await server.mails(email))[0]?.lang).toBe('ar');
    const answer = await fetch(link, { redirect: 'manual' });
    const values = new URLSearchParams(new URL(answer.headers.get('location') ?? '').hash.slice(1));
    expect(values.get('type')).toBe('invite');
    const chosen = await server.call('/user', {
      method: 'PUT',
      bearer: values.get('access_token') ?? '',
      body: { password: PASSWORD },
    });
    expect(chosen.status).toBe(200);
    expect((await signIn(email)).status).toBe(200);
    expect((await admin().inviteUserByEmail(email)).error).toMatchObject({ status: 422, code: 'email_exists' });
  });

  it('can be sent again while nobody came', async () => {
    const email = freshEmail('guest');
    const first = await admin().inviteUserByEmail(email);
    const second = await admin().inviteUserByEmail(email);
    expect(second.data.user?.id).toBe(first.data.user?.id);
    expect(await server.mails(email)).toHaveLength(2);
  });

  it.each([
    ['signup', true],
    ['invite', true],
    ['magiclink', true],
    ['magiclink', false],
    ['recovery', false],
  ] as const)('generates a %s link (new account: %s) that works and is not mailed', async (type, isNew) => {
    const email = freshEmail('linked');
    if (!isNew) await server.auth.createUser({ email, password: PASSWORD });
    const body = { type, email, password: PASSWORD, redirect_to: 'https://app.example.test/hello' };
    const made = await server.call('/admin/generate_link', { body, key: server.serviceKey });
    expect(made.status).toBe(200);
    expect(made.body).toMatchObject({
      email,
      email_otp: expect.stringMatching(/^\d{6}$/),
      redirect_to: 'https://app.example.test/hello',
      verification_type: isNew && type === 'magiclink' ? 'signup' : type,
    });
    expect(await server.mails(email)).toEqual([]);
    const client = server.client();
    const verified = await client.auth.verifyOtp({ token_hash: String(made.body.hashed_token), type });
    expect(verified.data.session?.user.email).toBe(email);
    const used = await fetch(String(made.body.action_link).replace('http://localhost', server.url), {
      redirect: 'manual',
    });
    expect(used.headers.get('location')).toContain('otp_expired');
  });

  it('generates both links of a change of address', async () => {
    const email = freshEmail('linked');
    const next = freshEmail('linked');
    await server.auth.createUser({ email, password: PASSWORD });
    for (const type of ['email_change_current', 'email_change_new'] as const) {
      const { data, error } = await admin().generateLink({ type, email, newEmail: next });
      expect(error).toBeNull();
      const link = (data.properties?.action_link ?? '').replace('http://localhost', server.url);
      await fetch(link, { redirect: 'manual' });
    }
    expect(await server.auth.findUser({ email: next })).toMatchObject({ email: next });
  });

  it.each([
    [{ type: 'recovery', email: 'nobody@example.test' }, 404, 'user_not_found'],
    [{ type: 'signup', email: 'new@example.test' }, 400, 'validation_failed'],
    [{ type: 'signup', email: 'new@example.test', password: 'x' }, 422, 'weak_password'],
    [{ type: 'teleport', email: 'new@example.test' }, 400, 'validation_failed'],
    [{ type: 'magiclink' }, 400, 'validation_failed'],
  ])('refuses to generate %j', async (body, status, code) => {
    const answer = await server.call('/admin/generate_link', { body, key: server.serviceKey });
    expect([answer.status, answer.body.error_code]).toEqual([status, code]);
    expect(await server.auth.findUser({ email: 'new@example.test' })).toBeUndefined();
  });
});

describe('open endpoints', () => {
  it('answer health and an empty key set without a key, settings with one', async () => {
    expect((await server.call('/health', { method: 'GET', key: null })).body).toMatchObject({ name: 'GoTrue' });
    expect((await server.call('/.well-known/jwks.json', { method: 'GET', key: null })).body).toEqual({ keys: [] });
    expect((await server.call('/settings', { method: 'GET', key: null })).status).toBe(401);
    expect((await server.call('/settings', { method: 'GET' })).body).toMatchObject({
      external: { email: true, phone: false, google: false, anonymous_users: false },
      disable_signup: false,
      mailer_autoconfirm: false,
    });
  });
});
