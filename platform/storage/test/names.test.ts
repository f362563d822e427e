import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../src/download/conditions.ts';
import { dispositionOf } from '../src/download/contentSafety.ts';
import { parseRange } from '../src/download/range.ts';
import { isObjectName } from '../src/names.ts';
import { cacheControlOf, metadataFromHeader } from '../src/upload/fileHeaders.ts';

/** Text as strangers send it: dots, slashes, controls, direction marks and everything else. */
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom('.', '..', '/', '\\', '\0', '\n', '\u202e', '%', 'a', 'م', '"', ';', '\ud800'),
    fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }),
  ),
  maxLength: 60,
});

describe('what strangers write', () => {
  it('is a name only if it stays inside its folder and on its line', () => {
    fc.assert(
      fc.property(hostile, (name) => {
        if (!isObjectName(name)) return;
        const { pathname } = new URL(`file:///root/${name.split('/').map(encodeURIComponent).join('/')}`);
        expect(pathname.startsWith('/root/')).toBe(true);
        expect(decodeURIComponent(pathname)).toBe(`/root/${name}`);
        expect(name).not.toMatch(/[\p{Cc}\\]|^\/|\/$/u);
        expect(Buffer.from(name, 'utf8').toString('utf8')).toBe(name);
      }),
      { numRuns: 5000 },
    );
  });

  it('never breaks out of a header', () => {
    fc.assert(
      fc.property(hostile, (download) => {
        const value = dispositionOf(download) ?? '';
        expect(value).toMatch(
          /^attachment(; filename="[\x20-\x21\x23-\x5b\x5d-\x7e]*"; filename\*=UTF-8''[\w.~!$&+^`|%-]*)?$/,
        );
        new Headers({ 'content-disposition': value });
      }),
      { numRuns: 5000 },
    );
    fc.assert(
      fc.property(hostile, (sent) => {
        try {
          new Headers({ 'cache-control': cacheControlOf(sent) });
        } catch (error) {
          expect(error).toMatchObject({ status: 400 });
        }
      }),
    );
  });

  it('asks only for ranges inside the file', () => {
    const number = fc.oneof(fc.nat(), fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.constant(''));
    fc.assert(
      fc.property(number, number, fc.nat({ max: 1000 }), (from, to, size) => {
        const range = parseRange(`bytes=${from}-${to}`, size);
        if (range === undefined || range === 'unsatisfiable') return;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.start).toBeLessThanOrEqual(range.end);
        expect(range.end).toBeLessThan(size);
      }),
      { numRuns: 5000 },
    );
    fc.assert(fc.property(hostile, (header) => void parseRange(header, 10)));
  });

  it('makes conditions that are at worst ignored, and metadata that is an object or refused', () => {
    const file = { etag: '"x"', lastModified: new Date(0) };
    fc.assert(
      fc.property(hostile, hostile, hostile, hostile, (ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince) => {
        const outcome = evaluate({ ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince }, file);
        expect(['failed', 'not modified', undefined]).toContain(outcome);
      }),
    );
    fc.assert(
      fc.property(fc.json(), (json) => {
        try {
          const metadata = metadataFromHeader(Buffer.from(json).toString('base64'));
          expect(metadata).toEqual(JSON.parse(json));
          expect(Array.isArray(metadata)).toBe(false);
        } catch (error) {
          expect(error).toMatchObject({ code: 'InvalidRequest' });
        }
      }),
    );
  });
});
