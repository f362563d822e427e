import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { patience, type StorageServer, startStorage, tinyPng } from './storageServer.ts';

const setUp = `
  insert into storage.buckets (id, name, file_size_limit, allowed_mime_types) values
    ('desk', 'desk', null, null), ('archive', 'archive', null, null), ('icons', 'icons', 100, '{image/png}')`;

describe('moving, copying and removing', () => {
  let server: StorageServer;
  beforeAll(async () => {
    server = await startStorage({ setUp });
  });
  afterAll(() => server.close());

  const from = (bucket: string) => server.service.storage.from(bucket);
  const text = async (bucket: string, path: string) => (await from(bucket).download(path)).data?.text();
  const versionOf = async (bucket: string, path: string) => (await from(bucket).info(path)).data?.version;
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/object/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { authorization: `Bearer ${server.keys.service}`, 'content-type': 'application/json', ...headers },
    });

  it('a move changes the name and nothing else, across buckets too', async () => {
    await from('desk').upload('inbox/letter.txt', 'dear', { metadata: { read: true } });
    const version = await versionOf('desk', 'inbox/letter.txt');
    const moved = await from('desk').move('inbox/letter.txt', 'done/رسالة.txt');
    expect(moved).toMatchObject({ data: { message: 'Successfully moved' }, error: null });
    expect((await from('desk').exists('inbox/letter.txt')).data).toBe(false);
    expect(await text('desk', 'done/رسالة.txt')).toBe('dear');
    await from('desk').move('done/رسالة.txt', 'letter.txt', { destinationBucket: 'archive' });
    expect(await text('archive', 'letter.txt')).toBe('dear');
    expect((await from('archive').info('letter.txt')).data).toMatchObject({ metadata: { read: true }, version });
    expect((await from('archive').move('letter.txt', 'letter.txt')).error).toBeNull();
    expect(await server.storedFiles()).toEqual([version]);
  });

  it('a move is refused onto a file, from nothing, to nowhere and past the limits of the other bucket', async () => {
    await from('desk').upload('a', 'a');
    await from('desk').upload('b', 'b');
    expect((await from('desk').move('a', 'b')).error).toMatchObject({ statusCode: '409', code: 'KeyAlreadyExists' });
    expect((await from('desk').move('missing', 'c')).error).toMatchObject({ statusCode: '404', code: 'NoSuchKey' });
    expect((await from('desk').move('a', '../c')).error).toMatchObject({ code: 'InvalidKey' });
    expect((await from('desk').move('a', 'c', { destinationBucket: 'nowhere' })).error).toMatchObject({
      message: 'Bucket not found',
    });
    expect((await from('desk').move('a', 'c', { destinationBucket: 'icons' })).error).toMatchObject({
      statusCode: '415',
    });
    expect((await from('desk').move('a', 'c', { sourceVersionId: 'old' })).error).toMatchObject({
      code: 'FeatureNotEnabled',
    });
    expect([await text('desk', 'a'), await text('desk', 'b')]).toEqual(['a', 'b']);
  });

  it('a copy has bytes of its own', async () => {
    await from('desk').upload('plan.txt', 'v1', { metadata: { by: 'omar' }, cacheControl: '60' });
    const copied = await from('desk').copy('plan.txt', 'copies/plan.txt');
    expect(copied).toEqual({ data: { path: 'desk/copies/plan.txt' }, error: null });
    await from('desk').upload('plan.txt', 'v2', { upsert: true });
    await from('desk').remove(['plan.txt']);
    expect(await text('desk', 'copies/plan.txt')).toBe('v1');
    expect((await from('desk').info('copies/plan.txt')).data).toMatchObject({
      metadata: { by: 'omar' },
      cacheControl: 'max-age=60',
    });
    expect((await from('desk').copy('copies/plan.txt', 'plan.txt', { destinationBucket: 'archive' })).data).toEqual({
      path: 'archive/plan.txt',
    });
    expect(await text('archive', 'plan.txt')).toBe('v1');
  });

  it('a copy may say something else than its source, or replace a file and itself', async () => {
    await from('desk').upload('n.txt', 'n', { contentType: 'text/plain', metadata: { a: 1 } });
    const headers = { 'x-upsert': 'true', 'x-metadata': Buffer.from('{"b":2}').toString('base64') };
    const answer = await post(
      'copy',
      {
        bucketId: 'desk',
        sourceKey: 'n.txt',
        destinationKey: 'n.txt',
        copyMetadata: false,
        metadata: { cacheControl: 'max-age=999', mimetype: 'text/markdown' },
      },
      headers,
    );
    expect(await answer.json()).toMatchObject({
      Key: 'desk/n.txt',
      Id: expect.any(String),
      name: 'n.txt',
      bucket_id: 'desk',
      metadata: { cacheControl: 'max-age=999', mimetype: 'text/markdown', size: 1 },
      user_metadata: { b: 2 },
    });
    expect(await text('desk', 'n.txt')).toBe('n');
    expect((await from('desk').info('n.txt')).data).toMatchObject({
      contentType: 'text/markdown',
      cacheControl: 'max-age=999',
      metadata: { b: 2 },
    });
    const bare = await from('desk').copy('n.txt', 'bare.txt', { copyMetadata: false });
    expect(bare.error).toBeNull();
    expect((await from('desk').info('bare.txt')).data).toMatchObject({ metadata: {}, contentType: 'text/markdown' });
  });

  it('a copy is refused like an upload', async () => {
    await from('desk').upload('src.txt', 'x', { upsert: true });
    await from('desk').upload('dst.txt', 'y', { upsert: true });
    expect((await from('desk').copy('src.txt', 'dst.txt')).error).toMatchObject({ statusCode: '409' });
    expect((await from('desk').copy('missing', 'z')).error).toMatchObject({ statusCode: '404' });
    expect((await from('desk').copy('src.txt', 'z', { destinationBucket: 'icons' })).error).toMatchObject({
      statusCode: '415',
    });
    await from('desk').upload('large.png', Buffer.concat([tinyPng, Buffer.alloc(100)]), { contentType: 'image/png' });
    expect((await from('desk').copy('large.png', 'z', { destinationBucket: 'icons' })).error).toMatchObject({
      statusCode: '413',
    });
    expect((await post('copy', { bucketId: 'desk' })).status).toBe(400);
    expect(await text('desk', 'dst.txt')).toBe('y');
    await expect
      .poll(async () => (await server.storedFiles()).length, patience)
      .toBe((await server.database.owner.query('select from storage.objects')).rowCount);
  });

  it('removing tells which files are gone', async () => {
    await from('desk').upload('r/1', '1');
    await from('desk').upload('r/2', '2');
    const version = (await versionOf('desk', 'r/2')) ?? '';
    const { data, error } = await from('desk').remove(['r/1', 'r/missing', { path: 'r/2', versionId: 'another' }]);
    expect(error).toBeNull();
    expect(data).toMatchObject([{ name: 'r/1', bucket_id: 'desk', id: expect.any(String), metadata: { size: 1 } }]);
    expect((await from('desk').remove([{ path: 'r/2', versionId: version }])).data).toHaveLength(1);
    expect((await from('desk').remove([])).error).toMatchObject({ statusCode: '400' });
    expect((await server.service.storage.from('nowhere').remove(['x'])).data).toEqual([]);

    await from('desk').upload('r/3', '3');
    const remove = () =>
      fetch(`${server.url}/object/desk/r/3`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${server.keys.service}` },
      });
    expect(await (await remove()).json()).toEqual({ message: 'Successfully deleted' });
    expect(await (await remove()).json()).toMatchObject({ statusCode: '404', error: 'not_found' });
  });

  it('thousands of files are removed and signed in one request', async () => {
    await server.database.owner.query(
      "insert into storage.objects (bucket_id, name) select 'archive', 'bulk/' || n from generate_series(1, 5000) n",
    );
    const names = Array.from({ length: 5000 }, (_, index) => `bulk/${index + 1}`);
    const signed = await from('archive').createSignedUrls(names, 60);
    expect(signed.data?.filter((entry) => entry.error === null)).toHaveLength(5000);
    expect((await from('archive').remove(names)).data).toHaveLength(5000);
  });

  it('bodies of the wrong kind and unknown paths are answered in the envelope', async () => {
    const empty = await fetch(`${server.url}/object/upload/sign/desk/s.txt`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.keys.service}`, 'content-type': 'text/plain' },
    });
    expect(empty.status).toBe(200);
    for (const body of ['[]', '"x"', 'null', '{"prefix": 1}', '{"__proto__": {}}']) {
      const answer = await fetch(`${server.url}/object/list/desk`, {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${server.keys.service}` },
      });
      expect([200, 400], body).toContain(answer.status);
      if (answer.status === 400) expect(await answer.json(), body).toMatchObject({ statusCode: '400' });
    }
    const unknown = await fetch(`${server.url}/render/image/public/desk/a`);
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({ statusCode: '404', message: expect.stringContaining('/render/') });
    const large = await post('list/desk', { prefix: 'x'.repeat(5_000_000) });
    expect(large.status).toBe(413);
    expect(await large.json()).toMatchObject({ statusCode: '413' });
  });
});
