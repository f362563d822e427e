import { describe, expect, test } from 'vitest';
import type { WebhookPart } from '../../contract.ts';
import { ChannelError } from '../../failure.ts';
import { whatsappCloud } from '../index.ts';
import { events, fixture, fixtureNames } from './fixtures.ts';

function split(payload: unknown): WebhookPart[] {
  return whatsappCloud.splitWebhook?.(Buffer.from(JSON.stringify(payload))) ?? [];
}

describe('splitting a webhook body', () => {
  test('a batch of several people and numbers becomes one part each, ordered by person', () => {
    const parts = split(fixture('batch'));
    expect(parts.map((part) => [part.account?.value, part.orderingKey])).toEqual([
      ['106540352242922', '106540352242922:16505551234'],
      ['106540352242922', '106540352242922:201001383533'],
      ['106540352242922', '106540352242922:16505551234'],
      ['106540352242922', '106540352242922:16505551234'],
      ['777', '777:201001383533'],
    ]);
    expect(new Set(parts.map((part) => part.dedupeKey)).size).toBe(5);
  });

  test('a part carries only the contact that it is about', () => {
    const [, second] = split(fixture('batch'));
    expect(JSON.stringify(second?.payload)).toContain('Omar');
    expect(JSON.stringify(second?.payload)).not.toContain('Sheena');
  });

  test.each(fixtureNames)('%s: its parts say what the whole said', (name) => {
    const fromParts = split(fixture(name)).flatMap((part) => whatsappCloud.parseWebhook?.(part.payload) ?? []);
    expect(fromParts).toEqual(events(name));
  });

  test('the same body again gives the same keys', () => {
    for (const name of fixtureNames) {
      expect(split(fixture(name)).map((part) => part.dedupeKey)).toEqual(
        split(fixture(name)).map((part) => part.dedupeKey),
      );
    }
  });

  test('a single event has the same key in the part and in the event', () => {
    const [part] = split(fixture('text'));
    expect(part?.dedupeKey).toBe(events('text')[0]?.dedupeKey);
  });

  test('a body that is no JSON, or no UTF-8, is the one thing that throws', () => {
    for (const bytes of [Buffer.from('{"object":'), Buffer.from([0xff, 0xfe, 0x00]), Buffer.from('')]) {
      expect(() => whatsappCloud.splitWebhook?.(bytes)).toThrow(ChannelError);
    }
  });

  test('text that PostgreSQL cannot store is made storable', () => {
    const body =
      '{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"2"},"messages":[{"from":"3","id":"wamid.X","type":"text","text":{"body":"a\\u0000b\\ud800c"}}]}}]}]}';
    const [part] = whatsappCloud.splitWebhook?.(Buffer.from(body)) ?? [];
    expect(JSON.stringify(part?.payload)).not.toMatch(/\\u0000|\\ud800/);
    expect(whatsappCloud.parseWebhook?.(part?.payload)).toMatchObject([{ content: { text: 'ab\ufffdc' } }]);
  });
});
