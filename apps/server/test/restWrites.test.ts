import { type SignedIn, startTestServer, type TestServer } from '@connectgain/testing/server.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let server: TestServer;
let owner: SignedIn;
beforeAll(async () => {
  server = await startTestServer();
  owner = await server.signUp('Acme');
});
afterAll(() => server.close());

const token = 'EAAG-very-secret-token';

async function everythingStored(): Promise<string> {
  const { rows } = await server.database.owner.query<{ text: string }>(
    `select coalesce(string_agg(t, ''), '') as text from (
       select row_to_json(a)::text as t from public.channel_accounts a union all select row_to_json(o)::text from public.organizations o
       union all select row_to_json(w)::text from public.webhook_configurations w union all select row_to_json(s)::text from app.secrets s
       union all select row_to_json(e)::text from public.events e) all_rows`,
  );
  return rows[0]?.text ?? '';
}

describe('a secret written over REST', () => {
  it('of a channel is stored sealed, reads as its name only, and survives an update of other settings', async () => {
    const created = await owner.client
      .from('channel_accounts')
      .insert({ name: 'WA', type: 'WHATSAPP_CLOUD', settings: { phone_number_id: '1', access_token: token } })
      .select()
      .single();
    expect(created.data).toMatchObject({ settings: { phone_number_id: '1' }, secrets_set: ['access_token'] });
    const updated = await owner.client
      .from('channel_accounts')
      .update({ settings: { phone_number_id: '2', app_secret: 'another secret' } })
      .eq('id', created.data.id)
      .select()
      .single();
    expect(updated.data).toMatchObject({
      settings: { phone_number_id: '2' },
      secrets_set: ['access_token', 'app_secret'],
    });
    expect(await everythingStored()).not.toMatch(/very-secret|another secret/);
  });

  it('of a webhook and of an organization reads as nothing', async () => {
    const webhook = await owner.client
      .from('webhook_configurations')
      .insert({ url: 'https://hooks.example/x', events: ['contact.created'], secret: 'hook-secret-1' })
      .select()
      .single();
    expect(webhook.data).toMatchObject({ secret: null, has_secret: true });
    const organization = await owner.client
      .from('organizations')
      .update({ settings: { appgain_api_key: 'appgain-key-1', theme: 'x' } })
      .eq('id', owner.organizationId)
      .select()
      .single();
    expect(organization.data?.settings).toEqual({ theme: 'x' });
    expect(await everythingStored()).not.toMatch(/hook-secret-1|appgain-key-1/);
  });

  it('cannot slip past as JSON text, as a list, or as another format', async () => {
    const rows = [
      { name: 'A', type: 'TELEGRAM', settings: JSON.stringify({ bot_token: 'slip-1' }) },
      { name: 'B', type: 'TELEGRAM', settings: { bot_token: 'slip-2' } },
    ];
    expect((await owner.client.from('channel_accounts').insert(rows)).error).toBeNull();
    const csv = await fetch(`${server.url}/rest/v1/channel_accounts`, {
      method: 'POST',
      headers: { apikey: server.anonKey, authorization: `Bearer ${owner.accessToken}`, 'content-type': 'text/csv' },
      body: 'name,type,settings\nC,TELEGRAM,"{""bot_token"":""slip-3""}"\n',
    });
    expect(csv.status).toBe(400);
    expect(await everythingStored()).not.toMatch(/slip-/);
  });
});

describe('a statement that takes too long', () => {
  it('is cancelled and answered in words', async () => {
    const slow = await startTestServer({ env: { STATEMENT_TIMEOUT_MS: '300', LOG_LEVEL: 'fatal' } });
    try {
      await slow.database.owner.query(
        `create function public.nap() returns int language sql as 'select 1 from pg_sleep(20)'; notify pgrst`,
      );
      const member = await slow.signUp('Slow');
      await expect.poll(async () => (await member.client.rpc('nap')).error?.code, { timeout: 10_000 }).toBe('57014');
    } finally {
      await slow.close();
    }
  });
});
