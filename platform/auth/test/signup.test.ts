import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuthServer, freshEmail, PASSWORD, sessionOf, startAuthServer } from './authServer.ts';

describe('sign-up where accounts confirm themselves', () => {
  let server: AuthServer;
  beforeAll(async () => {
    server = await startAuthServer();
  });
  afterAll(() => server.stop());

  it('answers a session and stores what the product needs to know', async () => {
    const email = freshEmail();
    const { data, error } = await server.client().auth.signUp({
      email: ` ${email.toUpperCase()} `,
      password: PASSWORD,
      options: { data: { organization_name: 'شركة النيل', first_name: 'Mona', last_name: 'Adel' } },
    });
    expect(error).toBeNull();
    expect(data.session?.expires_in).toBe(3600);
    expect(data.session?.token_type).toBe('bearer');
    expect(data.user).toMatchObject({
      aud: 'authenticated',
      role: 'authenticated',
      email,
      app_metadata: { provider: 'email', providers: ['email'] },
      user_metadata: { organization_name: 'شركة النيل', first_name: 'Mona', last_name: 'Adel', email_verified: true },
      is_anonymous: false,
    });
    expect(data.user?.email_confirmed_at).toMatch(/Z$/);
    expect(data.user?.identities).toMatchObject([{ provider: 'email', id: data.user?.id, identity_data: { email } }]);
    const stored = await server.database.owner.query('select encrypted_password from auth.users where email = $1', [
      email,
    ]);
    expect(stored.rows[0].encrypted_password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('signs the claims that policies and clients read', async () => {
    const email = freshEmail();
    const { access_token, user } = sessionOf(await server.call('/signup', { body: { email, password: PASSWORD } }));
    const claims = JSON.parse(Buffer.from(access_token.split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({
      iss: 'http://localhost/auth/v1',
      aud: 'authenticated',
      sub: user.id,
      email,
      phone: '',
      role: 'authenticated',
      aal: 'aal1',
      is_anonymous: false,
      app_metadata: { provider: 'email' },
    });
    expect(claims.amr).toEqual([{ method: 'password', timestamp: expect.any(Number) }]);
    expect(claims.session_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(claims.exp - claims.iat).toBe(3600);
  });

  it('refuses an address that has an account', async () => {
    const email = freshEmail();
    await server.call('/signup', { body: { email, password: PASSWORD } });
    const again = await server.call('/signup', { body: { email: email.toUpperCase(), password: PASSWORD } });
    expect(again.status).toBe(422);
    expect(again.body).toEqual({ code: 422, error_code: 'user_already_exists', msg: 'User already registered' });
  });

  it('does not give away an unconfirmed account that an administrator made', async () => {
    const email = freshEmail();
    await server.auth.createUser({ email, emailConfirmed: false, appMetadata: { organization_id: 'x' } });
    const answer = await server.call('/signup', { body: { email, password: PASSWORD } });
    expect(answer.body.error_code).toBe('user_already_exists');
  });

  it('lets one of two sign-ups at the same moment win', async () => {
    const email = freshEmail();
    const answers = await Promise.all(
      [1, 2, 3].map(() => server.call('/signup', { body: { email, password: PASSWORD } })),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 422, 422]);
  });

  it.each([
    ['no body', { raw: '' }, 422, 'anonymous_provider_disabled'],
    ['broken JSON', { raw: '{"email": ' }, 400, 'bad_json'],
    ['an array', { body: [1, 2] }, 400, 'validation_failed'],
    ['text', { raw: '"hello"' }, 400, 'validation_failed'],
    ['a prototype', { raw: '{"__proto__": {"admin": true}, "email": "a@b.co"}' }, 400, 'bad_json'],
    ['a number as e-mail', { body: { email: 1, password: PASSWORD } }, 400, 'validation_failed'],
    ['an object as password', { body: { email: 'a@b.co', password: {} } }, 400, 'validation_failed'],
    ['an array as data', { body: { email: 'a@b.co', password: PASSWORD, data: [] } }, 400, 'validation_failed'],
    ['no e-mail', { body: { password: PASSWORD } }, 400, 'validation_failed'],
    ['no password', { body: { email: 'a@b.co' } }, 400, 'validation_failed'],
    ['an e-mail without a domain', { body: { email: 'somebody', password: PASSWORD } }, 400, 'validation_failed'],
    [
      'an e-mail with a line break',
      { body: { email: 'a@b.co\nBcc: x@y.co', password: PASSWORD } },
      400,
      'validation_failed',
    ],
    ['an e-mail with a NUL', { body: { email: 'a\u0000@b.co', password: PASSWORD } }, 400, 'validation_failed'],
    [
      'data with a NUL',
      { body: { email: 'a@b.co', password: PASSWORD, data: { x: '\u0000' } } },
      400,
      'validation_failed',
    ],
    ['a phone', { body: { phone: '+201001234567', password: PASSWORD } }, 400, 'phone_provider_disabled'],
    [
      'metadata too large for a token',
      { body: { email: 'a@b.co', password: PASSWORD, data: { x: 'y'.repeat(5000) } } },
      400,
      'validation_failed',
    ],
    ['a password too long', { body: { email: 'a@b.co', password: 'x'.repeat(257) } }, 400, 'validation_failed'],
  ])('refuses %s', async (_name, call, status, code) => {
    const answer = await server.call('/signup', call);
    expect(answer.body.error_code).toBe(code);
    expect(answer.status).toBe(status);
    expect(answer.body.msg).toEqual(expect.any(String));
  });

  it('refuses a body over 64 KiB', async () => {
    const answer = await server.call('/signup', {
      raw: JSON.stringify({ email: 'a@b.co', data: { x: 'y'.repeat(70_000) } }),
    });
    expect(answer.status).toBe(413);
    expect(answer.body).toMatchObject({ code: 413, error_code: 'payload_too_large' });
  });

  it('names what is weak about a password', async () => {
    const { error } = await server.client().auth.signUp({ email: freshEmail(), password: 'short12' });
    expect(error).toMatchObject({
      name: 'AuthWeakPasswordError',
      status: 422,
      code: 'weak_password',
      reasons: ['length'],
      message: 'Password should be at least 8 characters.',
    });
    const eight = await server.call('/signup', { body: { email: freshEmail(), password: 'كلمةسرية' } });
    expect(eight.status).toBe(200);
  });

  it('leaves nothing behind when a trigger of the product refuses the account', async () => {
    await server.database.owner.query(`
      create function refuse_spam() returns trigger language plpgsql as $$
      begin
        if new.raw_user_meta_data ->> 'organization_name' = 'spam' then
          raise exception 'This organization name is not available.';
        end if;
        return new;
      end $$;
      create trigger refuse_spam after insert on auth.users for each row execute function refuse_spam();
    `);
    const email = freshEmail();
    const body = { email, password: PASSWORD, data: { organization_name: 'spam' } };
    const refused = await server.call('/signup', { body });
    expect(refused.status).toBe(422);
    expect(refused.body.msg).toBe('This organization name is not available.');
    const allowed = await server.call('/signup', { body: { ...body, data: { organization_name: 'ham' } } });
    expect(allowed.status).toBe(200);
  });

  it('speaks the newer error shape to clients that ask for it', async () => {
    const call = { body: { email: 'nobody', password: PASSWORD }, headers: { 'x-supabase-api-version': '2024-01-01' } };
    const answer = await server.call('/signup', call);
    expect(answer.body).toEqual({
      code: 'validation_failed',
      message: 'Unable to validate email address: invalid format',
    });
    expect(answer.headers.get('x-supabase-api-version')).toBe('2024-01-01');
  });

  it('needs the key of the instance', async () => {
    const body = { email: freshEmail(), password: PASSWORD };
    const none = await server.call('/signup', { body, key: null });
    expect(none.status).toBe(401);
    expect(none.body).toEqual({
      message: 'No API key found in request',
      hint: 'No `apikey` request header or url param was found.',
    });
    expect((await server.call('/signup', { body, key: 'eyJ.not.ours' })).status).toBe(401);
    expect((await server.call(`/signup?apikey=${server.anonKey}`, { body, key: null })).status).toBe(200);
  });

  it('reads JSON whatever the content type says, as curl sends it', async () => {
    const answer = await server.call('/signup', {
      raw: JSON.stringify({ email: freshEmail(), password: PASSWORD }),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(answer.status).toBe(200);
  });
});

describe('sign-up with confirmation by mail', () => {
  let server: AuthServer;
  beforeAll(async () => {
    server = await startAuthServer({ autoConfirm: false });
  });
  afterAll(() => server.stop());

  it('mails a link, refuses the password until it was opened, and then lets in', async () => {
    const email = freshEmail();
    const client = server.client();
    const { data, error } = await client.auth.signUp({
      email,
      password: PASSWORD,
      options: { emailRedirectTo: 'https://app.example.test/onboarding', data: { first_name: 'Ali' } },
    });
    expect(error).toBeNull();
    expect(data.session).toBeNull();
    expect(data.user?.email_confirmed_at).toBeUndefined();
    expect(data.user?.confirmation_sent_at).toBeDefined();

    const early = await client.auth.signInWithPassword({ email, password: PASSWORD });
    expect(early.error).toMatchObject({ code: 'email_not_confirmed', status: 400 });

    const { link } = await server.mailed(email);
    const followed = await fetch(link, { redirect: 'manual' });
    expect(followed.status).toBe(303);
    const target = new URL(followed.headers.get('location') ?? '');
    expect(target.origin + target.pathname).toBe('https://app.example.test/onboarding');
    const fragment = new URLSearchParams(target.hash.slice(1));
    expect(fragment.get('type')).toBe('signup');
    const restored = await client.auth.setSession({
      access_token: fragment.get('access_token') ?? '',
      refresh_token: fragment.get('refresh_token') ?? '',
    });
    expect(restored.data.user?.user_metadata).toMatchObject({ first_name: 'Ali', email_verified: true });

    const again = await fetch(link, { redirect: 'manual' });
    const refused = new URLSearchParams(new URL(again.headers.get('location') ?? '').hash.slice(1));
    expect(Object.fromEntries(refused)).toEqual({
      error: 'access_denied',
      error_code: 'otp_expired',
      error_description: 'Email link is invalid or has expired',
    });
    const late = await client.auth.signInWithPassword({ email, password: PASSWORD });
    expect(late.error).toBeNull();
  });

  it('answers a taken address like a free one, and tells its owner by mail', async () => {
    const email = freshEmail();
    await server.auth.createUser({ email, password: PASSWORD });
    const free = await server.call('/signup', { body: { email: freshEmail(), password: 'another password' } });
    const taken = await server.call('/signup', { body: { email, password: 'another password' } });
    expect(taken.status).toBe(200);
    expect(Object.keys(taken.body)).toEqual(Object.keys(free.body));
    expect(Object.keys(taken.body.user_metadata ?? {}).sort()).toEqual(
      Object.keys(free.body.user_metadata ?? {}).sort(),
    );
    const [notice] = await server.mails(email);
    expect(notice?.subject).toBe('You already have an account on ConnectGain');
    expect(notice?.text).not.toContain('/verify');
    const original = await server.call('/token?grant_type=password', { body: { email, password: PASSWORD } });
    expect(original.status).toBe(200);
  });

  it('gives an unproven account to whoever signed up last', async () => {
    const email = freshEmail();
    await server.call('/signup', { body: { email, password: 'password of a stranger' } });
    const first = await server.mailed(email);
    await server.call('/signup', { body: { email, password: PASSWORD, data: { first_name: 'Owner' } } });
    const second = await server.mailed(email);
    const old = await fetch(first.link, { redirect: 'manual' });
    expect(old.headers.get('location')).toContain('otp_expired');
    await fetch(second.link, { redirect: 'manual' });
    const signIn = (password: string) => server.call('/token?grant_type=password', { body: { email, password } });
    expect((await signIn('password of a stranger')).status).toBe(400);
    expect((await signIn(PASSWORD)).status).toBe(200);
  });

  it('does not let a stranger’s password live on in an account that its owner opens by a link', async () => {
    const stranger = 'password of a stranger';
    const signIn = (email: string) =>
      server.call('/token?grant_type=password', { body: { email, password: stranger } });
    const byLink = freshEmail();
    await server.call('/signup', { body: { email: byLink, password: stranger } });
    await server.call('/otp', { body: { email: byLink } });
    await fetch((await server.mailed(byLink)).link, { redirect: 'manual' });
    expect((await signIn(byLink)).body.error_code).toBe('invalid_credentials');

    const byInvitation = freshEmail();
    await server.call('/signup', { body: { email: byInvitation, password: stranger } });
    await server.call('/invite', { body: { email: byInvitation }, key: server.serviceKey });
    // Signing up once more neither voids the invitation nor sets a password.
    await server.call('/signup', { body: { email: byInvitation, password: stranger } });
    const mails = await server.mails(byInvitation);
    expect(mails[0]?.subject).toBe('You already have an account on ConnectGain');
    const invitation = /http\S+verify\S+/.exec(mails[1]?.text ?? '')?.[0] ?? '';
    const opened = await fetch(invitation.replace('http://localhost', server.url), { redirect: 'manual' });
    expect(opened.headers.get('location')).toContain('type=invite');
    expect((await signIn(byInvitation)).body.error_code).toBe('invalid_credentials');
  });

  it('resends the mail, and voids the one before', async () => {
    const email = freshEmail();
    await server.call('/signup', { body: { email, password: PASSWORD } });
    const first = await server.mailed(email);
    const { error } = await server.client().auth.resend({ type: 'signup', email });
    expect(error).toBeNull();
    const second = await server.mailed(email);
    expect(second.link.href).not.toBe(first.link.href);
    const typed = await server.client().auth.verifyOtp({ email, token: first.code, type: 'signup' });
    expect(typed.error).toMatchObject({ status: 403, code: 'otp_expired' });
    const right = await server.client().auth.verifyOtp({ email, token: second.code, type: 'email' });
    expect(right.data.session?.user.email).toBe(email);
  });

  it('resends nothing for unknown or confirmed accounts, with the same answer', async () => {
    const confirmed = freshEmail();
    await server.auth.createUser({ email: confirmed, password: PASSWORD });
    for (const email of [confirmed, freshEmail('nobody')]) {
      const answer = await server.call('/resend', { body: { email, type: 'signup' } });
      expect([answer.status, answer.body]).toEqual([200, {}]);
      expect(await server.mails(email)).toEqual([]);
    }
    expect((await server.call('/resend', { body: { email: confirmed, type: 'recovery' } })).status).toBe(400);
    expect((await server.call('/resend', { body: { email: 'x', type: 'signup' } })).status).toBe(400);
  });

  it('never leads a session to a place that nobody allowed', async () => {
    for (const wanted of [
      'https://evil.example/',
      '//evil.example/',
      '/\\evil.example',
      'https://app.example.test@evil.example/',
      'javascript:alert(1)',
      'https://app.example.test.evil.example/',
    ]) {
      const email = freshEmail();
      await server.call(`/signup?redirect_to=${encodeURIComponent(wanted)}`, { body: { email, password: PASSWORD } });
      const { link } = await server.mailed(email);
      expect(link.searchParams.get('redirect_to')).toBe('https://app.example.test/');
      link.searchParams.set('redirect_to', wanted);
      const followed = await fetch(link, { redirect: 'manual' });
      expect(followed.headers.get('location')).toMatch(/^https:\/\/app\.example\.test\/#access_token=/);
    }
  });
});

describe('sign-up that is switched off', () => {
  it('says so and makes no account by links either', async () => {
    const server = await startAuthServer({ disableSignup: true });
    try {
      const email = freshEmail();
      const answer = await server.call('/signup', { body: { email, password: PASSWORD } });
      expect(answer.body).toMatchObject({ code: 422, error_code: 'signup_disabled' });
      expect((await server.call('/otp', { body: { email } })).body).toEqual({});
      expect(await server.auth.findUser({ email })).toBeUndefined();
      expect((await server.call('/settings', { method: 'GET' })).body.disable_signup).toBe(true);
    } finally {
      await server.stop();
    }
  });
});
