import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStorage, type Storage } from '../src/index.ts';
import { type StorageServer, startStorage, tinyPng } from './storageServer.ts';

const setUp = `
  insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types) values
    ('media', 'media', false, 100000, null), ('open', 'open', true, null, '{image/*}');
  create policy own on storage.objects for all to authenticated
    using (owner_id = (select current_setting('request.jwt.claims')::jsonb ->> 'sub'))`;

describe('files for server code', () => {
  let server: StorageServer;
  let storage: Storage;
  beforeAll(async () => {
    server = await startStorage({ setUp });
    const { database, driver, tokens } = server;
    storage = createStorage({ database, driver, tokens, publicUrl: `${server.origin}/` });
  });
  afterAll(async () => {
    await storage.close();
    await server.close();
  });

  it('are put, found, read and removed as the system', async () => {
    const files = storage.asSystem();
    const content = randomBytes(50_000);
    const stored = await files.put('media', 'org/صورة 1.jpg', content, {
      contentType: 'image/jpeg',
      metadata: { source: 'whatsapp' },
      owner: 'agent-7',
    });
    expect(stored).toMatchObject({
      bucket: 'media',
      name: 'org/صورة 1.jpg',
      size: 50_000,
      contentType: 'image/jpeg',
      etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
      metadata: { source: 'whatsapp' },
    });
    expect(await files.find('media', 'org/صورة 1.jpg')).toEqual(stored);
    expect(await files.find('media', 'missing')).toBeUndefined();
    const read = await files.get('media', 'org/صورة 1.jpg');
    expect((await buffer(read.body)).equals(content)).toBe(true);
    const part = await files.get('media', 'org/صورة 1.jpg', { start: 10, end: 19 });
    expect((await buffer(part.body)).equals(content.subarray(10, 20))).toBe(true);

    const replaced = await files.put('media', 'org/صورة 1.jpg', Readable.from([Buffer.from('streamed')]), {
      contentType: 'text/plain',
      upsert: true,
    });
    expect(replaced).toMatchObject({ id: stored.id, size: 8 });
    expect(replaced.version).not.toBe(stored.version);
    expect(await files.remove('media', ['org/صورة 1.jpg', 'missing'])).toEqual(['org/صورة 1.jpg']);
    await expect(files.get('media', 'org/صورة 1.jpg')).rejects.toMatchObject({ code: 'NoSuchKey' });
    await storage.close();
    expect(await server.storedFiles()).toEqual([]);
  });

  it('get URLs that work from anywhere', async () => {
    const files = storage.asSystem();
    await files.put('media', 'org/a b#1?.txt', Buffer.from('signed'), { contentType: 'text/plain' });
    const url = await files.createSignedUrl('media', 'org/a b#1?.txt', { expiresIn: 60, download: 'a.txt' });
    const answer = await fetch(url);
    expect(await answer.text()).toBe('signed');
    expect(answer.headers.get('content-disposition')).toContain('a.txt');
    await expect(files.createSignedUrl('media', 'missing', { expiresIn: 60 })).rejects.toMatchObject({ status: 404 });

    await files.put('open', 'p.png', tinyPng, { contentType: 'image/png' });
    expect((await fetch(storage.publicUrl('open', 'p.png'))).status).toBe(200);
  });

  it('obey the limits of buckets and the rules of names, whoever asks', async () => {
    const files = storage.asSystem();
    await expect(files.put('media', 'large', randomBytes(100_001))).rejects.toMatchObject({ code: 'EntityTooLarge' });
    await expect(files.put('media', '../up', Buffer.from('x'))).rejects.toMatchObject({ code: 'InvalidKey' });
    await expect(files.put('open', 'x.txt', Buffer.from('x'), { contentType: 'text/plain' })).rejects.toMatchObject({
      code: 'InvalidMimeType',
    });
    await expect(files.put('nowhere', 'x', Buffer.from('x'))).rejects.toMatchObject({ code: 'NoSuchBucket' });
    await files.put('media', 'once', Buffer.from('x'));
    await expect(files.put('media', 'once', Buffer.from('y'))).rejects.toMatchObject({ code: 'KeyAlreadyExists' });
    const abort = new AbortController();
    async function* hanging() {
      yield Buffer.from('x');
      abort.abort(new Error('the job was cancelled'));
      await new Promise(() => undefined);
    }
    await expect(files.put('media', 'cancelled', hanging(), { signal: abort.signal })).rejects.toThrow('cancelled');
    expect(await files.find('media', 'cancelled')).toBeUndefined();
  });

  it('obey the policies of somebody when asked to', async () => {
    const claims = (sub: string) => ({ role: 'authenticated' as const, claims: { sub, role: 'authenticated' } });
    const salma = storage.as(claims('salma'));
    await salma.put('media', 'salma.txt', Buffer.from('mine'));
    expect(await text((await salma.get('media', 'salma.txt')).body)).toBe('mine');
    const omar = storage.as(claims('omar'));
    await expect(omar.get('media', 'salma.txt')).rejects.toMatchObject({ code: 'NoSuchKey' });
    expect(await omar.remove('media', ['salma.txt'])).toEqual([]);
    await expect(omar.put('media', 'salma.txt', Buffer.from('his'), { upsert: true })).rejects.toMatchObject({
      status: 404,
    });
    await expect(storage.as({ role: 'anon', claims: {} }).put('media', 'x', Buffer.from('x'))).rejects.toThrow(
      /row-level security/,
    );
  });
});
