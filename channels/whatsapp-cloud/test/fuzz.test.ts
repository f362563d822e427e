import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ChannelError } from '../../failure.ts';
import { whatsappCloud } from '../index.ts';
import { fixture, fixtureNames } from './fixtures.ts';

/** Bends a published payload: values replaced, removed or nested anew, anywhere. */
function bend(value: unknown, choose: (max: number) => number, junk: () => unknown): unknown {
  if (choose(30) === 0) return junk();
  if (Array.isArray(value)) {
    const items = value.map((item) => bend(item, choose, junk));
    return choose(15) === 0 ? [...items, ...items] : items;
  }
  if (typeof value === 'object' && value !== null) {
    const kept = Object.entries(value).filter(() => choose(25) !== 0);
    return Object.fromEntries(kept.map(([key, item]) => [key, bend(item, choose, junk)]));
  }
  return value;
}

const junk = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(null, '', 0, -1, 1e308, '\u0000', '\ud800', '__proto__', [], {}, 'NaN', true),
);

const bent = fc
  .tuple(fc.constantFrom(...fixtureNames), fc.infiniteStream(fc.nat(1000)), fc.infiniteStream(junk))
  .map(([name, numbers, values]) => {
    const choose = (max: number) => numbers.next().value % max;
    return bend(fixture(name), choose, () => values.next().value);
  });

function assertReadable(payload: unknown): void {
  const events = whatsappCloud.parseWebhook?.(payload) ?? [];
  expect(events.length).toBeGreaterThan(0);
  for (const event of events) {
    expect(event.dedupeKey).toEqual(expect.any(String));
    expect(event.timestamp === null || !Number.isNaN(Date.parse(event.timestamp))).toBe(true);
    // Storable as jsonb, which refuses U+0000 and lone surrogates.
    expect(JSON.stringify(event)).not.toMatch(/\\u0000|\\ud[89a-f][0-9a-f]{2}/i);
  }
}

describe('payloads that nobody promised', () => {
  test('any JSON value is read without throwing', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 6 }), assertReadable), { numRuns: 500 });
  });

  test('a bent version of any published payload is read without throwing', () => {
    fc.assert(fc.property(bent, assertReadable), { numRuns: 1500 });
  });

  test('parts of a bent payload have keys and are read without throwing', () => {
    fc.assert(
      fc.property(bent, (payload) => {
        const parts = whatsappCloud.splitWebhook?.(Buffer.from(JSON.stringify(payload))) ?? [];
        expect(parts.length).toBeGreaterThan(0);
        for (const part of parts) assertReadable(part.payload);
      }),
      { numRuns: 500 },
    );
  });

  test('any bytes are either parts or the one typed error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          expect(whatsappCloud.splitWebhook?.(bytes).length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(ChannelError);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a payload nested ten thousand deep is read', () => {
    const deep = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
    expect(whatsappCloud.splitWebhook?.(Buffer.from(deep))).toHaveLength(1);
  });
});
