import type { InboundContent, InboundMessage } from '@connectgain/channels/inbound.ts';
import { describe, expect, it } from 'vitest';
import { readContent } from '../inbound/readContent.ts';

function message(content: InboundContent, extra: Partial<InboundMessage> = {}): InboundMessage {
  return {
    type: 'message',
    account: { field: 'phone_number_id', value: '1' },
    dedupeKey: 'd',
    orderingKey: 'o',
    timestamp: null,
    raw: {},
    externalId: 'wamid.1',
    direction: 'INBOUND',
    origin: 'live',
    party: { externalId: '201017177777', alternateIds: [] },
    thread: { kind: 'direct', externalId: '201017177777' },
    content,
    attachments: [],
    forwarded: false,
    forwardedManyTimes: false,
    ...extra,
  };
}

describe('readContent', () => {
  it.each<[InboundContent, string, string | null]>([
    [{ type: 'text', text: 'مرحبا' }, 'text', 'مرحبا'],
    [{ type: 'media', media: { kind: 'image', providerMediaId: '9' }, caption: 'Broken' }, 'image', 'Broken'],
    [
      { type: 'location', latitude: 30, longitude: 31, name: 'Showroom', address: 'Cairo' },
      'location',
      'Showroom, Cairo',
    ],
    [{ type: 'reply', reply: { kind: 'button', id: 'yes', title: 'Yes' } }, 'interactive', 'Yes'],
    [{ type: 'unsupported', providerType: 'hologram', reason: 'unknown' }, 'unsupported', null],
  ])('stores %j', (content, messageType, text) => {
    expect(readContent(message(content))).toMatchObject({ messageType, content: text });
  });

  it('drops NUL, which PostgreSQL text cannot hold, and nothing else', () => {
    expect(readContent(message({ type: 'text', text: 'a\u0000b\u200f😀' })).content).toBe('ab\u200f😀');
  });

  it('cuts a text that is longer than a message may be, never inside a character', () => {
    const { content } = readContent(message({ type: 'text', text: '😀'.repeat(40_000) }));
    expect(content?.length).toBeLessThanOrEqual(65_536);
    expect(content?.isWellFormed()).toBe(true);
  });

  it('remembers that a message was forwarded and what advertisement led here', () => {
    const stored = readContent(
      message({ type: 'text', text: 'Hi' }, { forwarded: true, referral: { source: 'ad', clickId: 'c' } }),
    );
    expect(stored.metadata).toEqual({ forwarded: true, referral: { source: 'ad', clickId: 'c' } });
  });
});
