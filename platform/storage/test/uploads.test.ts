import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StorageServer, startStorage, tinyPng } from './storageServer.ts';

type Body = ConstructorParameters<typeof Response>[0];

const setUp = `
  insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types) values
    ('files', 'files', false, null, null),
    ('small', 'small', false, 1000, null),
    ('pictures', 'pictures', false, null, '{image/png,image/webp}'),
    ('sounds', 'sounds', false, null, '{audio/*}'),
    ('papers', 'papers', false, null, '{text/plain,application/vnd.openxmlformats-officedocument.wordprocessingml.document}')`;

describe('uploads', () => {
  let server: StorageServer;
  beforeAll(async () => {
    server = await startStorage({ setUp, maxFileBytes: 30_000_000 });
  });
  afterAll(() => server.close());

  const from = (bucket: string) => server.service.storage.from(bucket);
  const bytes = async (bucket: string, path: string) => {
    const { data, error } = await from(bucket).download(path);
    if (error) throw error;
    return Buffer.from(await data.arrayBuffer());
  };
  const raw = (method: string, path: string, body: Body, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/object/${path}`, {
      method,
      body,
      headers: { authorization: `Bearer ${server.keys.service}`, ...headers },
      ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
    });

  it('take every kind of body that storage-js takes', async () => {
    const content = randomBytes(200_000);
    const bodies = {
      buffer: content,
      arrayBuffer: content.buffer.slice(content.byteOffset, content.byteOffset + content.byteLength),
      blob: new Blob([content]),
      file: new File([content], 'photo.bin'),
      webStream: Readable.toWeb(Readable.from([content])),
      nodeStream: Readable.from([content.subarray(0, 100_000), content.subarray(100_000)]),
    };
    for (const [kind, body] of Object.entries(bodies)) {
      const { data, error } = await from('files').upload(`kinds/${kind}`, body);
      expect(error, kind).toBeNull();
      expect(data).toMatchObject({ path: `kinds/${kind}`, fullPath: `files/kinds/${kind}`, id: expect.any(String) });
      expect((await bytes('files', `kinds/${kind}`)).equals(content), kind).toBe(true);
    }
    const form = new FormData();
    form.append('file', new Blob([content]), 'x.bin');
    expect((await from('files').upload('kinds/form', form)).error).toBeNull();
    expect((await bytes('files', 'kinds/form')).equals(content)).toBe(true);
    expect((await from('files').upload('kinds/text', 'plain words')).error).toBeNull();
    expect((await bytes('files', 'kinds/text')).toString()).toBe('plain words');
    expect((await from('files').upload('kinds/empty', '')).error).toBeNull();
    expect(await bytes('files', 'kinds/empty')).toHaveLength(0);
    expect((await from('files').upload('kinds/emptyBlob', new Blob([]))).error).toBeNull();
  });

  it('keep type, cache control, encoding and metadata, from headers and from forms', async () => {
    const options = {
      contentType: 'image/png',
      cacheControl: '120',
      metadata: { author: 'Salma سلمى', tags: [1, 2] },
    };
    await from('files').upload('kept/raw.png', tinyPng, options);
    await from('files').upload('kept/form.png', new Blob([tinyPng], { type: 'image/png' }), options);
    for (const name of ['kept/raw.png', 'kept/form.png']) {
      const { data, error } = await from('files').info(name);
      expect(error).toBeNull();
      expect(data).toMatchObject({
        name,
        bucketId: 'files',
        size: tinyPng.length,
        contentType: 'image/png',
        cacheControl: 'max-age=120',
        contentEncoding: null,
        etag: `"${createHash('md5').update(tinyPng).digest('hex')}"`,
        metadata: { author: 'Salma سلمى', tags: [1, 2] },
        version: expect.stringMatching(/^[0-9a-f-]{36}$/),
        lastModified: expect.any(String),
        createdAt: expect.any(String),
      });
    }
    // A form whose fields come after the file, as curl sends them in the order of its arguments.
    const late = new FormData();
    late.append('file', new Blob(['late'], { type: 'text/plain' }), 'late.txt');
    late.append('metadata', '{"late": true}');
    late.append('cacheControl', '7');
    expect((await raw('POST', 'files/kept/late.txt', late)).status).toBe(200);
    expect((await from('files').info('kept/late.txt')).data).toMatchObject({
      metadata: { late: true },
      cacheControl: 'max-age=7',
      contentType: 'text/plain',
    });
    expect((await from('files').info('kinds/text')).data).toMatchObject({ metadata: {} });
  });

  it('refuse a name that is taken unless asked to replace it', async () => {
    await from('files').upload('once.txt', 'first');
    expect((await from('files').upload('once.txt', 'second')).error).toMatchObject({
      message: 'The resource already exists',
      statusCode: '409',
      code: 'KeyAlreadyExists',
    });
    expect((await bytes('files', 'once.txt')).toString()).toBe('first');
    expect((await from('files').upload('once.txt', 'third', { upsert: true })).error).toBeNull();
    expect((await bytes('files', 'once.txt')).toString()).toBe('third');
    expect((await from('files').update('once.txt', 'fourth')).error).toBeNull();
    expect((await bytes('files', 'once.txt')).toString()).toBe('fourth');
    const duplicate = await raw('POST', 'files/once.txt', 'x');
    expect(duplicate.status).toBe(400);
    expect(await duplicate.json()).toMatchObject({ error: 'Duplicate', statusCode: '409' });
  });

  it('stop at the limit of the bucket and of the server, announced or not', async () => {
    const content = randomBytes(1001);
    const stream = () => Readable.toWeb(Readable.from([content.subarray(0, 600), content.subarray(600)]));
    for (const body of [content, new Blob([content]), stream()]) {
      const { error } = await from('small').upload('too-large', body);
      expect(error).toMatchObject({
        message: 'The object exceeded the maximum allowed size',
        statusCode: '413',
        status: 413,
        code: 'EntityTooLarge',
      });
    }
    expect((await from('small').upload('fits', content.subarray(1), { upsert: true })).error).toBeNull();
    expect((await from('small').upload('fits-form', new Blob([content.subarray(1)]))).error).toBeNull();
    const huge = await from('files').upload('huge', Buffer.alloc(30_000_001));
    expect(huge.error).toMatchObject({ statusCode: '413' });
    expect((await from('small').info('too-large')).error).toMatchObject({ statusCode: '404' });
  });

  it('take only listed types, by what is said and by what the bytes are', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    const elf = Buffer.concat([Buffer.from('7f454c4602010100', 'hex'), Buffer.alloc(64)]);
    const ok = async (bucket: string, name: string, body: Buffer | string, contentType: string) =>
      expect((await from(bucket).upload(name, body, { contentType })).error, `${name} ${contentType}`).toBeNull();
    const refused = async (bucket: string, name: string, body: Buffer | string, contentType: string, type: string) =>
      expect((await from(bucket).upload(name, body, { contentType })).error, `${name} ${contentType}`).toMatchObject({
        statusCode: '415',
        code: 'InvalidMimeType',
        message: `mime type ${type} is not supported`,
      });

    await ok('pictures', 'a.png', tinyPng, 'image/png');
    await ok('pictures', 'b.webp', tinyPng, 'image/webp');
    await ok('pictures', 'c.png', tinyPng, 'image/png; charset=binary');
    await refused('pictures', 'd.jpg', tinyPng, 'image/jpeg', 'image/jpeg');
    await refused('pictures', 'e.png', elf, 'image/png', 'application/x-elf');
    expect((await from('pictures').upload('f.png', svg, { contentType: 'image/png' })).error).toMatchObject({
      code: 'InvalidMimeType',
      message: 'The content of the file is not image/png',
    });
    await refused('pictures', 'g.png', '%PDF-1.4\n', 'image/png', 'application/pdf');
    await refused('pictures', 'h', tinyPng, 'nonsense', 'nonsense');
    await ok('pictures', 'folder/.emptyFolderPlaceholder', '', 'text/plain');
    expect((await from('pictures').upload('other/.emptyFolderPlaceholder', 'x')).error).toMatchObject({
      statusCode: '413',
    });

    await ok('sounds', 'a.ogg', Buffer.concat([Buffer.from('OggS'), Buffer.alloc(60)]), 'audio/ogg');
    await refused('sounds', 'b.mp3', tinyPng, 'audio/mpeg', 'image/png');

    await ok('papers', 'bmw.txt', 'BM is how a bitmap begins, and this sentence', 'text/plain');
    await ok('papers', 'arabic.txt', 'مرحبا'.repeat(2000), 'text/plain');
    await refused('papers', 'program.txt', elf, 'text/plain', 'application/x-elf');
    const zip = Buffer.concat([Buffer.from('504b0304', 'hex'), Buffer.alloc(60)]);
    const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
    await ok('papers', 'contract.docx', zip, docx);
    expect(await server.storedFiles()).not.toContain(expect.stringMatching(/\.part$/));
  });

  it('refuse names that could mean something else, and take names in any script', async () => {
    // fetch would resolve dots before they leave; strangers do not.
    const put = (path: string) =>
      new Promise<{ status: number; body: unknown }>((resolve, reject) => {
        const { hostname, port } = new URL(server.url);
        const headers = { authorization: `Bearer ${server.keys.service}`, 'content-type': 'text/plain' };
        const open = request({ hostname, port, method: 'PUT', path: `/storage/v1/object/files/${path}`, headers });
        open.on('error', reject).on('response', async (answer) => {
          resolve({ status: answer.statusCode ?? 0, body: JSON.parse(await text(answer)) });
        });
        open.end('x');
      });
    for (const path of [
      '../../etc/passwd',
      '%2e%2e/%2e%2e/etc/passwd',
      '..%2f..%2fetc%2fpasswd',
      'a/..%2fb',
      'a/%2e/b',
      'a%5cb',
      'a%00b',
      'a%0ab',
      'a%7fb',
      'photo%E2%80%AEgpj.exe',
      'folder/',
      encodeURIComponent('ن'.repeat(513)),
    ]) {
      expect(await put(path), path).toMatchObject({ status: 400, body: { code: 'InvalidKey', statusCode: '400' } });
    }
    expect((await put('%zz')).status).toBe(400);
    expect((await put('%ff')).status).toBe(400);
    for (const name of [
      'عقد البيع.txt',
      "it's (1) & co. #?+@=;:,!$.txt",
      '日本/写真 🙂.jpg',
      '.hidden',
      'a..b',
      '%41',
    ]) {
      const path = name.split('/').map(encodeURIComponent).join('/');
      expect(await put(path), name).toMatchObject({ body: { Key: `files/${name}` } });
      const read = await fetch(`${server.url}/object/files/${path}`, {
        headers: { authorization: `Bearer ${server.keys.service}` },
      });
      expect(await read.text()).toBe('x');
    }
    expect((await from('files').upload('عقد/نسخة.txt', 'x')).data).toMatchObject({ path: 'عقد/نسخة.txt' });
  });

  it('refuse what cannot be kept with the file', async () => {
    const refused = async (headers: Record<string, string>, body: Body = 'x') => {
      const answer = await raw('POST', 'files/refused', body, headers);
      expect(answer.status).toBe(400);
      return await answer.json();
    };
    expect(await refused({ 'x-metadata': 'bm90IGpzb24=' })).toMatchObject({ code: 'InvalidRequest' });
    expect(await refused({ 'x-metadata': Buffer.from('[1]').toString('base64') })).toMatchObject({
      message: 'The metadata is not a JSON object',
    });
    expect(await refused({ 'cache-control': '<script>' })).toMatchObject({ message: /cache-control/ });
    expect(await refused({ 'content-encoding': 'rot13' })).toMatchObject({ message: /content-encoding/ });
    expect(await refused({ 'content-type': 'multipart/form-data' })).toMatchObject({ message: /boundary/ });
    expect(await refused({ 'content-type': 'multipart/form-data; boundary=x' }, 'not a form')).toMatchObject({
      code: 'InvalidRequest',
    });
    const empty = new FormData();
    empty.append('cacheControl', '1');
    expect(await refused({}, empty)).toMatchObject({ message: 'The form has no file' });
    const two = new FormData();
    two.append('a', new Blob(['1']), '1');
    two.append('b', new Blob(['2']), '2');
    expect(await refused({}, two)).toMatchObject({ message: /more than one file/ });
    expect((await from('files').info('refused')).error).toMatchObject({ statusCode: '404' });
    expect((await from('nowhere').upload('a', 'x')).error).toMatchObject({
      message: 'Bucket not found',
      statusCode: '404',
    });
  });

  it('name the charset of plain text that would be guessed wrongly', async () => {
    for (const [text, type] of [
      ['plain', 'text/plain'],
      ['الاسم,الهاتف', 'text/plain;charset=utf-8'],
    ] as const) {
      await from('files').upload('charset.txt', new Blob([text], { type: 'text/plain' }), { upsert: true });
      expect((await from('files').info('charset.txt')).data).toMatchObject({ contentType: type });
    }
  });

  it('keep compressed bytes as they are and say how to read them', async () => {
    const { gzipSync } = await import('node:zlib');
    const answer = await raw('POST', 'files/packed.json', gzipSync('{"a":1}'), {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
    });
    expect(answer.status).toBe(200);
    expect((await from('files').info('packed.json')).data).toMatchObject({ contentEncoding: 'gzip' });
    expect((await bytes('files', 'packed.json')).toString()).toBe('{"a":1}');
  });
});
