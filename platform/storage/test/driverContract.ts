import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MissingBytes, type StorageDriver } from '../src/index.ts';

export interface DriverUnderTest {
  driver: StorageDriver;
  close(): Promise<void>;
}

/** What every driver promises, whatever it stores in. */
export function describeDriver(name: string, open: () => Promise<DriverUnderTest>): void {
  describe(`the ${name} driver`, () => {
    let test: DriverUnderTest;
    beforeAll(async () => {
      test = await open();
    });
    afterAll(() => test.close());

    async function* parts(...chunks: Uint8Array[]) {
      yield* chunks;
    }

    it('gives back what was written, with its size and a tag that depends on the bytes alone', async () => {
      const content = randomBytes(300_000);
      const [a, b, c] = [randomUUID(), randomUUID(), randomUUID()];
      const written = await test.driver.write(a, parts(content.subarray(0, 7), content.subarray(7)));
      expect(written.size).toBe(300_000);
      expect(written.etag).toMatch(/^"[^"]+"$/);
      expect((await buffer(await test.driver.read(a))).equals(content)).toBe(true);
      expect((await test.driver.write(b, parts(content))).etag).toBe(written.etag);
      expect((await test.driver.write(c, parts(randomBytes(10)))).etag).not.toBe(written.etag);
      expect(await test.driver.stat(a)).toMatchObject({ size: 300_000, modifiedAt: expect.any(Date) });
    });

    it('keeps nothing as well as something', async () => {
      const key = randomUUID();
      expect(await test.driver.write(key, parts())).toEqual({
        size: 0,
        etag: `"${createHash('md5').digest('hex')}"`,
      });
      expect(await buffer(await test.driver.read(key))).toHaveLength(0);
      expect(await test.driver.stat(key)).toMatchObject({ size: 0 });
    });

    it('reads ranges with both ends included', async () => {
      const key = randomUUID();
      await test.driver.write(key, parts(Buffer.from('0123456789')));
      const range = async (start: number, end: number) =>
        (await buffer(await test.driver.read(key, { start, end }))).toString();
      expect(await range(0, 0)).toBe('0');
      expect(await range(2, 5)).toBe('2345');
      expect(await range(9, 9)).toBe('9');
    });

    it('copies bytes, and the copy outlives the source', async () => {
      const [from, to] = [randomUUID(), randomUUID()];
      const { etag } = await test.driver.write(from, parts(Buffer.from('original')));
      const copied = await test.driver.copy(from, to);
      expect(copied.size).toBe(8);
      expect(copied.etag ?? etag).toBe(etag);
      await test.driver.remove([from]);
      expect((await buffer(await test.driver.read(to))).toString()).toBe('original');
    });

    it('says that bytes are missing before a stream begins', async () => {
      const key = randomUUID();
      await expect(test.driver.read(key)).rejects.toBeInstanceOf(MissingBytes);
      await expect(test.driver.copy(key, randomUUID())).rejects.toBeInstanceOf(MissingBytes);
      expect(await test.driver.stat(key)).toBeUndefined();
    });

    it('removes many at once, present or not', async () => {
      const keys = [randomUUID(), randomUUID(), randomUUID()];
      await test.driver.write(keys[0] ?? '', parts(Buffer.from('a')));
      await test.driver.write(keys[1] ?? '', parts(Buffer.from('b')));
      await test.driver.remove(keys);
      await test.driver.remove(keys);
      await test.driver.remove([]);
      expect(await Promise.all(keys.map((key) => test.driver.stat(key)))).toEqual([undefined, undefined, undefined]);
    });

    it('shows a key only when its write is complete', async () => {
      const key = randomUUID();
      const half = Promise.withResolvers<void>();
      const rest = Promise.withResolvers<void>();
      async function* slowly() {
        yield Buffer.from('first ');
        half.resolve();
        await rest.promise;
        yield Buffer.from('second');
      }
      const writing = test.driver.write(key, slowly());
      await half.promise;
      await expect(test.driver.read(key)).rejects.toBeInstanceOf(MissingBytes);
      rest.resolve();
      await writing;
      expect((await buffer(await test.driver.read(key))).toString()).toBe('first second');
    });

    it('leaves nothing of a write that fails or is aborted, and passes the reason on', async () => {
      const [failed, aborted] = [randomUUID(), randomUUID()];
      async function* failing() {
        yield randomBytes(100_000);
        throw new Error('the sender went away');
      }
      await expect(test.driver.write(failed, failing())).rejects.toThrow('the sender went away');
      const abort = new AbortController();
      async function* aborting() {
        yield randomBytes(100_000);
        abort.abort(new Error('enough'));
        yield randomBytes(100_000);
      }
      await expect(test.driver.write(aborted, aborting(), { signal: abort.signal })).rejects.toThrow('enough');
      expect(await test.driver.stat(failed)).toBeUndefined();
      expect(await test.driver.stat(aborted)).toBeUndefined();
    });

    it('takes only keys that it could have been given', async () => {
      for (const key of ['', '../x', 'a/b', '..', 'x'.repeat(129), 'short', 'nul\0nul\0']) {
        await expect(test.driver.write(key, parts()), key).rejects.toThrow(TypeError);
        await expect(test.driver.read(key), key).rejects.toThrow(TypeError);
        await expect(test.driver.remove([key]), key).rejects.toThrow(TypeError);
      }
    });
  });
}
