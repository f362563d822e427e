import { ApiError } from '@connectgain/http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type AuthServer, freshEmail, PASSWORD, sessionOf, startAuthServer } from './authServer.ts';

describe('refreshing a session', () => {
  let server: AuthServer;
  const inactive = new Set<string>();
  beforeAll(async () => {
    server = await startAuthServer({
      canSignIn: async (id) =>
        inactive.has(id) ? new ApiError({ status: 403, code: 'user_banned', message: 'No.' }) : null,
    });
  });
  afterAll(() => server.stop());

  async function signedIn() {
    const email = freshEmail();
    await server.auth.createUser({ email, password: PASSWORD });
    return sessionOf(await server.call('/token?grant_type=password', { body: { email, password: PASSWORD } }));
  }

  const refresh = (token: string): Promise<Answer> =>
    server.call('/token?grant_type=refresh_token', { body: { refresh_token: token } });

  /** As if every use so far had happened a minute ago. */
  const aMinutePasses = (userId: string) =>
    server.database.owner.query(
      `update auth.refresh_tokens t set used_at = used_at - interval '1 minute' from auth.sessions s
       where s.id = t.session_id and s.user_id = $1`,
      [userId],
    );

  it('gives a new pair in the same session, with the claims of before', async () => {
    const first = await signedIn();
    const second = sessionOf(await refresh(first.refresh_token));
    expect(second.refresh_token).not.toBe(first.refresh_token);
    const claims = [first, second].map(({ access_token }) =>
      JSON.parse(Buffer.from(access_token.split('.')[1] ?? '', 'base64url').toString()),
    );
    expect(claims[1].session_id).toBe(claims[0].session_id);
    expect(claims[1].amr).toEqual(claims[0].amr);
    expect(claims[1].aal).toBe('aal1');
    const third = sessionOf(await refresh(second.refresh_token));
    expect((await server.call('/user', { method: 'GET', bearer: third.access_token })).status).toBe(200);
  });

  it('works through supabase-js, which stores what it got', async () => {
    const client = server.client();
    const email = freshEmail();
    await client.auth.signUp({ email, password: PASSWORD });
    const before = (await client.auth.getSession()).data.session;
    const { data, error } = await client.auth.refreshSession();
    expect(error).toBeNull();
    expect(data.session?.refresh_token).not.toBe(before?.refresh_token);
    expect((await client.auth.getUser()).data.user?.email).toBe(email);
    expect((await client.auth.getClaims()).data?.claims.email).toBe(email);
  });

  it('gives two tabs that refresh at the same moment the same successor, and keeps both signed in', async () => {
    const first = await signedIn();
    const answers = await Promise.all([1, 2, 3, 4].map(() => refresh(first.refresh_token)));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200]);
    const tokens = new Set(answers.map((answer) => sessionOf(answer).refresh_token));
    expect(tokens.size).toBe(1);
    const [successor = ''] = tokens;
    expect((await refresh(successor)).status).toBe(200);
    const rows = await server.database.owner.query(
      'select count(*)::int as n from auth.refresh_tokens t join auth.sessions s on s.id = t.session_id where s.user_id = $1',
      [first.user.id],
    );
    expect(rows.rows[0].n).toBe(3);
  });

  it('leads a tab that is some steps behind to the newest token', async () => {
    const first = await signedIn();
    const second = sessionOf(await refresh(first.refresh_token));
    const third = sessionOf(await refresh(second.refresh_token));
    expect(sessionOf(await refresh(first.refresh_token)).refresh_token).toBe(third.refresh_token);
  });

  it('ends the session for everybody when a used token comes back later', async () => {
    const first = await signedIn();
    const second = sessionOf(await refresh(first.refresh_token));
    await aMinutePasses(first.user.id);
    const stolen = await refresh(first.refresh_token);
    expect(stolen.status).toBe(400);
    expect(stolen.body).toEqual({
      code: 400,
      error_code: 'refresh_token_already_used',
      msg: 'Invalid Refresh Token: Already Used',
    });
    expect((await refresh(second.refresh_token)).body.error_code).toBe('refresh_token_not_found');
    const user = await server.call('/user', { method: 'GET', bearer: second.access_token });
    expect([user.status, user.body.error_code]).toEqual([403, 'session_not_found']);
    const log = await server.database.owner.query(
      "select payload ->> 'reason' as reason from auth.audit_log_entries where action = 'token_revoked' and user_id = $1",
      [first.user.id],
    );
    expect(log.rows).toEqual([{ reason: 'refresh token used again' }]);
  });

  it('ends only that session', async () => {
    const email = freshEmail();
    await server.auth.createUser({ email, password: PASSWORD });
    const signIn = async () =>
      sessionOf(await server.call('/token?grant_type=password', { body: { email, password: PASSWORD } }));
    const laptop = await signIn();
    const phone = await signIn();
    await refresh(laptop.refresh_token);
    await aMinutePasses(laptop.user.id);
    await refresh(laptop.refresh_token);
    expect((await refresh(phone.refresh_token)).status).toBe(200);
  });

  it('refuses tokens that were never given', async () => {
    for (const token of ['x', 'A'.repeat(43), "' or true --", 'x'.repeat(5000), server.anonKey]) {
      const answer = await refresh(token);
      expect([answer.status, answer.body.error_code]).toEqual([400, 'refresh_token_not_found']);
    }
    const { error } = await server.client().auth.refreshSession({ refresh_token: 'nothing' });
    expect(error).toMatchObject({ code: 'refresh_token_not_found', status: 400 });
  });

  it('works while the Authorization header still carries a token that ran out', async () => {
    const { refresh_token, user } = await signedIn();
    const answer = await server.call('/token?grant_type=refresh_token', {
      body: { refresh_token },
      bearer: await server.sign({ sub: user.id, role: 'authenticated' }, -60),
    });
    expect(answer.status).toBe(200);
  });

  it('refuses members who were deactivated or banned meanwhile, and does not use their token up', async () => {
    const first = await signedIn();
    inactive.add(first.user.id);
    expect((await refresh(first.refresh_token)).status).toBe(403);
    inactive.delete(first.user.id);
    await aMinutePasses(first.user.id);
    const second = sessionOf(await refresh(first.refresh_token));
    await server.database.owner.query("update auth.users set banned_until = 'infinity' where id = $1", [first.user.id]);
    expect((await refresh(second.refresh_token)).body.error_code).toBe('user_banned');
  });

  it('stops at once for a user whose sessions the server ended', async () => {
    const first = await signedIn();
    expect(await server.auth.endSessions(first.user.id)).toBe(1);
    expect((await refresh(first.refresh_token)).body.error_code).toBe('refresh_token_not_found');
    expect((await server.call('/user', { method: 'GET', bearer: first.access_token })).body.error_code).toBe(
      'session_not_found',
    );
  });
});
