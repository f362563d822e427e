import { describe, expect, test } from 'vitest';
import {
  messageSchema,
  messagesQuerySchema,
  sessionAnswerSchema,
  sessionRequestSchema,
  visitorMessageSchema,
  widgetEventSchema,
} from '../protocol.ts';
import { defaultConfig } from './widgetServer.ts';

const client_id = 'f3b0c1de-9d2a-4c54-9a57-0e6a1d0f2b11';

describe('what a visitor sends', () => {
  test.each([
    ['text', { client_id, text: 'Hello' }],
    ['files alone', { client_id, attachment_ids: ['a', 'b'] }],
    ['a choice', { client_id, choice: { id: 's', title: 'Small' }, reply_to: 'm1' }],
    [
      'a message of an hour ago',
      { client_id, text: 'x', written_at: '2026-11-20T09:00:00.000Z', page: { url: 'https://shop.example/a' } },
    ],
  ])('is taken: %s', (_name, message) => {
    expect(visitorMessageSchema.safeParse(message)).toMatchObject({ success: true });
  });

  test.each([
    ['nothing to say', { client_id }],
    ['blanks', { client_id, text: ' \n ' }],
    ['no client id', { text: 'x' }],
    ['a client id that is none', { client_id: '1', text: 'x' }],
    ['4097 characters', { client_id, text: 'x'.repeat(4097) }],
    ['eleven files', { client_id, attachment_ids: Array.from({ length: 11 }, String) }],
    ['a choice without title', { client_id, choice: { id: 's', title: '' } }],
    ['a moment that is none', { client_id, text: 'x', written_at: 'yesterday' }],
  ])('is refused with %s', (_name, message) => {
    expect(visitorMessageSchema.safeParse(message).success).toBe(false);
  });

  test('a page that has no web address loses it, the message stays', () => {
    const message = visitorMessageSchema.parse({
      client_id,
      text: 'x',
      page: { url: 'javascript:alert(1)', title: 'T', referrer: '' },
    });
    expect(message.page).toEqual({ title: 'T', url: undefined, referrer: undefined });
  });

  test('a session may tell who the visitor is, in valid words only', () => {
    const identity = {
      name: ' Mona ',
      email: 'mona@example.com',
      phone: '+20 100 138 3533',
      fields: { topic: 'Order' },
    };
    expect(sessionRequestSchema.parse({ widget_key: 'wc_1', identity }).identity?.name).toBe('Mona');
    for (const wrong of [{ email: 'nope' }, { phone: 'call me' }, { name: 'x'.repeat(201) }]) {
      expect(sessionRequestSchema.safeParse({ widget_key: 'wc_1', identity: wrong }).success).toBe(false);
    }
    expect(sessionRequestSchema.safeParse({ identity }).success).toBe(false);
  });

  test('a list of messages is paged within bounds', () => {
    expect(messagesQuerySchema.parse({})).toEqual({ limit: 30 });
    expect(messagesQuerySchema.parse({ limit: '100', before: 'm' })).toEqual({ limit: 100, before: 'm' });
    for (const limit of ['0', '101', 'all']) expect(messagesQuerySchema.safeParse({ limit }).success).toBe(false);
  });
});

describe('what the server answers', () => {
  const message = {
    id: 'm1',
    client_id: null,
    from: 'agent',
    author: { name: 'Nour', avatar_url: null },
    text: 'Hello',
    attachments: [],
    choices: [],
    link: null,
    place: null,
    reply_to: null,
    status: 'sent',
    created_at: '2026-11-20T10:00:00+00:00',
    edited: false,
    deleted: false,
  };

  test('a message takes the time as PostgreSQL writes it', () => {
    expect(messageSchema.safeParse(message).success).toBe(true);
  });

  test('a link that would run a script cannot be sent', () => {
    expect(messageSchema.safeParse({ ...message, link: { title: 'x', url: 'javascript:alert(1)' } }).success).toBe(
      false,
    );
  });

  test('events are told apart by their type', () => {
    expect(widgetEventSchema.safeParse({ type: 'message', message }).success).toBe(true);
    expect(widgetEventSchema.safeParse({ type: 'receipt', message_id: 'm1', status: 'read' }).success).toBe(true);
    expect(widgetEventSchema.safeParse({ type: 'receipt', message_id: 'm1', status: 'seen' }).success).toBe(false);
    expect(widgetEventSchema.safeParse({ type: 'other' }).success).toBe(false);
  });

  test('a session carries the whole look', () => {
    const session = {
      visitor_token: 't',
      visitor_id: 'v',
      config: defaultConfig,
      identity: { name: null, email: null, phone: null },
      conversation: null,
      unread: 0,
      cursor: '0',
    };
    expect(sessionAnswerSchema.safeParse(session).success).toBe(true);
    const broken = { ...session, config: { ...defaultConfig, accent: 'red' } };
    expect(sessionAnswerSchema.safeParse(broken).success).toBe(false);
  });
});
