import { describe, expect, test } from 'vitest';
import { channelTypes, documentedChannelTypes, toChannelType } from '../channelType.ts';
import type { OutboundContent } from '../outbound.ts';
import { acceptsMime, findProblems, mediaProblems, textLength } from '../preflight.ts';
import { asMoment, asText, storableJson } from '../readJson.ts';
import { movesForward } from '../receipts.ts';
import { adapterFor, adapters } from '../registry.ts';
import { whatsappCloudCapabilities } from '../whatsapp-cloud/capabilities.ts';

describe('channel types', () => {
  test('are the thirteen of the documentation and two of ours', () => {
    expect(documentedChannelTypes).toHaveLength(13);
    expect(channelTypes).toHaveLength(15);
  });

  test('are found in any case and by the documented alias', () => {
    expect(toChannelType('whatsapp_cloud')).toBe('WHATSAPP_CLOUD');
    expect(toChannelType('MESSENGER')).toBe('FB_MESSENGER');
    expect(toChannelType('PIGEON')).toBeUndefined();
    expect(toChannelType('constructor')).toBeUndefined();
  });

  test('have the adapter that names itself so', () => {
    for (const [type, adapter] of Object.entries(adapters)) expect(adapter.type).toBe(type);
    expect(adapterFor('whatsapp_cloud')?.name).toBe('WhatsApp Cloud');
    expect(adapterFor('SMS')).toBeUndefined();
  });
});

describe('every adapter', () => {
  test.each(Object.values(adapters).map((adapter) => [adapter.name, adapter] as const))(
    '%s declares what it does',
    (_name, adapter) => {
      const { capabilities } = adapter;
      expect(capabilities.inbound).toBe(adapter.parseWebhook !== undefined);
      expect(adapter.accountFields.map((field) => field.name)).toEqual([
        ...new Set(adapter.accountFields.map((field) => field.name)),
      ]);
      for (const rule of Object.values(capabilities.media)) {
        expect(rule.maxBytes).toBeGreaterThan(0);
        expect(rule.mimeTypes.length).toBeGreaterThan(0);
      }
      // A window without a way out would leave the composer without an answer.
      if (capabilities.sessionWindowHours !== null) expect(capabilities.templates?.use).toBe('outside_window');
      expect(JSON.parse(JSON.stringify(capabilities))).toEqual(capabilities);
    },
  );
});

describe('the check before sending', () => {
  const problems = (content: OutboundContent) =>
    findProblems(whatsappCloudCapabilities, content).map((problem) => problem.field);

  test('counts characters as people do', () => {
    expect(textLength('👍🏽é')).toBe(3);
    expect(problems({ type: 'text', text: '😀'.repeat(4096) })).toEqual([]);
    expect(findProblems(whatsappCloudCapabilities, { type: 'text', text: '😀'.repeat(4097) })).toMatchObject([
      { field: 'text', limit: 4096, actual: 4097 },
    ]);
  });

  test('finds all problems of a content at once', () => {
    const buttons = [
      { id: 'same', title: 'x'.repeat(21) },
      { id: 'same', title: '' },
    ];
    expect(problems({ type: 'buttons', body: '', footer: 'x'.repeat(61), buttons })).toEqual([
      'body',
      'footer',
      'buttons.0.title',
      'buttons.1.title',
      'buttons',
    ]);
    const row = (id: string) => ({ id, title: 'Row', description: 'x'.repeat(73) });
    const sections = [
      { rows: [row('1')] },
      { title: 'B', rows: Array.from({ length: 10 }, (_, index) => row(`${index + 2}`)) },
    ];
    expect(new Set(problems({ type: 'list', body: 'b', button: '', sections }))).toEqual(
      new Set([
        'button',
        'sections',
        'sections.0.title',
        ...Array.from({ length: 11 }, (_, index) => `rows.${index}.description`),
      ]),
    );
  });

  test('knows sizes without the bytes', () => {
    const media = { kind: 'image', source: { type: 'id', id: '1' }, mimeType: 'image/jpeg' } as const;
    expect(mediaProblems(whatsappCloudCapabilities, media, undefined, 6 * 1024 * 1024)).toMatchObject([
      { field: 'media.size', words: expect.stringContaining('6.0 MB') },
    ]);
  });

  test('compares types without parameters and by family', () => {
    expect(acceptsMime(['audio/ogg'], 'Audio/OGG; codecs=opus')).toBe(true);
    expect(acceptsMime(['image/*'], 'image/png')).toBe(true);
    expect(acceptsMime(['image/*'], 'imagex/png')).toBe(false);
    expect(acceptsMime(['*'], 'a/b')).toBe(true);
  });
});

test('a status moves forward only', () => {
  const order = ['PENDING', 'SENT', 'DELIVERED', 'READ'] as const;
  for (const from of order) {
    for (const to of order.slice(1)) {
      if (to !== order[0]) expect(movesForward(from, to)).toBe(order.indexOf(to) > order.indexOf(from));
    }
  }
  expect([movesForward('PENDING', 'FAILED'), movesForward('SENT', 'FAILED')]).toEqual([true, true]);
  expect([movesForward('DELIVERED', 'FAILED'), movesForward('READ', 'FAILED'), movesForward('FAILED', 'SENT')]).toEqual(
    [false, false, false],
  );
  // A late receipt of a message that was thought lost still counts.
  expect(movesForward('FAILED', 'DELIVERED')).toBe(true);
});

test('moments are read from seconds, milliseconds and text, and refused otherwise', () => {
  expect(asMoment('1749416383')).toBe('2025-06-08T20:59:43.000Z');
  expect(asMoment(1699999999999)).toBe('2023-11-14T22:13:19.999Z');
  for (const value of ['', 'soon', 0, -5, Number.NaN, 1e300, null, {}]) expect(asMoment(value)).toBeNull();
});

test('what PostgreSQL cannot store is taken out of texts and keys', () => {
  expect(asText('\u0000')).toBeUndefined();
  expect(storableJson({ 'a\u0000': ['\ud800', 'é😀'] })).toEqual({ a: ['\ufffd', 'é😀'] });
});
