import { type SignedIn, startTestServer, type TestServer } from '@connectgain/testing/server.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { markAbsent, wakeSnoozed } from '../src/housekeeping.ts';

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

it('a snoozed conversation is not counted until its time has come, and is then back by itself', async () => {
  const { client } = owner;
  const contact = await client.from('contacts').insert({ first_name: 'Nora' }).select('id').single();
  const channel = await client
    .from('channel_accounts')
    .insert({ name: 'Chat', type: 'WEB_CHAT' })
    .select('id')
    .single();
  const opened = await client.rpc('start_conversation', {
    p_contact_id: contact.data?.id,
    p_channel_account_id: channel.data?.id,
  });
  const counts = async () => (await client.rpc('inbox_counts')).data;
  expect(await counts()).toMatchObject({ all: 1, snoozed: 0 });
  const snooze = (until: number) =>
    client
      .from('conversations')
      .update({ snoozed_until: new Date(until).toISOString() })
      .eq('id', opened.data.id);
  await snooze(Date.now() + 3600_000);
  expect(await counts()).toMatchObject({ all: 0, snoozed: 1 });
  expect(await wakeSnoozed(server.database.owner)).toBe(0);
  await snooze(Date.now() - 1000);
  expect(await wakeSnoozed(server.database.owner)).toBe(1);
  expect(await counts()).toMatchObject({ all: 1, snoozed: 0 });
});
