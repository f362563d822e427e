import { describe, expect, it } from 'vitest';
import { laterStatus } from '../src/features/inbox/model/message.ts';
import { cutMatches, likePattern } from '../src/features/inbox/thread/findMessages.ts';
import { cutMentions } from '../src/features/inbox/thread/MentionText.tsx';
import {
  changeMessage,
  MESSAGE_PAGE_SIZE,
  type MessagePages,
  threadMessages,
  upsertMessage,
} from '../src/features/inbox/thread/messagePages.ts';
import { isOnlyEmoji, textParts } from '../src/features/inbox/thread/richText.ts';
import { buildTimeline } from '../src/features/inbox/thread/timeline.ts';
import { at, message, note } from './fixtures.ts';

const pagesOf = (...messages: ReturnType<typeof message>[]): MessagePages => ({
  pages: [messages],
  pageParams: [null],
});

describe('messages of a thread', () => {
  it('knows its own message by the client id when the server has named it', () => {
    const local = message({
      id: 'local:k',
      client_id: 'k',
      direction: 'OUTBOUND',
      status: 'PENDING',
      local: { phase: 'sending' },
    });
    const pages = upsertMessage(
      pagesOf(local),
      message({ id: 'm9', client_id: 'k', direction: 'OUTBOUND', status: 'SENT' }),
    );
    expect(threadMessages(pages).map((one) => [one.id, one.status, one.local])).toEqual([['m9', 'SENT', undefined]]);
  });

  it('takes a message once, whether the answer or realtime comes first', () => {
    const sent = message({ id: 'm1', client_id: 'k', direction: 'OUTBOUND', status: 'SENT' });
    const twice = upsertMessage(upsertMessage(pagesOf(), sent), { ...sent, status: 'DELIVERED' });
    expect(threadMessages(twice)).toHaveLength(1);
  });

  it('never lets a late event move the ticks back', () => {
    const read = pagesOf(message({ direction: 'OUTBOUND', status: 'READ' }));
    expect(threadMessages(upsertMessage(read, message({ direction: 'OUTBOUND', status: 'SENT' })))[0]?.status).toBe(
      'READ',
    );
    expect(laterStatus('PENDING', 'FAILED')).toBe('FAILED');
    expect(laterStatus('FAILED', 'PENDING')).toBe('PENDING');
    expect(laterStatus('DELIVERED', 'SENT')).toBe('DELIVERED');
  });

  it('keeps files that a realtime row does not carry', () => {
    const file = {
      id: 'f',
      message_id: 'm1',
      kind: 'image',
      status: 'STORED',
      storage_path: 'p',
      mime_type: null,
      file_name: null,
      size_bytes: null,
      width: null,
      height: null,
      duration_seconds: null,
      thumbnail_path: null,
      error_message: null,
      position: 1,
    };
    const { attachments: _, message_reactions: __, ...row } = message({ status: 'READ' });
    expect(threadMessages(upsertMessage(pagesOf(message({ attachments: [file] })), row))[0]?.attachments).toHaveLength(
      1,
    );
  });

  it('puts a new message at the end and leaves one from before the loaded pages to its page', () => {
    const full = Array.from({ length: MESSAGE_PAGE_SIZE }, (_, index) =>
      message({ id: `m${String(index)}`, created_at: at(-index) }),
    );
    const pages: MessagePages = { pages: [full], pageParams: [null] };
    expect(threadMessages(upsertMessage(pages, message({ id: 'new', created_at: at(1) }))).at(-1)?.id).toBe('new');
    expect(threadMessages(upsertMessage(pages, message({ id: 'old', created_at: at(-9_999) })))).toHaveLength(
      MESSAGE_PAGE_SIZE,
    );
  });

  it('changes one message and leaves the others as they are', () => {
    const pages = pagesOf(message({ id: 'a' }), message({ id: 'b' }));
    const next = changeMessage(pages, 'a', (one) => ({ ...one, status: 'FAILED' }));
    expect(next.pages[0]?.[1]).toBe(pages.pages[0]?.[1]);
  });
});

describe('the timeline', () => {
  const options = { timeZone: 'Africa/Cairo', readUpTo: null, hasOlder: false };
  const kinds = (items: ReturnType<typeof buildTimeline>) =>
    items.map((item) => (item.kind === 'message' ? item.position : item.kind));

  it('groups by sender and minute', () => {
    const items = buildTimeline(
      [
        message({ id: 'a' }),
        message({ id: 'b', created_at: at(0.5) }),
        message({ id: 'c', created_at: at(5) }),
        message({ id: 'd', direction: 'OUTBOUND', created_at: at(5.2) }),
      ],
      [],
      options,
    );
    expect(kinds(items)).toEqual(['day', 'first', 'last', 'only', 'only']);
  });

  it('starts a new day in the reader’s own zone', () => {
    // 21:50 and 22:10 UTC are 23:50 and 00:10 in Cairo.
    const items = buildTimeline(
      [
        message({ id: 'a', created_at: '2026-01-15T21:50:00Z' }),
        message({ id: 'b', created_at: '2026-01-15T22:10:00Z' }),
      ],
      [],
      options,
    );
    expect(kinds(items)).toEqual(['day', 'only', 'day', 'only']);
    expect(
      kinds(
        buildTimeline(
          [
            message({ id: 'a', created_at: '2026-01-15T21:50:00Z' }),
            message({ id: 'b', created_at: '2026-01-15T22:10:00Z' }),
          ],
          [],
          { ...options, timeZone: 'UTC' },
        ),
      ),
    ).toEqual(['day', 'only', 'only']);
  });

  it('draws one line before what came in since, and counts it', () => {
    const items = buildTimeline(
      [message({ id: 'a' }), message({ id: 'b', created_at: at(0.3) }), message({ id: 'c', created_at: at(0.6) })],
      [],
      { ...options, readUpTo: at(0.1) },
    );
    expect(kinds(items)).toEqual(['day', 'only', 'new', 'first', 'last']);
    expect(items.find((item) => item.kind === 'new')).toMatchObject({ count: 2 });
  });

  it('puts notes where they were written, but not before what is loaded', () => {
    const messages = [message({ id: 'a', created_at: at(10) }), message({ id: 'b', created_at: at(20) })];
    const notes = [note({ id: 'early', created_at: at(0) }), note({ id: 'between', created_at: at(15) })];
    expect(buildTimeline(messages, notes, { ...options, hasOlder: true }).map((item) => item.key)).not.toContain(
      'note:early',
    );
    expect(kinds(buildTimeline(messages, notes, options))).toEqual(['day', 'note', 'only', 'note', 'only']);
  });

  it('shows reactions on their message, not as messages', () => {
    expect(kinds(buildTimeline([message({ message_type: 'reaction' })], [], options))).toEqual([]);
  });
});

describe('finding words in a thread', () => {
  it('marks every place, whatever the case', () => {
    expect(
      cutMatches('Order the order', 'ORDER')
        .filter((part) => part.matched)
        .map((part) => part.text),
    ).toEqual(['Order', 'order']);
    expect(cutMatches('nothing', 'order')).toEqual([{ text: 'nothing', matched: false }]);
    expect(cutMatches('متى يصل طلبي', 'يصل').map((part) => part.matched)).toEqual([false, true, false]);
  });

  it('asks for signs as they stand', () => {
    expect(likePattern('50%_')).toBe('%50\\%\\_%');
  });
});

describe('the text of a message', () => {
  it('finds links and leaves the full stop outside', () => {
    expect(textParts('See https://shop.example/a?b=1. Or mail me@shop.example!', true)).toEqual([
      { kind: 'text', text: 'See ' },
      { kind: 'link', text: 'https://shop.example/a?b=1', href: 'https://shop.example/a?b=1' },
      { kind: 'text', text: '. Or mail ' },
      { kind: 'link', text: 'me@shop.example', href: 'mailto:me@shop.example' },
      { kind: 'text', text: '!' },
    ]);
  });

  it('never makes a link of another kind of address', () => {
    expect(textParts('javascript:alert(1) data:text/html,x', true).every((part) => part.kind === 'text')).toBe(true);
  });

  it('reads WhatsApp’s marks and leaves lone signs alone', () => {
    expect(textParts('*bold* _it_ ~gone~ `code` 2*3*4 snake_case_name', true).map((part) => part.kind)).toEqual([
      'bold',
      'text',
      'italic',
      'text',
      'strike',
      'text',
      'code',
      'text',
      'bold',
      'text',
    ]);
    expect(textParts('*bold*', false)).toEqual([{ kind: 'text', text: '*bold*' }]);
    expect(textParts('snake_case_name', true)).toEqual([{ kind: 'text', text: 'snake_case_name' }]);
  });

  it('loses nothing', () => {
    const text = 'تست فارسی و English با هم *مهم* https://مثال.example/راه و بعد';
    expect(
      textParts(text, true)
        .map((part) => (part.kind === 'bold' ? `*${part.text}*` : part.text))
        .join(''),
    ).toBe(text);
  });

  it('shows a few emoji alone in a large size', () => {
    expect(isOnlyEmoji('👍🏽')).toBe(true);
    expect(isOnlyEmoji('🇪🇬 👨‍👩‍👧')).toBe(false);
    expect(isOnlyEmoji('ok 👍')).toBe(false);
    expect(isOnlyEmoji('')).toBe(false);
  });

  it('marks the longest name that is mentioned', () => {
    expect(cutMentions('ask @Sara Nabil now', ['Sara', 'Sara Nabil'])).toEqual([
      { text: 'ask ', mention: false },
      { text: '@Sara Nabil', mention: true },
      { text: ' now', mention: false },
    ]);
  });
});
