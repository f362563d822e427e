import { demoLogin } from '@connectgain/database/seed/demo.ts';
import { startTestServer, type TestServer } from '@connectgain/testing/server.ts';
import type { SupabaseClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

let server: TestServer;
let client: SupabaseClient;
beforeAll(async () => {
  server = await startTestServer({ env: { DEMO: '1' } });
  client = server.client();
  const { error } = await client.auth.signInWithPassword(demoLogin);
  if (error) throw error;
}, 60_000);
afterAll(() => server.close());

const count = async (table: string) => (await client.from(table).select('id', { count: 'exact', head: true })).count;

describe('the demo workspace', () => {
  it('has people, conversations in both languages, deals, tasks and two agents', async () => {
    expect(await count('contacts')).toBe(320);
    expect(await count('conversations')).toBeGreaterThan(50);
    expect(await count('deals')).toBe(44);
    expect(await count('tasks')).toBe(30);
    expect(await count('user_roles')).toBe(3);
    const arabic = await client.from('messages').select('id', { count: 'exact', head: true }).like('content', '%شكر%');
    expect(arabic.count).toBeGreaterThan(0);
  });

  it('is played by the sandbox phone through the whole path, until the customer has read the answer', async () => {
    const channel = await client.from('channel_accounts').select('id').eq('type', 'WHATSAPP_CLOUD').single();
    const line = { channel_account_id: channel.data?.id, phone: '+201099990000' };
    const said = await client.functions.invoke('sandbox/say', {
      body: { ...line, name: 'Mona', kind: 'photo', text: 'My lamp' },
    });
    expect(said.error).toBeNull();
    const thread = await vi.waitFor(
      async () => {
        const { data } = await client
          .from('conversations')
          .select('id,contact:contacts!inner(phones)')
          .contains('contact.phones', [line.phone]);
        if (!data?.[0]) throw new Error('not yet');
        return data[0];
      },
      { timeout: 15_000 },
    );
    await client.rpc('send_message', { p_conversation_id: thread.id, p_content: 'What a lamp' });
    const status = async () =>
      (await client.from('messages').select('status').eq('conversation_id', thread.id).eq('direction', 'OUTBOUND'))
        .data?.[0]?.status;
    await expect.poll(status, { timeout: 15_000 }).toBe('DELIVERED');
    await client.functions.invoke('sandbox/read', { body: line });
    await expect.poll(status, { timeout: 15_000 }).toBe('READ');
  });

  it('has a shop that carries its chat widget', async () => {
    const page = await (await fetch(`${server.url}/sandbox/site`)).text();
    const key = /data-key="(wc_[0-9a-f]+)"/.exec(page)?.[1];
    expect(key).toBeDefined();
    expect((await fetch(`${server.url}/widget.js`)).headers.get('content-type')).toContain('javascript');
    const session = await fetch(`${server.url}/functions/v1/web-chat/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ widget_key: key }),
    });
    expect(await session.json()).toMatchObject({ config: { title: 'Lumen Home' } });
  });

  it('keeps its phone to its own members', async () => {
    const stranger = await server.signUp('Globex');
    const channel = await client.from('channel_accounts').select('id').eq('type', 'WHATSAPP_CLOUD').single();
    const { error } = await stranger.client.functions.invoke('sandbox/say', {
      body: { channel_account_id: channel.data?.id, phone: '+201099990000', kind: 'text', text: 'x' },
    });
    expect(error?.context?.status).toBe(404);
  });
});
