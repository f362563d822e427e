import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { patience, type StorageServer, startStorage } from './storageServer.ts';

describe('buckets', () => {
  let server: StorageServer;
  beforeAll(async () => {
    server = await startStorage();
  });
  afterAll(() => server.close());

  it('are created, read, changed, listed and deleted by storage-js', async () => {
    const { storage } = server.service;
    const created = await storage.createBucket('avatars', {
      public: true,
      fileSizeLimit: '1.5MB',
      allowedMimeTypes: ['image/png', 'image/*'],
    });
    expect(created).toEqual({ data: { name: 'avatars' }, error: null });

    const read = await storage.getBucket('avatars');
    expect(read.data).toMatchObject({
      id: 'avatars',
      name: 'avatars',
      owner: '',
      public: true,
      file_size_limit: 1_500_000,
      allowed_mime_types: ['image/png', 'image/*'],
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });

    expect((await storage.updateBucket('avatars', { public: false })).data).toEqual({
      message: 'Successfully updated',
    });
    expect((await storage.getBucket('avatars')).data).toMatchObject({ public: false, file_size_limit: 1_500_000 });
    await storage.updateBucket('avatars', { public: false, fileSizeLimit: null, allowedMimeTypes: null });
    expect((await storage.getBucket('avatars')).data).toMatchObject({
      file_size_limit: null,
      allowed_mime_types: null,
    });

    await storage.createBucket('Backups', { public: false });
    expect((await storage.listBuckets()).data?.map((bucket) => bucket.id)).toEqual(['Backups', 'avatars']);
    expect((await storage.listBuckets({ search: 'BACK' })).data).toMatchObject([{ id: 'Backups', type: 'STANDARD' }]);
    expect((await storage.listBuckets({ limit: 1, offset: 1, sortColumn: 'id' })).data).toHaveLength(1);

    expect((await storage.deleteBucket('avatars')).data).toEqual({ message: 'Successfully deleted' });
    expect((await storage.getBucket('avatars')).error).toMatchObject({
      message: 'Bucket not found',
      statusCode: '404',
      code: 'NoSuchBucket',
    });
  });

  it('are refused with the dialect’s words', async () => {
    const { storage } = server.service;
    await storage.createBucket('taken', { public: false });
    const twice = await storage.createBucket('taken', { public: false });
    expect(twice.error).toMatchObject({ statusCode: '409', status: 400, message: 'The resource already exists' });

    for (const name of ['a/b', 'a\\b', '..', ' lead', 'x'.repeat(101), 'naïve', 'a#b', '']) {
      const { error } = await storage.createBucket(name, { public: false });
      expect(error, name).toMatchObject({ statusCode: '400' });
    }
    expect((await storage.createBucket('sized', { public: false, fileSizeLimit: 'lots' })).error?.message).toContain(
      'Invalid file size format',
    );
    expect(
      (await storage.createBucket('typed', { public: false, allowedMimeTypes: ['not a type'] })).error?.message,
    ).toContain('mime type not a type is not valid');
    expect((await storage.createBucket('kept', { public: false, versioningStatus: 'ENABLED' })).error).toMatchObject({
      code: 'FeatureNotEnabled',
    });
    expect((await storage.updateBucket('missing', { public: true })).error).toMatchObject({ statusCode: '404' });
    expect((await storage.deleteBucket('missing')).error).toMatchObject({ statusCode: '404' });
    expect((await storage.emptyBucket('missing')).error).toMatchObject({ statusCode: '404' });
  });

  it('are only deleted when empty, and emptied with their bytes', async () => {
    const { storage } = server.service;
    await storage.createBucket('full', { public: false });
    await storage.from('full').upload('a.txt', 'a');
    await storage.from('full').upload('b/c.txt', 'c');
    expect((await storage.deleteBucket('full')).error).toMatchObject({
      statusCode: '409',
      code: 'ResourceNotEmpty',
      message: 'The bucket you tried to delete is not empty',
    });
    expect((await storage.emptyBucket('full')).error).toBeNull();
    expect((await storage.from('full').list()).data).toEqual([]);
    expect((await storage.deleteBucket('full')).error).toBeNull();
    await expect.poll(() => server.storedFiles(), patience).toEqual([]);
  });

  it('belong to nobody without a policy', async () => {
    const member = await server.as({});
    for (const { storage } of [server.anon, member]) {
      expect((await storage.createBucket('mine', { public: false })).error).toMatchObject({
        statusCode: '403',
        message: 'new row violates row-level security policy',
      });
      expect((await storage.listBuckets()).data).toEqual([]);
      expect((await storage.getBucket('taken')).error).toMatchObject({ message: 'Bucket not found' });
      expect((await storage.updateBucket('taken', { public: true })).error).toMatchObject({
        message: 'Bucket not found',
      });
      expect((await storage.deleteBucket('taken')).error).toMatchObject({ message: 'Bucket not found' });
    }
  });

  it('answer strangers and broken requests in the envelope', async () => {
    const get = (headers: Record<string, string>) => fetch(`${server.url}/bucket`, { headers });
    const nobody = await get({});
    expect(nobody.status).toBe(400);
    expect(await nobody.json()).toMatchObject({
      statusCode: '400',
      error: 'Error',
      message: expect.stringContaining('authorization'),
    });
    const forged = await get({ authorization: 'Bearer not-a-jwt' });
    expect(forged.status).toBe(400);
    expect(await forged.json()).toMatchObject({ statusCode: '403', error: 'Unauthorized' });

    const post = (body: string) =>
      fetch(`${server.url}/bucket`, {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${server.keys.service}`, 'content-type': 'application/json' },
      });
    expect(await (await post('{')).json()).toMatchObject({ statusCode: '400', message: 'The body is not valid JSON' });
    expect(await (await post('{"name": 7}')).json()).toMatchObject({
      statusCode: '400',
      code: 'InvalidRequest',
      message: expect.stringContaining('name'),
    });
    const wrongMethod = await fetch(`${server.url}/bucket/x`, { method: 'PATCH' });
    expect(wrongMethod.status).toBe(405);
  });
});
