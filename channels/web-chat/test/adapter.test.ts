import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChannelAccount } from '../../account.ts';
import { ChannelError } from '../../failure.ts';
import type { OutboundContent } from '../../outbound.ts';
import type { WebChatInbound } from '../inboundPayload.ts';
import { issueVisitorToken, originAllowed, readVisitorToken, webChat, widgetView } from '../index.ts';

const base = {
  widget_key: 'wc_1',
  at: '2026-11-20T10:00:00.000Z',
  visitor: { id: 'v1', name: 'Mona', email: 'mona@example.com', phone: null },
};
const client_id = 'f3b0c1de-9d2a-4c54-9a57-0e6a1d0f2b11';
const file = {
  id: 'f1',
  kind: 'image',
  url: 'https://files.example/f1',
  mime_type: 'image/png',
  file_name: 'a.png',
  size: 10,
} as const;

const read = (payload: WebChatInbound) => webChat.parseWebhook?.(payload)[0];

describe('what visitors do becomes inbound events', () => {
  test('a text, with the visitor and the page', () => {
    expect(
      read({ ...base, kind: 'message', client_id, text: 'Hello', page: { url: 'https://shop.example/a', title: 'A' } }),
    ).toMatchObject({
      type: 'message',
      account: { field: 'widget_key', value: 'wc_1' },
      externalId: client_id,
      direction: 'INBOUND',
      party: { externalId: 'v1', name: 'Mona', email: 'mona@example.com' },
      thread: { kind: 'direct', externalId: 'v1' },
      content: { type: 'text', text: 'Hello' },
      referral: { source: 'page', url: 'https://shop.example/a', headline: 'A' },
      dedupeKey: `wc_1:message:v1:${client_id}`,
      orderingKey: 'wc_1:v1',
    });
  });

  test('one file is media with the text as caption, several are text with attachments', () => {
    expect(read({ ...base, kind: 'message', client_id, text: 'Look', attachments: [file] })).toMatchObject({
      content: {
        type: 'media',
        media: { kind: 'image', providerMediaId: 'f1', mimeType: 'image/png' },
        caption: 'Look',
      },
      attachments: [],
    });
    expect(
      read({ ...base, kind: 'message', client_id, text: 'Look', attachments: [file, { ...file, id: 'f2' }] }),
    ).toMatchObject({
      content: { type: 'text', text: 'Look' },
      attachments: [{ providerMediaId: 'f1' }, { providerMediaId: 'f2' }],
    });
    expect(read({ ...base, kind: 'message', client_id, attachments: [file, { ...file, id: 'f2' }] })).toMatchObject({
      content: { type: 'media', media: { providerMediaId: 'f1' } },
      attachments: [{ providerMediaId: 'f2' }],
    });
  });

  test('a choice is a reply to what offered it', () => {
    expect(
      read({ ...base, kind: 'message', client_id, choice: { id: 's', title: 'Small' }, reply_to: 'm1' }),
    ).toMatchObject({
      content: { type: 'reply', reply: { kind: 'button', id: 's', title: 'Small' } },
      replyToExternalId: 'm1',
    });
  });

  test('reading, typing and telling who one is', () => {
    expect(read({ ...base, kind: 'read', message_id: 'm1', up_to: '2026-11-20T09:59:00+00:00' })).toMatchObject({
      type: 'receipt',
      status: 'READ',
      externalId: 'm1',
      upTo: '2026-11-20T09:59:00.000Z',
      recipient: { externalId: 'v1' },
    });
    expect(read({ ...base, kind: 'typing', typing: true })).toMatchObject({ type: 'typing', typing: true });
    expect(read({ ...base, kind: 'identity', fields: { topic: 'Order' } })).toMatchObject({
      type: 'contact',
      action: 'saved',
      fields: { topic: 'Order' },
    });
  });

  test('any other JSON is kept as unsupported, never thrown away', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (payload) => {
        const events = webChat.parseWebhook?.(payload) ?? [];
        expect(events).toHaveLength(1);
        expect(JSON.stringify(events)).not.toMatch(/\\u0000|\\ud[89a-f][0-9a-f]{2}/i);
      }),
      { numRuns: 300 },
    );
    expect(webChat.parseWebhook?.({ widget_key: 'wc_1', kind: 'dance' })).toMatchObject([
      { type: 'unsupported', account: { value: 'wc_1' }, providerType: 'dance' },
    ]);
    expect(() => webChat.splitWebhook?.(Buffer.from('{'))).toThrow(ChannelError);
    expect(
      webChat.splitWebhook?.(Buffer.from(JSON.stringify({ ...base, kind: 'typing', typing: false }))),
    ).toMatchObject([{ orderingKey: 'wc_1:v1' }]);
  });
});

describe('sending', () => {
  const account: ChannelAccount = { id: 'a', type: 'WEB_CHAT', settings: {}, secrets: {} };
  const nothing = () => Promise.reject(new Error('nothing is called'));
  const send = (content: OutboundContent, clientReference?: string) =>
    webChat.send(
      account,
      { to: { externalId: 'v1' }, content, ...(clientReference === undefined ? {} : { clientReference }) },
      nothing,
    );

  test('hands the message over under our own id', async () => {
    expect(await send({ type: 'text', text: 'Hello' }, 'message-1')).toEqual({
      externalId: 'message-1',
      partIds: [],
      state: 'handed_over',
    });
    expect((await send({ type: 'text', text: 'Hello' })).externalId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each([
    ['an empty text', { type: 'text', text: '' }],
    ['a poll', { type: 'poll', question: 'q', options: [] }],
    ['a contact card', { type: 'contacts', contacts: [] }],
    [
      'an HTML file as image',
      {
        type: 'media',
        media: { kind: 'image', source: { type: 'url', url: 'https://a.example' }, mimeType: 'text/html' },
      },
    ],
  ] satisfies [string, OutboundContent][])('refuses %s', async (_name, content) => {
    await expect(send(content)).rejects.toBeInstanceOf(ChannelError);
  });

  test('buttons, lists, links and places have their place in the window', () => {
    expect(
      widgetView({
        type: 'buttons',
        body: 'Which?',
        header: { type: 'text', text: 'Sizes' },
        buttons: [{ id: 's', title: 'Small' }],
      }),
    ).toMatchObject({
      text: 'Sizes\nWhich?',
      choices: [{ id: 's', title: 'Small' }],
    });
    const sections = [
      { title: 'A', rows: [{ id: '1', title: 'One', description: 'd' }] },
      { title: 'B', rows: [{ id: '2', title: 'Two' }] },
    ];
    expect(widgetView({ type: 'list', body: 'Pick', button: 'Open', sections }).choices).toEqual([
      { id: '1', title: 'One', description: 'd' },
      { id: '2', title: 'Two' },
    ]);
    expect(widgetView({ type: 'link_button', body: 'See', title: 'Open', url: 'https://a.example' }).link).toEqual({
      title: 'Open',
      url: 'https://a.example',
    });
    expect(widgetView({ type: 'location', latitude: 1, longitude: 2, name: 'Shop' }).place).toEqual({
      latitude: 1,
      longitude: 2,
      name: 'Shop',
    });
  });
});

describe('the visitor’s token', () => {
  const claims = { visitorId: 'v1', channelAccountId: 'a1', issuedAt: new Date('2026-11-20T10:00:00Z') };
  const now = new Date('2026-11-21T10:00:00Z');

  test('gives back who it was made for', () => {
    expect(readVisitorToken(issueVisitorToken(claims, 's'), 's', now)).toEqual(claims);
  });

  test('is nothing with another secret, changed, too old or from the future', () => {
    const token = issueVisitorToken(claims, 's');
    const [head, , signature] = token.split('.');
    const other = Buffer.from(JSON.stringify({ v: 'v2', a: 'a1', i: 1 })).toString('base64url');
    expect(readVisitorToken(token, 'other', now)).toBeUndefined();
    expect(readVisitorToken(`${head}.${other}.${signature}`, 's', now)).toBeUndefined();
    expect(readVisitorToken(token, 's', new Date('2028-01-01T00:00:00Z'))).toBeUndefined();
    expect(readVisitorToken(token, 's', new Date('2026-11-19T00:00:00Z'))).toBeUndefined();
    for (const text of ['', '..', 'cgv1.x', `${token}.x`, token.replace('cgv1', 'cgv2')]) {
      expect(readVisitorToken(text, 's', now)).toBeUndefined();
    }
  });
});

describe('the sites that may show a widget', () => {
  test.each([
    [[], undefined, true],
    [['https://shop.example'], 'https://shop.example', true],
    [['shop.example'], 'https://shop.example', true],
    [['https://SHOP.example/'], 'https://shop.example', true],
    [['https://*.shop.example'], 'https://www.shop.example', true],
    [['http://localhost:*'], 'http://localhost:5173', true],
    [['*'], 'https://anything.example', true],
    [['https://shop.example'], undefined, false],
    [['https://shop.example'], 'null', false],
    [['https://shop.example'], 'http://shop.example', false],
    [['https://shop.example'], 'https://shop.example:8443', false],
    [['https://shop.example'], 'https://shop.example.evil.example', false],
    [['https://*.shop.example'], 'https://shop.example', false],
    [['https://*.shop.example'], 'https://evilshop.example', false],
    [['not a site at all'], 'https://shop.example', false],
  ])('%j and %s: %s', (allowed, origin, expected) => {
    expect(originAllowed(origin, allowed)).toBe(expected);
  });
});
