import { type SignedIn, startTestServer, type TestServer } from '@connectgain/testing/server.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { markAbsent } from '../src/housekeeping.ts';

let server: TestServer;
let owner: SignedIn;
beforeAll(async () => {
  server = await startTestServer();
  owner = await server.signUp('Acme');
});
afterAll(() => server.close());

it('somebody who looks at the app is there, and gone two minutes after they stopped', async () => {
  const there = async () =>
    (await owner.client.from('profiles').select('is_online').eq('id', owner.userId).single()).data?.is_online;
  expect(await there()).toBe(false);
  await owner.client.rpc('touch_presence');
  expect(await there()).toBe(true);
  expect(await markAbsent(server.database.owner)).toBe(0);
  await server.database.owner.query(
    `update public.profiles set last_seen_at = now() - interval '3 minutes' where id = $1`,
    [owner.userId],
  );
  expect(await markAbsent(server.database.owner)).toBe(1);
  expect(await there()).toBe(false);
});
