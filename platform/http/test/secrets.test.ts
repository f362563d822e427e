import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decryptSecret, encryptSecret, isSealed } from '../src/index.ts';

const key = randomBytes(32).toString('hex');

describe('a sealed secret', () => {
  test('opens to the text that was sealed, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, context) => {
        const sealed = encryptSecret(key, text, context);
        expect(isSealed(sealed)).toBe(true);
        expect(decryptSecret(key, sealed, context)).toBe(Buffer.from(text).toString());
      }),
    );
  });

  test('differs every time', () => {
    expect(encryptSecret(key, 'token')).not.toBe(encryptSecret(key, 'token'));
  });

  test('does not open with another key, in another place, or altered', () => {
    const sealed = encryptSecret(key, 'token', 'organization a');
    expect(() => decryptSecret('another key', sealed, 'organization a')).toThrow(/does not open/);
    expect(() => decryptSecret(key, sealed, 'organization b')).toThrow(/does not open/);
    const letter = sealed.at(10) === 'A' ? 'B' : 'A';
    expect(() => decryptSecret(key, sealed.slice(0, 10) + letter + sealed.slice(11), 'organization a')).toThrow(
      /does not open/,
    );
    expect(() => decryptSecret(key, 'v1.AAAA')).toThrow(/cut short/);
    expect(() => decryptSecret(key, 'plain text')).toThrow(/not sealed/);
  });

  test('takes keys as hex, base64, bytes and passphrases, but not an empty one', () => {
    const bytes = randomBytes(32);
    const sealed = encryptSecret(bytes, 'x');
    expect(decryptSecret(bytes.toString('hex'), sealed)).toBe('x');
    expect(decryptSecret(bytes.toString('base64'), sealed)).toBe('x');
    expect(decryptSecret('correct horse', encryptSecret('correct horse', 'x'))).toBe('x');
    expect(() => encryptSecret('', 'x')).toThrow(/empty/);
    expect(() => encryptSecret(bytes.subarray(0, 16), 'x')).toThrow(/16 bytes/);
  });
});
