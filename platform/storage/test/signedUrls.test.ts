import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StorageServer, startStorage } from './storageServer.ts';

const setUp = `
  insert into storage.buckets (id, name, public, file_size_limit) values
    ('vault', 'vault', false, 1000), ('other', 'other', false, null);
  create policy members_read on storage.objects for select to authenticated using (bucket_id = 'vault');
  create policy members_upload on storage.objects for insert to authenticated
    with check (bucket_id = 'vault' and (storage.foldername(name))[1] = 'in')`;

describe('signed URLs', () => {
  let server: StorageServer;
  beforeAll(async () => {
    server = await startStorage({ setUp });
    await server.service.storage.from('vault').upload('عقود/one.txt', 'one', { contentType: 'text/plain' });
    await server.service.storage.from('vault').upload('two.txt', 'two', { cacheControl: '10' });
    await server.service.storage.from('other').upload('two.txt', 'of the other bucket');
  });
  afterAll(() => server.close());

  const read = (path: string, token: string) => fetch(`${server.url}/object/sign/${path}?token=${token}`);
  const tokenOf = (url: string | undefined) => new URL(url ?? '').searchParams.get('token') ?? '';

  it('give a file to anyone who holds one, as storage-js makes them', async () => {
    const member = await server.as({});
    const { data, error } = await member.storage.from('vault').createSignedUrl('عقود/one.txt', 60);
    expect(error).toBeNull();
    const answer = await fetch(data?.signedUrl ?? '');
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('one');
    expect(answer.headers.get('cache-control')).toMatch(/^private, max-age=(60|59|58)$/);
    expect(Date.parse(answer.headers.get('expires') ?? '')).toBeLessThanOrEqual(Date.now() + 61_000);

    const named = await member.storage.from('vault').createSignedUrl('two.txt', 60, { download: 'deux.txt' });
    const saved = await fetch(named.data?.signedUrl ?? '', { headers: { range: 'bytes=1-' } });
    expect(saved.status).toBe(206);
    expect(saved.headers.get('content-disposition')).toContain('deux.txt');
    expect(saved.headers.get('cache-control')).toBe('private, max-age=10');
    expect((await fetch(named.data?.signedUrl ?? '', { method: 'HEAD' })).headers.get('content-length')).toBe('3');
  });

  it('are only made for files that one may read', async () => {
    const { storage } = server.anon;
    expect((await storage.from('vault').createSignedUrl('two.txt', 60)).error).toMatchObject({
      statusCode: '404',
      message: 'Object not found',
    });
    const member = await server.as({});
    const many = await member.storage.from('vault').createSignedUrls(['two.txt', 'missing.txt', 'عقود/one.txt'], 60);
    expect(many.data?.map(({ path, error }) => [path, error === null])).toEqual([
      ['two.txt', true],
      ['missing.txt', false],
      ['عقود/one.txt', true],
    ]);
    expect(await (await fetch(many.data?.[2]?.signedUrl ?? '')).text()).toBe('one');
    const hidden = await member.storage.from('other').createSignedUrls(['two.txt'], 60);
    expect(hidden.data).toEqual([
      {
        path: 'two.txt',
        signedURL: null,
        signedUrl: null,
        error: 'Either the object does not exist or you do not have access to it',
      },
    ]);
    for (const seconds of [0, -1, 1.5, 1e12]) {
      expect((await member.storage.from('vault').createSignedUrl('two.txt', seconds)).error).toMatchObject({
        statusCode: '400',
      });
    }
    expect(
      (await member.storage.from('vault').createSignedUrl('two.txt', 9, { transform: { width: 9 } })).error,
    ).toMatchObject({ code: 'FeatureNotEnabled' });
  });

  it('are bound to bucket, path, purpose, time and our own signature', async () => {
    const { data } = await server.service.storage.from('vault').createSignedUrl('two.txt', 60);
    const token = tokenOf(data?.signedUrl);
    expect((await read('vault/two.txt', token)).status).toBe(200);
    for (const path of ['other/two.txt', 'vault/%D8%B9%D9%82%D9%88%D8%AF/one.txt', 'vault/two.txt2']) {
      const answer = await read(path, token);
      expect(answer.status, path).toBe(400);
      expect(await answer.json(), path).toMatchObject({ code: 'InvalidSignature' });
    }

    const claims = { url: 'vault/two.txt', scope: 'storage.download' };
    const expired = await server.tokens.sign(claims, { expiresIn: -1 });
    expect(await (await read('vault/two.txt', expired)).json()).toMatchObject({
      code: 'InvalidJWT',
      statusCode: '400',
      message: expect.stringContaining('"exp" claim timestamp check failed'),
    });
    const long = await server.tokens.sign(claims, { expiresIn: -3600 });
    expect(await (await read('vault/two.txt', long)).json()).toMatchObject({ code: 'InvalidJWT' });

    const [head, body, signature] = token.split('.');
    const forgedBody = Buffer.from(JSON.stringify({ ...claims, url: 'other/two.txt', exp: 9e9 })).toString('base64url');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const forged of [
      `${head}.${forgedBody}.${signature}`,
      `${none}.${body}.`,
      `${head}.${body}`,
      'x',
      'x'.repeat(14_000),
    ]) {
      expect((await read('vault/two.txt', forged)).status).toBe(400);
    }
    expect((await fetch(`${server.url}/object/sign/vault/two.txt`)).status).toBe(400);

    // Neither a person's token nor a key is a signature, and a signature is neither.
    expect((await read('vault/two.txt', await server.tokenFor({}))).status).toBe(400);
    expect((await read('vault/two.txt', server.keys.service)).status).toBe(400);
    const asBearer = await fetch(`${server.url}/object/vault/two.txt`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(asBearer.status).toBe(400);
    const upload = await server.service.storage.from('vault').createSignedUploadUrl('new.txt');
    expect(await (await read('vault/new.txt', upload.data?.token ?? '')).json()).toMatchObject({
      code: 'InvalidSignature',
    });
    const asUpload = await server.anon.storage.from('vault').uploadToSignedUrl('two.txt', token, 'overwritten');
    expect(asUpload.error).toMatchObject({ statusCode: '400' });
  });

  it('let somebody upload one file in the name of whoever made them', async () => {
    const sub = crypto.randomUUID();
    const member = await server.as({ sub });
    const grant = await member.storage.from('vault').createSignedUploadUrl('in/تقرير.txt');
    expect(grant.error).toBeNull();
    const token = grant.data?.token ?? '';

    const sent = await server.anon.storage.from('vault').uploadToSignedUrl('in/تقرير.txt', token, new Blob(['r']), {
      metadata: { from: 'a guest' },
    });
    expect(sent.error).toBeNull();
    expect(sent.data).toMatchObject({ path: 'in/تقرير.txt', fullPath: 'vault/in/تقرير.txt' });
    const { rows } = await server.database.owner.query(
      "select owner, owner_id, user_metadata from storage.objects where name like 'in/%'",
    );
    expect(rows).toEqual([{ owner: sub, owner_id: sub, user_metadata: { from: 'a guest' } }]);

    const again = await server.anon.storage.from('vault').uploadToSignedUrl('in/تقرير.txt', token, 'r2');
    expect(again.error).toMatchObject({ statusCode: '409', message: 'The resource already exists' });
    const elsewhere = await server.anon.storage.from('vault').uploadToSignedUrl('in/x.txt', token, 'r');
    expect(elsewhere.error).toMatchObject({ code: 'InvalidSignature' });
    const large = await server.service.storage.from('vault').createSignedUploadUrl('in/large.txt');
    const refused = await server.anon.storage
      .from('vault')
      .uploadToSignedUrl('in/large.txt', large.data?.token ?? '', 'x'.repeat(1001));
    expect(refused.error).toMatchObject({ statusCode: '413' });
  });

  it('for uploads need the rights that the upload needs', async () => {
    const member = await server.as({});
    expect((await member.storage.from('vault').createSignedUploadUrl('out/x.txt')).error).toMatchObject({
      statusCode: '403',
      message: 'new row violates row-level security policy',
    });
    expect((await server.anon.storage.from('vault').createSignedUploadUrl('in/x.txt')).error).toMatchObject({
      statusCode: '403',
    });
    expect((await server.service.storage.from('vault').createSignedUploadUrl('two.txt')).error).toMatchObject({
      statusCode: '409',
    });
    expect((await server.service.storage.from('nowhere').createSignedUploadUrl('a')).error).toMatchObject({
      statusCode: '404',
    });
    const { data } = await server.service.storage.from('vault').createSignedUploadUrl('two.txt', { upsert: true });
    const replaced = await server.anon.storage.from('vault').uploadToSignedUrl('two.txt', data?.token ?? '', 'zwei');
    expect(replaced.error).toBeNull();
    const { rowCount } = await server.database.owner.query("select from storage.objects where name = 'in/x.txt'");
    expect(rowCount).toBe(0);
  });
});
