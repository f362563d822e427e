import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { networkOf } from '../src/device.ts';
import { createLimiter, DEFAULT_LIMITS } from '../src/limits.ts';
import { type AuthServer, freshEmail, PASSWORD, startAuthServer } from './authServer.ts';

describe('limits', () => {
  let server: AuthServer;
  beforeAll(async () => {
    server = await startAuthServer({
      limits: {
        signInPerAddress: { attempts: 12, seconds: 300 },
        signInPerAccountAndAddress: { attempts: 3, seconds: 900 },
        signUpPerAddress: { attempts: 3, seconds: 300 },
        refreshPerAddress: { attempts: 3, seconds: 300 },
        verifyPerAddress: { attempts: 3, seconds: 300 },
        updatePerAccount: { attempts: 3, seconds: 900 },
        mailPerRecipient: { attempts: 1, seconds: 60 },
        mailPerAddress: { attempts: 5, seconds: 3600 },
      },
    });
  });
  afterAll(() => server.stop());

  const forget = () => server.database.owner.query('delete from auth.attempts');
  const signIn = (email: string, password: string) =>
    server.call('/token?grant_type=password', { body: { email, password } });

  it('stop guessing at one account, the right password included, and say when to come back', async () => {
    await forget();
    const email = freshEmail();
    await server.auth.createUser({ email, password: PASSWORD });
    for (let i = 0; i < 3; i++) expect((await signIn(email, 'wrong password')).status).toBe(400);
    const refused = await signIn(email, PASSWORD);
    expect([refused.status, refused.body.error_code]).toEqual([429, 'over_request_rate_limit']);
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(290);
    expect(wait).toBeLessThanOrEqual(300);
    expect(refused.body.msg).toBe(`Request rate limit reached: try again in ${wait} seconds.`);
    const { error } = await server.client().auth.signInWithPassword({ email, password: PASSWORD });
    expect(error).toMatchObject({ status: 429, code: 'over_request_rate_limit' });
    const other = freshEmail();
    await server.auth.createUser({ email: other, password: PASSWORD });
    expect((await signIn(other, PASSWORD)).status).toBe(200);
  });

  it('treat unknown accounts alike', async () => {
    await forget();
    const email = freshEmail('nobody');
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await signIn(email, PASSWORD)).status);
    expect(statuses).toEqual([400, 400, 400, 429]);
  });

  it('forget the wrong tries when the right password comes', async () => {
    await forget();
    const email = freshEmail();
    await server.auth.createUser({ email, password: PASSWORD });
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 2; i++) await signIn(email, 'wrong password');
      expect((await signIn(email, PASSWORD)).status).toBe(200);
    }
  });

  it('stop one address that tries many accounts', async () => {
    await forget();
    const statuses = await Promise.all(
      Array.from({ length: 15 }, async () => (await signIn(freshEmail('many'), PASSWORD)).status),
    );
    expect(statuses.filter((status) => status === 429)).toHaveLength(3);
    // The refused ones left no trace: twelve accounts and one address.
    const rows = await server.database.owner.query('select count(*)::int as n from auth.attempts');
    expect(rows.rows[0].n).toBe(13);
  });

  it('hold for sign-ups, refreshes, codes and password changes', async () => {
    await forget();
    const statusesOf = async (call: () => Promise<{ status: number }>) => {
      const statuses = [];
      for (let i = 0; i < 4; i++) statuses.push((await call()).status);
      return statuses;
    };
    const email = freshEmail();
    const user = await server.auth.createUser({ email, password: PASSWORD });
    const session = await server.auth.issueSession({ userId: user.id, method: 'password' });
    expect(
      await statusesOf(() => server.call('/signup', { body: { email: freshEmail(), password: PASSWORD } })),
    ).toEqual([200, 200, 200, 429]);
    expect(
      await statusesOf(() => server.call('/token?grant_type=refresh_token', { body: { refresh_token: 'x' } })),
    ).toEqual([400, 400, 400, 429]);
    expect(
      await statusesOf(() => server.call('/verify', { body: { type: 'recovery', email, token: '000000' } })),
    ).toEqual([403, 403, 403, 429]);
    expect(
      await statusesOf(() =>
        server.call('/user', {
          bearer: session.access_token,
          body: { password: 'new password', current_password: 'x' },
        }),
      ),
    ).toEqual([400, 400, 400, 429]);
  });

  it('let one mail a minute go to an address, whether or not it has an account', async () => {
    await forget();
    const email = freshEmail();
    await server.auth.createUser({ email, password: PASSWORD });
    for (const address of [email, freshEmail('nobody')]) {
      expect((await server.call('/recover', { body: { email: address } })).status).toBe(200);
      const refused = await server.call('/recover', { body: { email: address } });
      expect([refused.status, refused.body.error_code]).toEqual([429, 'over_email_send_rate_limit']);
      expect(refused.body.msg).toMatch(/^For security purposes, you can only request this after (60|59) seconds\.$/);
    }
    // Another kind of mail has its own minute.
    expect((await server.call('/otp', { body: { email } })).status).toBe(200);
  });

  it('let one address ask for so many mails only', async () => {
    await forget();
    const statuses = [];
    for (let i = 0; i < 6; i++)
      statuses.push((await server.call('/recover', { body: { email: freshEmail() } })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
  });

  it('give back evenly what was used, and never more than the whole', async () => {
    await forget();
    const db = server.database.owner;
    const take = async () => {
      const result = await db.query("select auth.take_attempt('k', 4, 60) as wait");
      return result.rows[0].wait;
    };
    const pass = (seconds: number) =>
      db.query("update auth.attempts set booked_until = booked_until - make_interval(secs => $1) where key = 'k'", [
        seconds,
      ]);
    expect([await take(), await take(), await take(), await take()]).toEqual([0, 0, 0, 0]);
    expect(await take()).toBeCloseTo(15, 0);
    expect(await take()).toBeCloseTo(15, 0);
    await pass(15);
    expect(await take()).toBe(0);
    expect(await take()).toBeGreaterThan(14);
    await pass(1000);
    expect([await take(), await take(), await take(), await take()]).toEqual([0, 0, 0, 0]);
    expect(await take()).toBeGreaterThan(14);
  });

  it('count exactly under concurrency', async () => {
    await forget();
    const waits = await Promise.all(
      Array.from({ length: 40 }, () => server.database.owner.query("select auth.take_attempt('c', 25, 3600) as wait")),
    );
    expect(waits.filter((result) => result.rows[0].wait === 0)).toHaveLength(25);
  });

  it('count all addresses of one IPv6 customer together', async () => {
    await forget();
    const limiter = createLimiter(server.database.owner, {
      ...DEFAULT_LIMITS,
      signUpPerAddress: { attempts: 1, seconds: 60 },
    });
    const from = (ip: string) => limiter.request('signUpPerAddress', { ip, userAgent: null });
    await from('2001:db8:1:2::1');
    await expect(from('2001:db8:1:2:ffff::9')).rejects.toMatchObject({ status: 429 });
    await from('2001:db8:1:3::1');
  });
});

describe('networkOf', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:DB8::1', '2001:db8:0:0::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001::', '2001:db8:1:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('of %s is %s', (ip, network) => {
    expect(networkOf(ip)).toBe(network);
  });

  it('of no address is one for all', () => {
    expect(networkOf(null)).toBe('unknown');
  });
});
