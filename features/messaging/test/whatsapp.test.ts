import { sign } from '@connectgain/testing/simulators/graph/index.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWhatsappWorld, type WhatsappWorld } from './whatsappWorld.ts';

let world: WhatsappWorld;
beforeAll(async () => {
  world = await createWhatsappWorld();
});
afterAll(() => world.close());
beforeEach(() => world.meta.faults.clear());

let lastNumber = 201_000_000_000;
const someone = (name = 'Mona Adel') => {
  lastNumber += 1;
  return world.meta.customer({ waId: String(lastNumber), name });
};

interface Thread {
  id: string;
  status: string;
  unread_count: number;
  assignee_id: string | null;
  window_expires_at: string | null;
  contact: { full_name: string; phones: string[] };
}

/** The conversation with a person, once it exists as `ready` wants it. */
async function threadOf(waId: string, ready: (thread: Thread) => boolean = () => true): Promise<Thread> {
  return await vi.waitFor(
    async () => {
      const { data, error } = await world.owner.client
        .from('conversations')
        .select('id,status,unread_count,assignee_id,window_expires_at,contact:contacts!inner(full_name,phones)')
        .contains('contact.phones', [`+${waId}`])
        .returns<Thread[]>();
      if (error) throw error;
      const thread = data[0];
      if (!thread || !ready(thread)) throw new Error(`not yet: ${JSON.stringify(data)}`);
      return thread;
    },
    { timeout: 15_000, interval: 50 },
  );
}

interface Message {
  id: string;
  direction: string;
  status: string;
  content: string | null;
  message_type: string;
  external_id: string | null;
  error_code: string | null;
  error_message: string | null;
  metadata: Record<string, unknown>;
  reply_to_id: string | null;
  edited_at: string | null;
  deleted_at: string | null;
  attachments: { status: string; mime_type: string; storage_path: string; kind: string }[];
  message_reactions: { emoji: string }[];
}

async function messagesOf(conversationId: string, ready: (messages: Message[]) => boolean): Promise<Message[]> {
  return await vi.waitFor(
    async () => {
      const { data, error } = await world.owner.client
        .from('messages')
        .select('*,attachments(*),message_reactions(*)')
        .eq('conversation_id', conversationId)
        .order('created_at')
        .order('id')
        .returns<Message[]>();
      if (error) throw error;
      if (!ready(data))
        throw new Error(`not yet: ${JSON.stringify(data.map((m) => [m.content, m.status, m.error_message]))}`);
      return data;
    },
    { timeout: 20_000, interval: 50 },
  );
}

async function send(conversationId: string, text: string, clientId: string = crypto.randomUUID()) {
  return await world.owner.client.rpc('send_message', {
    p_conversation_id: conversationId,
    p_content: text,
    p_client_id: clientId,
  });
}

describe('a message from a customer', () => {
  it('makes the contact, the conversation and the message', async () => {
    const mona = someone();
    await mona.sendText('Where is my order?');
    const thread = await threadOf(mona.person.waId);
    expect(thread).toMatchObject({ status: 'OPEN', unread_count: 1, contact: { full_name: 'Mona Adel' } });
    expect(Date.parse(thread.window_expires_at ?? '')).toBeGreaterThan(Date.now() + 23 * 3600_000);
    const [message] = await messagesOf(thread.id, (all) => all.length === 1);
    expect(message).toMatchObject({ direction: 'INBOUND', status: 'RECEIVED', content: 'Where is my order?' });
  });

  it('reopens a closed conversation instead of opening another', async () => {
    const mona = someone();
    await mona.sendText('One');
    const thread = await threadOf(mona.person.waId);
    await world.owner.client.from('conversations').update({ status: 'closed' }).eq('id', thread.id);
    await mona.sendText('Two');
    expect(await threadOf(mona.person.waId, (t) => t.unread_count === 2)).toMatchObject({
      id: thread.id,
      status: 'OPEN',
    });
  });

  it('keeps a file, with the type that its bytes have, in our own bucket', async () => {
    const mona = someone();
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    await mona.sendImage({ bytes: new Uint8Array(png), mimeType: 'image/jpeg', caption: 'Broken' });
    const thread = await threadOf(mona.person.waId);
    const [message] = await messagesOf(thread.id, (all) => all[0]?.attachments[0]?.status === 'STORED');
    expect(message).toMatchObject({ message_type: 'image', content: 'Broken' });
    const attachment = message?.attachments[0];
    expect(attachment).toMatchObject({ kind: 'image', mime_type: 'image/png' });
    const { data } = await world.owner.client.storage.from('media').download(attachment?.storage_path ?? '');
    expect(Buffer.from((await data?.arrayBuffer()) ?? new ArrayBuffer(0)).equals(png)).toBe(true);
  });

  it.each([
    [
      'location',
      (c: ReturnType<typeof someone>) => c.sendLocation({ latitude: 30.04, longitude: 31.23, name: 'Tahrir' }),
      'Tahrir',
    ],
    [
      'contacts',
      (c: ReturnType<typeof someone>) =>
        c.sendContacts([{ name: { formatted_name: 'Omar', first_name: 'Omar' }, phones: [{ phone: '+20100' }] }]),
      'Omar',
    ],
    ['unsupported', (c: ReturnType<typeof someone>) => c.sendUnsupported('poll_creation'), null],
  ])('keeps a %s', async (type, speak, content) => {
    const customer = someone();
    await speak(customer);
    const thread = await threadOf(customer.person.waId);
    const [message] = await messagesOf(thread.id, (all) => all.length === 1);
    expect(message).toMatchObject({ message_type: type, content });
  });

  it('puts a reaction, an edit and a deletion on the message they are about', async () => {
    const mona = someone();
    await mona.sendText('Hi');
    const thread = await threadOf(mona.person.waId);
    await send(thread.id, 'Hello Mona');
    await messagesOf(thread.id, (all) => all[1]?.status === 'SENT');
    const [first, second] = await messagesOf(thread.id, (all) => all.length === 2);
    await mona.sendReaction(second?.external_id ?? '', '👍');
    await mona.editText(first?.external_id ?? '', 'Hi there');
    const changed = await messagesOf(
      thread.id,
      (all) => all[1]?.message_reactions.length === 1 && all[0]?.edited_at !== null,
    );
    expect(changed[0]).toMatchObject({ content: 'Hi there', metadata: { original_content: 'Hi' } });
    expect(changed[1]?.message_reactions).toMatchObject([{ emoji: '👍' }]);
    await mona.sendReaction(second?.external_id ?? '', null);
    await mona.deleteMessage(first?.external_id ?? '');
    const after = await messagesOf(
      thread.id,
      (all) => all[1]?.message_reactions.length === 0 && all[0]?.deleted_at !== null,
    );
    expect(after).toHaveLength(2);
  });

  it('is the same message however often and in whatever order Meta delivers it', async () => {
    const mona = someone();
    const bodies: string[] = [];
    const { server, meta } = world;
    for (const text of ['one', 'two', 'three']) {
      bodies.push(
        JSON.stringify({
          object: 'whatsapp_business_account',
          entry: [
            {
              id: meta.account.waba.id,
              changes: [
                {
                  field: 'messages',
                  value: {
                    messaging_product: 'whatsapp',
                    metadata: { display_phone_number: '1', phone_number_id: meta.account.number.id },
                    contacts: [{ profile: { name: 'Mona' }, wa_id: mona.person.waId }],
                    messages: [
                      {
                        from: mona.person.waId,
                        id: `wamid.${text}`,
                        timestamp: '1763686800',
                        type: 'text',
                        text: { body: text },
                      },
                    ],
                  },
                },
              ],
            },
          ],
        }),
      );
    }
    const post = (body: string) =>
      fetch(`${server.url}/functions/v1/whatsapp-cloud-webhook`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-hub-signature-256': sign(meta.appSecret, body) },
        body,
      });
    const answers = await Promise.all([...bodies, ...bodies, ...bodies].map(post));
    expect(answers.map((answer) => answer.status)).toEqual(Array(9).fill(200));
    const thread = await threadOf(mona.person.waId, (t) => t.unread_count === 3);
    const all = await messagesOf(thread.id, (messages) => messages.length >= 3);
    expect(all.map((message) => message.content).sort()).toEqual(['one', 'three', 'two']);
  });
});

describe('an answer', () => {
  it('goes out once, and its ticks move forward only', async () => {
    const mona = someone();
    await mona.sendText('Hi');
    const thread = await threadOf(mona.person.waId);
    const clientId = crypto.randomUUID();
    const answers = await Promise.all([send(thread.id, 'Hello', clientId), send(thread.id, 'Hello', clientId)]);
    expect(new Set(answers.map((answer) => answer.data?.id)).size).toBe(1);
    await messagesOf(thread.id, (all) => all[1]?.status === 'SENT');
    expect(mona.received()).toHaveLength(1);
    await world.meta.settle();
    await messagesOf(thread.id, (all) => all[1]?.status === 'DELIVERED');
    await mona.read();
    const [, answer] = await messagesOf(thread.id, (all) => all[1]?.status === 'READ');
    await world.owner.client.from('messages').update({ status: 'DELIVERED' }).eq('id', answer?.id);
    expect((await messagesOf(thread.id, () => true))[1]?.status).toBe('READ');
  });

  it('tries again after 503 and rate limits, and says why when it gives up', async () => {
    const mona = someone();
    await mona.sendText('Hi');
    const thread = await threadOf(mona.person.waId);
    world.meta.faults.next('messages', { kind: 'http', status: 503 }, 1);
    await send(thread.id, 'After the storm');
    await messagesOf(thread.id, (all) => all[1]?.status === 'SENT');
    world.meta.faults.next('messages', { kind: 'graph', code: 131_026 }, 1);
    await send(thread.id, 'To nobody');
    const failed = (await messagesOf(thread.id, (all) => all[2]?.status === 'FAILED'))[2];
    expect(failed?.error_message).toMatch(/\w+ .*\./);
    await world.owner.client.from('messages').update({ status: 'PENDING' }).eq('id', failed?.id);
    const retried = (await messagesOf(thread.id, (all) => all[2]?.status === 'SENT'))[2];
    expect(retried).toMatchObject({ error_code: null, error_message: null });
  });

  it('is refused with words when the 24 hours are over, unless it is a template', async () => {
    const mona = someone();
    await mona.sendText('Hi');
    const thread = await threadOf(mona.person.waId);
    await world.server.database.owner.query(
      `update conversations set window_expires_at = now() - interval '1 minute' where id = $1`,
      [thread.id],
    );
    await send(thread.id, 'Too late');
    const refused = (await messagesOf(thread.id, (all) => all[1]?.status === 'FAILED'))[1];
    expect(refused).toMatchObject({ error_code: 'window_closed', error_message: expect.stringContaining('template') });
    await world.owner.client.rpc('send_message', {
      p_conversation_id: thread.id,
      p_message_type: 'template',
      p_metadata: { template: { name: 'order_update', language: 'ar', variables: ['منى', '1042'] } },
    });
    await messagesOf(thread.id, (all) => all[2]?.status === 'SENT');
  });

  it('marks the channel when Meta no longer accepts its token', async () => {
    const mona = someone();
    await mona.sendText('Hi');
    const thread = await threadOf(mona.person.waId);
    world.meta.faults.next('messages', { kind: 'graph', code: 190 }, 1);
    await send(thread.id, 'With an old token');
    await messagesOf(thread.id, (all) => all[1]?.status === 'FAILED');
    const { data } = await world.owner.client
      .from('channel_accounts')
      .select('connection_status,connection_error')
      .eq('id', world.accountId)
      .single();
    expect(data).toMatchObject({ connection_status: 'ERROR', connection_error: expect.any(String) });
  });

  it('is seen by the customer in what surrounds it: a reaction, its end, and that their message was read', async () => {
    const mona = someone();
    const theirs = await mona.sendText('Hi');
    const thread = await threadOf(mona.person.waId);
    const [first] = await messagesOf(thread.id, (all) => all.length === 1);
    const { client } = world.owner;
    expect((await client.rpc('mark_conversation_read', { p_conversation_id: thread.id })).error).toBeNull();
    await vi.waitFor(() => expect(world.meta.world.incoming.get(theirs)?.read).toBe(true), { timeout: 10_000 });
    const reactions = () => mona.received().filter((sent) => sent.type === 'reaction').length;
    await client.from('message_reactions').insert({ message_id: first?.id, emoji: '❤️' });
    await vi.waitFor(() => expect(reactions()).toBe(1), { timeout: 10_000 });
    await client.from('message_reactions').delete().eq('message_id', first?.id);
    await vi.waitFor(() => expect(reactions()).toBe(2), { timeout: 10_000 });
    expect(await messagesOf(thread.id, () => true)).toHaveLength(1);
  });

  it('by whatsapp-cloud-send finds or makes contact and conversation', async () => {
    const answer = await fetch(`${world.server.url}/functions/v1/whatsapp-cloud-send`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${world.owner.accessToken}` },
      body: JSON.stringify({ to: '201009998877@s.whatsapp.net', message: 'Hello', contactName: 'New', from: 'AIBot' }),
    });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      success: true,
      conversationId: expect.any(String),
      contactId: expect.any(String),
    });
    const anonymous = await fetch(`${world.server.url}/functions/v1/whatsapp-cloud-send`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${world.server.anonKey}` },
      body: JSON.stringify({ to: '201009998877', message: 'Hello', organizationId: world.owner.organizationId }),
    });
    expect(anonymous.status).toBe(401);
  });
});

describe('the callback', () => {
  const url = () => `${world.server.url}/functions/v1/whatsapp-cloud-webhook`;
  const stored = async () =>
    (await world.server.database.owner.query('select count(*)::int as n from inbound_events')).rows[0].n;

  it('answers the handshake for a verify token that some channel has, and only then', async () => {
    const query = (token: string) => `${url()}?hub.mode=subscribe&hub.challenge=42&hub.verify_token=${token}`;
    const good = await fetch(query(`verify-${world.meta.account.number.id}`));
    expect([good.status, await good.text()]).toEqual([200, '42']);
    expect((await fetch(query('guess'))).status).toBe(403);
  });

  it.each([
    ['no signature', '{"object":"whatsapp_business_account","entry":[]}', {}, 401],
    [
      'a wrong signature',
      '{"object":"whatsapp_business_account","entry":[]}',
      { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` },
      401,
    ],
    ['no JSON', 'hello', {}, 400],
  ])('refuses a body with %s and stores nothing', async (_case, body, headers, status) => {
    const before = await stored();
    const answer = await fetch(url(), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toHaveProperty('error');
    expect(await stored()).toBe(before);
  });

  it('refuses 5 MB', async () => {
    const answer = await fetch(url(), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `"${'x'.repeat(5_000_000)}"`,
    });
    expect(answer.status).toBe(413);
  });
});

describe('two organizations', () => {
  it('know the same person each for themselves', async () => {
    const other = await world.server.signUp('Globex');
    const { account } = await world.connect(other);
    const mona = someone();
    const monaThere = world.meta.customer({ waId: mona.person.waId, name: 'Mona' }, account);
    await mona.sendText('for Acme');
    await monaThere.sendText('for Globex');
    await threadOf(mona.person.waId);
    const theirs = await vi.waitFor(
      async () => {
        const { data } = await other.client.from('messages').select('content');
        if (data?.length !== 1) throw new Error('not yet');
        return data;
      },
      { timeout: 15_000 },
    );
    expect(theirs).toEqual([{ content: 'for Globex' }]);
  });
});
