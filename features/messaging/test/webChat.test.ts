import { type SignedIn, startTestServer, type TestServer } from '@connectgain/testing/server.ts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

let server: TestServer;
let owner: SignedIn;
let key: string;
let accountId: string;

beforeAll(async () => {
  server = await startTestServer();
  owner = await server.signUp('Acme');
  const { data, error } = await owner.client
    .from('channel_accounts')
    .insert({
      name: 'Website',
      type: 'WEB_CHAT',
      settings: { title: 'Acme', allowed_origins: ['https://shop.example'] },
    })
    .select('id,routing_key')
    .single();
  if (error) throw error;
  key = data.routing_key;
  accountId = data.id;
});
afterAll(() => server.close());

async function call(
  path: string,
  o: {
    method?: string;
    body?: unknown;
    token?: string;
    origin?: string;
    raw?: Uint8Array<ArrayBuffer>;
    type?: string;
  } = {},
) {
  const answer = await fetch(`${server.url}/functions/v1/web-chat/${path}`, {
    method: o.method ?? (o.body === undefined && o.raw === undefined ? 'GET' : 'POST'),
    headers: {
      origin: o.origin ?? 'https://shop.example',
      ...(o.raw
        ? { 'content-type': o.type ?? 'image/png' }
        : o.body === undefined
          ? {}
          : { 'content-type': 'application/json' }),
      ...(o.token ? { authorization: `Bearer ${o.token}` } : {}),
    },
    ...(o.raw ? { body: o.raw } : o.body === undefined ? {} : { body: JSON.stringify(o.body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
}

async function visitor(identity?: object) {
  const { body } = await call('sessions', { body: { widget_key: key, ...(identity ? { identity } : {}) } });
  return { token: String(body.visitor_token), cursor: String(body.cursor), id: String(body.visitor_id) };
}

async function conversations(count: number) {
  return await vi.waitFor(
    async () => {
      const { data } = await owner.client
        .from('conversations')
        .select('id,thread_key,contact_id,unread_count')
        .eq('channel_account_id', accountId);
      if ((data?.length ?? 0) < count) throw new Error('not yet');
      return data ?? [];
    },
    { timeout: 15_000, interval: 50 },
  );
}

describe('a visitor', () => {
  it('writes, is answered while waiting, and reads', async () => {
    const me = await visitor({ name: 'Nadia', email: 'nadia@mail.example' });
    const clientId = crypto.randomUUID();
    const message = { client_id: clientId, text: 'Is the lamp in stock?', page: { url: 'https://shop.example/lamp' } };
    const sent = await call('messages', { body: message, token: me.token });
    expect(sent).toMatchObject({ status: 202, body: { message: { id: clientId, from: 'visitor', status: 'sent' } } });
    await call('messages', { body: message, token: me.token });

    const all = await conversations(1);
    const mine = all.find((conversation) => conversation.thread_key === me.id);
    expect(mine?.unread_count).toBe(1);

    const listed = await call('messages', { token: me.token });
    expect(listed.body.messages).toHaveLength(1);
    const waiting = call(`events?cursor=${encodeURIComponent(listed.body.cursor)}`, { token: me.token });
    await owner.client.rpc('send_message', { p_conversation_id: mine?.id, p_content: 'Yes, three of them.' });
    const news = await waiting;
    expect(news.body.events[0]).toMatchObject({
      type: 'message',
      message: { from: 'agent', text: 'Yes, three of them.', author: { name: 'Owner' } },
    });

    const answerId = news.body.events[0].message.id;
    await vi.waitFor(
      async () => {
        const { data } = await owner.client
          .from('messages')
          .select('status')
          .eq('conversation_id', mine?.id)
          .eq('direction', 'OUTBOUND')
          .single();
        expect(data?.status).toBe('SENT');
      },
      { timeout: 10_000 },
    );
    const { body } = await call('messages', { token: me.token });
    expect((await call('read', { body: { message_id: body.messages.at(-1).id }, token: me.token })).status).toBe(204);
    expect(answerId).toBeTruthy();
    await vi.waitFor(
      async () => {
        const { data } = await owner.client
          .from('messages')
          .select('status')
          .eq('conversation_id', mine?.id)
          .eq('direction', 'OUTBOUND')
          .single();
        expect(data?.status).toBe('READ');
      },
      { timeout: 10_000 },
    );
  });

  it('is told the same by an event stream, which goes on where it stopped', async () => {
    const me = await visitor();
    await call('messages', { body: { client_id: crypto.randomUUID(), text: 'Hello' }, token: me.token });
    const mine = await vi.waitFor(
      async () => {
        const found = (await conversations(1)).find((conversation) => conversation.thread_key === me.id);
        if (!found) throw new Error('not yet');
        return found;
      },
      { timeout: 10_000 },
    );
    const gone = new AbortController();
    const stream = await fetch(`${server.url}/functions/v1/web-chat/events?cursor=${me.cursor}`, {
      headers: { accept: 'text/event-stream', authorization: `Bearer ${me.token}`, origin: 'https://shop.example' },
      signal: gone.signal,
    });
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    await owner.client.rpc('send_message', { p_conversation_id: mine.id, p_content: 'Streamed' });
    let text = '';
    for await (const chunk of stream.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes('Streamed')) break;
    }
    gone.abort();
    expect(text).toMatch(/^id: \S+$/m);
  });

  it('sends a file, which the agent can open', async () => {
    const me = await visitor();
    const png = new Uint8Array(
      Buffer.from(
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
        'base64',
      ),
    );
    const upload = await call('attachments?file_name=lamp.png', { raw: png, token: me.token });
    expect(upload).toMatchObject({
      status: 201,
      body: { kind: 'image', mime_type: 'image/png', file_name: 'lamp.png' },
    });
    await call('messages', {
      body: { client_id: crypto.randomUUID(), attachment_ids: [upload.body.id] },
      token: me.token,
    });
    const attachment = await vi.waitFor(
      async () => {
        const { data } = await owner.client
          .from('attachments')
          .select('*,messages!inner(conversations!inner(thread_key))')
          .eq('messages.conversations.thread_key', me.id);
        if (data?.[0]?.status !== 'STORED') throw new Error('not yet');
        return data[0];
      },
      { timeout: 15_000 },
    );
    expect(attachment).toMatchObject({ mime_type: 'image/png', file_name: 'lamp.png' });
    const { data } = await owner.client.storage.from('media').download(attachment.storage_path);
    expect(data?.size).toBe(png.length);
  });

  it('never sees another visitor, not even by typing their e-mail address', async () => {
    const victim = await visitor({ name: 'Vera', email: 'vera@mail.example' });
    await call('messages', { body: { client_id: crypto.randomUUID(), text: 'My secret' }, token: victim.token });
    await vi.waitFor(
      async () => expect((await call('messages', { token: victim.token })).body.messages).toHaveLength(1),
      { timeout: 10_000 },
    );
    const thief = await visitor({ name: 'Vera', email: 'vera@mail.example' });
    await call('messages', { body: { client_id: crypto.randomUUID(), text: 'It is me' }, token: thief.token });
    await vi.waitFor(
      async () => expect((await call('messages', { token: thief.token })).body.messages).toHaveLength(1),
      { timeout: 10_000 },
    );
    const texts = (await call('messages', { token: thief.token })).body.messages.map(
      (message: { text: string }) => message.text,
    );
    expect(texts).toEqual(['It is me']);
  });
});

describe('what is refused', () => {
  it.each([
    ['an unknown widget key', () => call('sessions', { body: { widget_key: 'wc_none' } }), 404, 'WIDGET_NOT_FOUND'],
    [
      'a site that is not allowed',
      () => call('sessions', { body: { widget_key: key }, origin: 'https://evil.example' }),
      403,
      'ORIGIN_NOT_ALLOWED',
    ],
    ['a forged token', () => call('messages', { token: 'cgv1.e30.x' }), 401, 'VISITOR_TOKEN_INVALID'],
    ['no token', () => call('events'), 401, 'VISITOR_TOKEN_INVALID'],
  ])('%s', async (_case, request, status, code) => {
    expect(await request()).toMatchObject({ status, body: { code, error: expect.any(String) } });
  });

  it('an empty message, a foreign upload, a file that is too odd', async () => {
    const me = await visitor();
    const other = await visitor();
    expect((await call('messages', { body: { client_id: crypto.randomUUID() }, token: me.token })).status).toBe(400);
    expect((await call('messages', { body: { client_id: 'no uuid', text: 'x' }, token: me.token })).status).toBe(400);
    const foreign = { client_id: crypto.randomUUID(), attachment_ids: [`${other.id}/${crypto.randomUUID()}`] };
    expect((await call('messages', { body: foreign, token: me.token })).status).toBe(400);
    expect((await call('attachments?file_name=a.png', { raw: new Uint8Array(0), token: me.token })).status).toBe(400);
  });
});
