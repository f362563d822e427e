import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuthServer, freshEmail, PASSWORD, sessionOf, startAuthServer } from './authServer.ts';

let server: AuthServer;
beforeAll(async () => {
  server = await startAuthServer({ redirectAllow: ['myapp://**', 'https://*.partner.test/reset/*'] });
});
afterAll(() => server.stop());

async function account(userMetadata: Record<string, unknown> = {}) {
  const email = freshEmail();
  const user = await server.auth.createUser({ email, password: PASSWORD, userMetadata });
  return { email, id: user.id };
}

async function follow(link: URL) {
  const answer = await fetch(link, { redirect: 'manual' });
  const target = new URL(answer.headers.get('location') ?? '');
  return { status: answer.status, headers: answer.headers, target, values: new URLSearchParams(target.hash.slice(1)) };
}

const signIn = (email: string, password: string) =>
  server.call('/token?grant_type=password', { body: { email, password } });

describe('a forgotten password', () => {
  it('goes from the documented request to the new password, once', async () => {
    const { email } = await account();
    const before = sessionOf(await signIn(email, PASSWORD));
    const asked = await server.call('/recover', {
      body: { email, options: { redirect_to: 'https://app.example.test/reset-password?from=mail' } },
    });
    expect([asked.status, asked.body]).toEqual([200, { message: 'Password recovery email sent' }]);

    const { link } = await server.mailed(email);
    const { status, headers, target, values } = await follow(link);
    expect(status).toBe(303);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(target.href.split('#')[0]).toBe('https://app.example.test/reset-password?from=mail');
    expect([values.get('type'), values.get('token_type'), values.get('expires_in')]).toEqual([
      'recovery',
      'bearer',
      '3600',
    ]);

    const reset = await server.call('/user', {
      bearer: values.get('access_token') ?? '',
      body: { password: 'newpassword123' },
    });
    expect(reset.status).toBe(200);
    expect((await server.call('/user', { method: 'GET', bearer: before.access_token })).body.error_code).toBe(
      'session_not_found',
    );
    expect((await signIn(email, PASSWORD)).body.error_code).toBe('invalid_credentials');
    expect((await signIn(email, 'newpassword123')).status).toBe(200);
    expect((await follow(link)).values.get('error_code')).toBe('otp_expired');
  });

  it('works through supabase-js with the code of the mail', async () => {
    const { email } = await account();
    const client = server.client();
    const { data, error } = await client.auth.resetPasswordForEmail(email, {
      redirectTo: 'https://app.example.test/x',
    });
    expect([data, error]).toEqual([{ message: 'Password recovery email sent' }, null]);
    const { code, link } = await server.mailed(email);
    expect(link.searchParams.get('redirect_to')).toBe('https://app.example.test/x');
    const spaced = `${code.slice(0, 3)} ${code.slice(3)}`;
    const verified = await client.auth.verifyOtp({ email, token: spaced, type: 'recovery' });
    expect(verified.error).toBeNull();
    expect((await client.auth.updateUser({ password: 'newpassword123' })).error).toBeNull();
    expect((await signIn(email, 'newpassword123')).status).toBe(200);
  });

  it('answers the same for an address without an account, and mails nothing', async () => {
    const { email } = await account();
    const known = await server.call('/recover', { body: { email } });
    const stranger = freshEmail('nobody');
    const unknown = await server.call('/recover', { body: { email: stranger } });
    expect([unknown.status, unknown.body]).toEqual([known.status, known.body]);
    expect(await server.mails(stranger)).toEqual([]);
    expect(await server.mails(email)).toHaveLength(1);
  });

  it('leads to /reset-password of the web app when nothing else was asked or allowed', async () => {
    for (const options of [undefined, { redirect_to: 'https://evil.example/' }]) {
      const { email } = await account();
      await server.call('/recover', { body: { email, options } });
      const { target } = await follow((await server.mailed(email)).link);
      expect(target.origin + target.pathname).toBe('https://app.example.test/reset-password');
    }
  });

  it.each([
    ['myapp://reset/now', true],
    ['https://eu.partner.test/reset/1', true],
    ['https://eu.partner.test/reset/1/2', false],
    ['https://a.b.partner.test/reset/1', false],
    ['https://evil.example/.partner.test/reset/1', false],
    ['http://eu.partner.test/reset/1', false],
    ['otherapp://reset', false],
  ])('redirects to %s: %s', async (wanted, allowed) => {
    const { email } = await account();
    await server.call(`/recover?redirect_to=${encodeURIComponent(wanted)}`, { body: { email } });
    const { link } = await server.mailed(email);
    expect(link.searchParams.get('redirect_to') === wanted).toBe(allowed);
  });

  it('expires', async () => {
    const { email, id } = await account();
    await server.call('/recover', { body: { email } });
    const { link, code } = await server.mailed(email);
    await server.database.owner.query('update auth.one_time_tokens set expires_at = now() where user_id = $1', [id]);
    expect((await follow(link)).values.get('error_code')).toBe('otp_expired');
    const typed = await server.call('/verify', { body: { type: 'recovery', email, token: code } });
    expect([typed.status, typed.body.error_code]).toEqual([403, 'otp_expired']);
  });

  it('is not used up by a mail scanner that sends HEAD', async () => {
    const { email } = await account();
    await server.call('/recover', { body: { email } });
    const { link } = await server.mailed(email);
    const scanned = await fetch(link, { method: 'HEAD', redirect: 'manual' });
    expect(scanned.status).toBe(405);
    expect((await follow(link)).values.get('access_token')).toMatch(/^ey/);
  });

  it('confirms an account that never was, and drops the password that nobody vouched for', async () => {
    const email = freshEmail();
    await server.auth.createUser({ email, password: 'password of a stranger', emailConfirmed: false });
    await server.call('/recover', { body: { email } });
    const { values } = await follow((await server.mailed(email)).link);
    expect((await signIn(email, 'password of a stranger')).body.error_code).toBe('invalid_credentials');
    await server.call('/user', { bearer: values.get('access_token') ?? '', body: { password: PASSWORD } });
    expect((await signIn(email, PASSWORD)).status).toBe(200);
  });

  it('does not help banned users', async () => {
    const { email, id } = await account();
    await server.call('/recover', { body: { email } });
    const { link } = await server.mailed(email);
    await server.database.owner.query("update auth.users set banned_until = 'infinity' where id = $1", [id]);
    expect((await follow(link)).values.get('error_code')).toBe('user_banned');
    await server.call('/recover', { body: { email } });
    expect(await server.mails(email)).toHaveLength(1);
  });

  it.each([{}, { email: 5 }, { email: 'x' }, { email: 'a@b.co', options: 'x' }])('refuses %j', async (body) => {
    const answer = await server.call('/recover', { body });
    expect([answer.status, answer.body.error_code]).toEqual([400, 'validation_failed']);
  });
});

describe('a mailed code', () => {
  it('dies after five wrong tries, while the link lives', async () => {
    const { email } = await account();
    await server.call('/recover', { body: { email } });
    const { code, link } = await server.mailed(email);
    const wrong = code === '000000' ? '000001' : '000000';
    const tries = await Promise.all(
      Array.from({ length: 5 }, () => server.call('/verify', { body: { type: 'recovery', email, token: wrong } })),
    );
    expect(tries.every((answer) => answer.body.error_code === 'otp_expired')).toBe(true);
    const right = await server.call('/verify', { body: { type: 'recovery', email, token: code } });
    expect(right.body.error_code).toBe('otp_expired');
    expect((await follow(link)).values.get('access_token')).toMatch(/^ey/);
  });

  it('works once when it is typed twice at the same moment', async () => {
    const { email } = await account();
    await server.call('/recover', { body: { email } });
    const { code } = await server.mailed(email);
    const both = await Promise.all(
      [1, 2].map(() => server.call('/verify', { body: { type: 'recovery', email, token: code } })),
    );
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 403]);
  });

  it("does not open somebody else's account, nor another purpose", async () => {
    const one = await account();
    const two = await account();
    await server.call('/recover', { body: { email: one.email } });
    const { code, link } = await server.mailed(one.email);
    const other = await server.call('/verify', { body: { type: 'recovery', email: two.email, token: code } });
    expect(other.body.error_code).toBe('otp_expired');
    const purpose = await server.call('/verify', { body: { type: 'email_change', email: one.email, token: code } });
    expect(purpose.body.error_code).toBe('otp_expired');
    const hash = link.searchParams.get('token') ?? '';
    expect((await server.call('/verify', { body: { type: 'signup', token_hash: hash } })).status).toBe(403);
    expect((await server.call('/verify', { body: { type: 'recovery', token_hash: hash } })).status).toBe(200);
  });

  it.each<[string, Record<string, unknown>]>([
    ['no type', { email: 'a@b.co', token: '123456' }],
    ['no token', { type: 'recovery', email: 'a@b.co' }],
    ['no e-mail', { type: 'recovery', token: '123456' }],
    ['an unknown type', { type: 'magic', email: 'a@b.co', token: '123456' }],
    ['a number', { type: 'recovery', email: 'a@b.co', token: 123456 }],
    ['a prototype', { type: '__proto__', token_hash: 'x' }],
  ])('is refused with %s', async (_name, body) => {
    const answer = await server.call('/verify', { body });
    expect([answer.status, answer.body.error_code]).toEqual([400, 'validation_failed']);
  });

  it('is not kept in the clear', async () => {
    const { email, id } = await account();
    await server.call('/recover', { body: { email } });
    const { code, link } = await server.mailed(email);
    const stored = await server.database.owner.query(
      'select t::text as row from auth.one_time_tokens t where user_id = $1',
      [id],
    );
    expect(stored.rows[0].row).not.toContain(link.searchParams.get('token'));
    expect(stored.rows[0].row).not.toContain(`,${code},`);
  });
});

describe('a sign-in link', () => {
  it('signs in an existing user', async () => {
    const { email } = await account();
    const client = server.client();
    const { error } = await client.auth.signInWithOtp({
      email,
      options: { emailRedirectTo: 'https://app.example.test/inbox' },
    });
    expect(error).toBeNull();
    const { link, code } = await server.mailed(email);
    expect(link.searchParams.get('type')).toBe('magiclink');
    const { data } = await client.auth.verifyOtp({ email, token: code, type: 'email' });
    expect(data.session?.user.email).toBe(email);
    const claims = JSON.parse(Buffer.from(data.session?.access_token.split('.')[1] ?? '', 'base64url').toString());
    expect(claims.amr).toMatchObject([{ method: 'otp' }]);
  });

  it('makes an account for a new address, confirmed by the link', async () => {
    const email = freshEmail();
    const answer = await server.call('/magiclink', { body: { email, data: { organization_name: 'Nile' } } });
    expect([answer.status, answer.body]).toEqual([200, {}]);
    const { link } = await server.mailed(email);
    expect((await server.auth.findUser({ email }))?.email_confirmed_at).toBeUndefined();
    const { values } = await follow(link);
    const user = await server.call('/user', { method: 'GET', bearer: values.get('access_token') ?? '' });
    expect(user.body).toMatchObject({ email, user_metadata: { organization_name: 'Nile', email_verified: true } });
  });

  it('makes none when told not to, without saying so', async () => {
    const email = freshEmail('nobody');
    const answer = await server.call('/otp', { body: { email, create_user: false } });
    expect([answer.status, answer.body]).toEqual([200, {}]);
    expect(await server.mails(email)).toEqual([]);
    expect(await server.auth.findUser({ email })).toBeUndefined();
  });

  it.each([
    [{ phone: '+201001234567' }, 'phone_provider_disabled'],
    [{ email: 'a@b.co', create_user: 'yes' }, 'validation_failed'],
    [{}, 'validation_failed'],
  ])('is refused for %j', async (body, code) => {
    const answer = await server.call('/otp', { body });
    expect([answer.status, answer.body.error_code]).toEqual([400, code]);
  });
});

describe('the mails', () => {
  it('are in the language of the user, Arabic from right to left', async () => {
    const { email } = await account({ language: 'ar' });
    await server.call('/recover', { body: { email }, headers: { 'accept-language': 'en' } });
    const [mail] = await server.mails(email);
    expect(mail).toMatchObject({ lang: 'ar', subject: 'اختيار كلمة مرور جديدة' });
    expect(mail?.html).toContain('<html lang="ar" dir="rtl">');
    expect(mail?.text).toContain('/auth/v1/verify?token=');
  });

  it('are in the language of the browser when the user chose none', async () => {
    const { email } = await account();
    await server.call('/recover', { body: { email }, headers: { 'accept-language': 'fr, ar-EG;q=0.8, en;q=0.5' } });
    expect((await server.mails(email))[0]?.lang).toBe('ar');
    const other = await account();
    await server.call('/recover', { body: { email: other.email }, headers: { 'accept-language': 'de' } });
    expect((await server.mails(other.email))[0]?.lang).toBe('en');
  });

  it('show what strangers typed as text, never as markup', async () => {
    const attacker = sessionOf(await signIn((await account()).email, PASSWORD));
    const next = "<img/src=x>'&@example.test".replace(/[<>]/g, '');
    await server.call('/user', { bearer: attacker.access_token, body: { email: next } });
    const [mail] = await server.mails(next);
    expect(mail?.html).toContain('img/src=x&#39;&amp;@example.test');
  });
});
