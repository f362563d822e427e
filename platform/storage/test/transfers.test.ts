import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StorageDriver } from '../src/index.ts';
import { patience, type StorageServer, startStorage } from './storageServer.ts';

const setUp = `insert into storage.buckets (id, name, public) values ('files', 'files', false)`;

describe('transfers that do not go smoothly', () => {
  let server: StorageServer;
  let fault: Partial<StorageDriver> = {};
  beforeAll(async () => {
    server = await startStorage({
      setUp,
      wrapDriver: (driver) => new Proxy(driver, { get: (target, name) => Reflect.get({ ...target, ...fault }, name) }),
    });
  });
  afterAll(() => server.close());

  const files = () => server.service.storage.from('files');
  const orphans = async () => {
    const { rows } = await server.database.owner.query<{ reason: string }>('select reason from storage.orphans');
    return rows.map((row) => row.reason);
  };
  const settled = async () => {
    await expect.poll(orphans, patience).toEqual([]);
  };
  const versions = async () => {
    const { rows } = await server.database.owner.query<{ version: string }>('select version from storage.objects');
    return rows.map((row) => row.version).sort();
  };
  /** Starts an upload and hands out the open request. */
  const begin = (name: string, headers: Record<string, string>) => {
    const url = new URL(`${server.url}/object/files/${name}`);
    const open = httpRequest(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.keys.service}`, 'x-upsert': 'true', ...headers },
    });
    open.on('error', () => undefined);
    return open;
  };

  it('an upload that breaks off leaves the old file and no bytes', async () => {
    await files().upload('kept.txt', 'the whole old file');
    const boundary = 'b0undary';
    const form = `--${boundary}\r\nContent-Disposition: form-data; name=""; filename="x"\r\nContent-Type: text/plain\r\n\r\n`;
    const attempts = [
      begin('kept.txt', { 'content-length': '1000000', 'content-type': 'text/plain' }),
      begin('kept.txt', { 'transfer-encoding': 'chunked', 'content-type': 'text/plain' }),
      begin('kept.txt', { 'content-length': '1000000', 'content-type': `multipart/form-data; boundary=${boundary}` }),
    ];
    attempts[2]?.write(form);
    for (const open of attempts) {
      open.write(Buffer.alloc(200_000));
    }
    await expect.poll(orphans, patience).toEqual(['writing', 'writing', 'writing']);
    await expect
      .poll(async () => (await server.storedFiles()).filter((name) => name.endsWith('.part')), patience)
      .toHaveLength(3);
    for (const open of attempts) open.destroy();
    await settled();
    expect(await server.storedFiles()).toEqual(await versions());
    const { data } = await files().download('kept.txt');
    expect(await data?.text()).toBe('the whole old file');
  });

  it('two dozen uploads of one name at once end with one whole file', async () => {
    const contents = Array.from({ length: 24 }, (_, index) => Buffer.alloc(300_000 + index, index));
    const answers = await Promise.all(contents.map((content) => files().upload('raced', content, { upsert: true })));
    expect(answers.map((answer) => answer.error)).toEqual(contents.map(() => null));
    const { data } = await files().download('raced');
    const read = Buffer.from((await data?.arrayBuffer()) ?? new ArrayBuffer(0));
    expect(contents.some((content) => content.equals(read))).toBe(true);
    expect((await files().info('raced')).data).toMatchObject({
      size: read.length,
      etag: `"${createHash('md5').update(read).digest('hex')}"`,
    });
    await settled();
    expect((await server.storedFiles()).sort()).toEqual(await versions());

    const fresh = await Promise.all(contents.map((content) => files().upload('first-wins', content)));
    expect(fresh.filter((answer) => answer.error === null)).toHaveLength(1);
    expect(fresh.filter((answer) => answer.error !== null)).toHaveLength(23);
    await settled();
    expect((await server.storedFiles()).sort()).toEqual(await versions());
  });

  it('readers see whole files while the file is replaced', async () => {
    const content = (letter: string) => letter.repeat(400_000);
    await files().upload('busy', content('a'), { upsert: true });
    const writers = 'bcdefgh'.split('').map((letter) => files().upload('busy', content(letter), { upsert: true }));
    const readers = Array.from({ length: 30 }, async () => {
      const { data, error } = await files().download('busy');
      expect(error).toBeNull();
      const text = await data?.text();
      expect(text).toBe(content(text?.[0] ?? ''));
    });
    await Promise.all([...writers, ...readers]);
    await settled();
  });

  it('a file that is replaced while it is downloaded is sent to its end', async () => {
    const old = randomBytes(5_000_000);
    await files().upload('slow', old, { upsert: true });
    const answer = await fetch(`${server.url}/object/files/slow`, {
      headers: { authorization: `Bearer ${server.keys.service}` },
    });
    await files().upload('slow', 'new', { upsert: true });
    await settled();
    expect(Buffer.from(await answer.arrayBuffer()).equals(old)).toBe(true);
  });

  it('a crash between bytes and row shows nothing, and the sweeper takes the bytes', async () => {
    const { owner } = server.database;
    const version = crypto.randomUUID();
    await owner.query("insert into storage.orphans (version, reason) values ($1, 'writing')", [version]);
    await server.driver.write(version, Readable.from([Buffer.from('half')]));
    await server.service.storage.from('files').upload('another', 'x', { upsert: true });
    await server.service.storage.from('files').upload('another', 'y', { upsert: true });
    await expect.poll(orphans, patience).toEqual(['writing']);
    expect(await server.storedFiles()).toContain(version);

    await owner.query("update storage.orphans set since = now() - interval '25 hours'");
    await files().upload('another', 'z', { upsert: true });
    await settled();
    expect((await server.storedFiles()).sort()).toEqual(await versions());
  });

  it('rows removed by plain SQL give their bytes back too', async () => {
    await files().upload('by-sql', 'x', { upsert: true });
    await server.database.owner.query("delete from storage.objects where name = 'by-sql'");
    expect(await orphans()).toEqual(['replaced']);
    await files().upload('another', 'a', { upsert: true });
    await settled();
    expect((await server.storedFiles()).sort()).toEqual(await versions());
  });

  it('a full disk, a failing store and a lost database are answered and leave nothing', async () => {
    const failing = async (error: Error) => {
      fault = { write: () => Promise.reject(error) };
      const { error: answer } = await files().upload('faulty', 'x');
      fault = {};
      return answer;
    };
    expect(await failing(Object.assign(new Error('no space'), { code: 'ENOSPC' }))).toMatchObject({
      status: 507,
      statusCode: '507',
    });
    expect(await failing(new Error('secret path /srv/x is broken'))).toMatchObject({
      status: 500,
      statusCode: '500',
      message: 'Internal server error',
    });
    await settled();
    // The row goes away between the bytes and the commit.
    await server.database.owner.query("insert into storage.buckets (id, name) values ('fleeting', 'fleeting')");
    const body = new PassThrough();
    const upload = server.service.storage.from('fleeting').upload('a', body, { duplex: 'half' });
    body.write('first');
    await expect.poll(orphans, patience).toEqual(['writing']);
    await server.database.owner.query("delete from storage.buckets where id = 'fleeting'");
    body.end('last');
    expect((await upload).error).toMatchObject({ message: 'Bucket not found', statusCode: '404' });
    await settled();
    expect((await server.storedFiles()).sort()).toEqual(await versions());
  });

  it('a row without bytes is not found rather than half an answer', async () => {
    await files().upload('lost', 'x');
    const { data } = await files().info('lost');
    await server.driver.remove([data?.version ?? '']);
    const { error } = await files().download('lost');
    expect(error).toMatchObject({ status: 400 });
    await files().remove(['lost']);
  });

  it('twenty megabytes pass through in both directions without piling up in memory', async () => {
    const chunk = randomBytes(256 * 1024);
    const total = 80;
    const sent = createHash('md5');
    const before = liveBytes();
    let peak = 0;
    let parts = 0;
    const measure = () => {
      if (parts++ % 24 === 0) peak = Math.max(peak, liveBytes() - before);
    };
    // Not fetch: it keeps everything that it has sent until the answer comes.
    const open = begin('large', { 'transfer-encoding': 'chunked', 'content-type': 'text/plain' });
    const answered = new Promise<number>((resolve) => open.on('response', (answer) => resolve(answer.statusCode ?? 0)));
    for (let index = 0; index < total; index++) {
      sent.update(chunk);
      // A copy: what is still referred to anywhere counts.
      if (!open.write(Buffer.from(chunk))) await once(open, 'drain');
      measure();
    }
    open.end();
    expect(await answered).toBe(200);
    const digest = sent.digest('hex');
    expect((await files().info('large')).data).toMatchObject({ size: total * chunk.length, etag: `"${digest}"` });

    const answer = await fetch(`${server.url}/object/files/large`, {
      headers: { authorization: `Bearer ${server.keys.service}` },
    });
    const received = createHash('md5');
    for await (const part of answer.body ?? []) {
      received.update(part);
      measure();
    }
    expect(received.digest('hex')).toBe(digest);
    // The client's buffers are in this process too.
    expect(peak).toBeLessThan(10 * 1024 * 1024);
    await files().remove(['large']);
  });

  it('a slow store slows the sender down instead of filling up memory', async () => {
    const gate = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    fault = {
      write: async (key, body, options) => {
        fault = {};
        async function* slowly() {
          for await (const part of body) {
            reached.resolve();
            await gate.promise;
            yield part;
          }
        }
        return await server.driver.write(key, slowly(), options);
      },
    };
    let handedOver = 0;
    const open = begin('throttled', { 'transfer-encoding': 'chunked', 'content-type': 'text/plain' });
    const answered = new Promise<number>((resolve) => open.on('response', (answer) => resolve(answer.statusCode ?? 0)));
    const part = Buffer.alloc(1024 * 1024);
    // Writes as long as the socket takes it: what does not fit into the buffers of the kernel stays with the sender.
    while (handedOver < 64 && open.write(part)) handedOver++;
    await reached.promise;
    expect(handedOver).toBeLessThan(64);
    gate.resolve();
    open.end();
    expect(await answered).toBe(200);
    await files().remove(['throttled']);
  });
});

/** Bytes in buffers that something still refers to. */
function liveBytes(): number {
  // V8 gives buffers back in a thread of its own, which a busy machine delays; the next collection waits for it.
  collect();
  collect();
  return process.memoryUsage().arrayBuffers;
}

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');
