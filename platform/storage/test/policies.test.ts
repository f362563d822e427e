import { randomUUID } from 'node:crypto';
import type { SupabaseClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type StorageServer, startStorage } from './storageServer.ts';

const claim = (name: string) => `(select current_setting('request.jwt.claims', true)::jsonb ->> '${name}')`;
const inOwnFolder = `bucket_id = 'media' and (storage.foldername(name))[1] = ${claim('organization_id')}`;

const setUp = `
  insert into storage.buckets (id, name, public) values ('media', 'media', false), ('open', 'open', true)`;

/** The ways of reaching a file; each says whether it worked. */
const operations = {
  upload: (files: Files, path: string) => files.upload(path, 'new'),
  upsert: (files: Files, path: string) => files.upload(path, 'changed', { upsert: true }),
  update: (files: Files, path: string) => files.update(path, 'changed'),
  download: (files: Files, path: string) => files.download(path),
  info: (files: Files, path: string) => files.info(path),
  sign: (files: Files, path: string) => files.createSignedUrl(path, 60),
  signUpload: (files: Files, path: string) => files.createSignedUploadUrl(`${path}.signed`),
  copy: (files: Files, path: string) => files.copy(path, `${path}.copy`),
  move: (files: Files, path: string) => files.move(path, `${path}.moved`),
};
type Operation = keyof typeof operations;
type Files = ReturnType<SupabaseClient['storage']['from']>;

interface PolicyCase {
  name: string;
  /** Commands the caller has a policy for. */
  policies: ('select' | 'insert' | 'update' | 'delete')[];
  /** What works on a file that is there; everything else must fail. `upload` is tried on a new name. */
  works: Operation[];
  removes: boolean;
}

const cases: PolicyCase[] = [
  { name: 'nothing', policies: [], works: [], removes: false },
  { name: 'reading', policies: ['select'], works: ['download', 'info', 'sign'], removes: false },
  { name: 'inserting', policies: ['insert'], works: ['upload', 'signUpload'], removes: false },
  { name: 'updating alone', policies: ['update'], works: [], removes: false },
  { name: 'deleting alone', policies: ['delete'], works: [], removes: false },
  {
    name: 'reading and inserting',
    policies: ['select', 'insert'],
    works: ['upload', 'download', 'info', 'sign', 'signUpload', 'copy'],
    removes: false,
  },
  {
    name: 'reading and updating',
    policies: ['select', 'update'],
    works: ['upsert', 'update', 'download', 'info', 'sign', 'move'],
    removes: false,
  },
  { name: 'reading and deleting', policies: ['select', 'delete'], works: ['download', 'info', 'sign'], removes: true },
  {
    name: 'everything',
    policies: ['select', 'insert', 'update', 'delete'],
    works: ['upload', 'upsert', 'update', 'download', 'info', 'sign', 'signUpload', 'copy', 'move'],
    removes: true,
  },
];

describe('policies decide', () => {
  let server: StorageServer;
  const [mine, theirs] = [randomUUID(), randomUUID()];
  let member: SupabaseClient;
  beforeAll(async () => {
    server = await startStorage({ setUp });
    member = await server.as({ organization_id: mine });
  });
  afterAll(() => server.close());

  const policy = async (commands: readonly string[]) => {
    await server.database.owner.query(`
      drop policy if exists s on storage.objects; drop policy if exists i on storage.objects;
      drop policy if exists u on storage.objects; drop policy if exists d on storage.objects;`);
    for (const command of commands) {
      const clause = command === 'insert' ? 'with check' : 'using';
      await server.database.owner.query(
        `create policy ${command[0]} on storage.objects for ${command} to authenticated ${clause} (${inOwnFolder})`,
      );
    }
  };
  const there = async (path: string) => {
    const { error } = await server.service.storage.from('media').upload(path, 'old', { upsert: true });
    expect(error).toBeNull();
    return path;
  };
  const contentOf = async (path: string) => {
    const { data } = await server.service.storage.from('media').download(path);
    return await data?.text();
  };

  describe.each(cases)('with the right of $name', ({ policies, works, removes }) => {
    beforeEach(() => policy(policies));
    it.each(Object.keys(operations).filter((name): name is Operation => name in operations))(
      '%s',
      async (operation) => {
        const files = member.storage.from('media');
        const run = operations[operation];
        const fresh = `${randomUUID()}.txt`;
        const own = operation === 'upload' ? `${mine}/${fresh}` : await there(`${mine}/${fresh}`);
        const { error } = await run(files, own);
        if (works.includes(operation)) expect(error).toBeNull();
        else {
          expect(error).toMatchObject({ status: 400 });
          expect(await contentOf(own)).toBe(operation === 'upload' ? undefined : 'old');
        }
        // Whatever the rights: never in the other tenant's folder.
        const other = operation === 'upload' ? `${theirs}/${fresh}` : await there(`${theirs}/${fresh}`);
        expect((await run(files, other)).error).toMatchObject({ status: 400 });
        expect(await contentOf(other)).toBe(operation === 'upload' ? undefined : 'old');
        // And never for strangers.
        expect((await run(server.anon.storage.from('media'), own)).error).toMatchObject({ status: 400 });
      },
    );

    it('remove', async () => {
      const own = await there(`${mine}/${randomUUID()}.txt`);
      const other = await there(`${theirs}/${randomUUID()}.txt`);
      const { data, error } = await member.storage.from('media').remove([own, other, 'missing']);
      expect(error).toBeNull();
      expect(data?.map((row) => row.name)).toEqual(removes ? [own] : []);
      expect(await contentOf(own)).toBe(removes ? undefined : 'old');
      expect(await contentOf(other)).toBe('old');
      const single = await fetch(`${server.url}/object/media/${other}`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${await server.tokenFor({ organization_id: mine })}` },
      });
      expect(single.status).toBe(400);
    });
  });

  it('moving and copying into the other tenant’s folder, or out of it, fails and changes nothing', async () => {
    await policy(['select', 'insert', 'update', 'delete']);
    const own = await there(`${mine}/a.txt`);
    const other = await there(`${theirs}/b.txt`);
    const files = member.storage.from('media');
    expect((await files.move(own, `${theirs}/stolen.txt`)).error).toMatchObject({ statusCode: '403' });
    expect((await files.copy(own, `${theirs}/stolen.txt`)).error).toMatchObject({ statusCode: '403' });
    expect((await files.move(other, `${mine}/stolen.txt`)).error).toMatchObject({ statusCode: '404' });
    expect((await files.copy(other, `${mine}/stolen.txt`)).error).toMatchObject({ statusCode: '404' });
    expect((await files.copy(own, other)).error).toMatchObject({ status: 400 });
    expect((await files.move(own, 'a.txt', { destinationBucket: 'open' })).error).toMatchObject({ statusCode: '403' });
    expect(await contentOf(own)).toBe('old');
    expect(await contentOf(other)).toBe('old');
    const { rowCount } = await server.database.owner.query(
      "select from storage.objects where name like '%stolen%' or bucket_id = 'open'",
    );
    expect(rowCount).toBe(0);
  });

  it('a row that names another row’s bytes is refused, so that no policy can be walked around', async () => {
    await policy(['select', 'insert', 'update', 'delete']);
    const other = await there(`${theirs}/secret.txt`);
    const { rows } = await server.database.owner.query('select version from storage.objects where name = $1', [other]);
    const { transactionAs } = await import('@connectgain/postgres');
    const claims = { role: 'authenticated', organization_id: mine };
    const steal = transactionAs(server.database.requests, { role: 'authenticated', claims }, (client) =>
      client.query('insert into storage.objects (bucket_id, name, version) values ($1, $2, $3)', [
        'media',
        `${mine}/steal.txt`,
        rows[0].version,
      ]),
    );
    await expect(steal).rejects.toThrow(/objects_version_key/);
    const list = transactionAs(server.database.requests, { role: 'service_role', claims }, (client) =>
      client.query('select * from storage.orphans'),
    );
    await expect(list).rejects.toThrow(/permission denied/);
  });

  it('policies see the finished row: size, type, owner and metadata', async () => {
    await policy(['select']);
    await server.database.owner.query(`
      create policy i on storage.objects for insert to authenticated with check (
        ${inOwnFolder} and owner_id = ${claim('sub')}
        and metadata ->> 'mimetype' like 'image/%'
        and (metadata ->> 'contentLength')::int <= 1000
        and user_metadata ->> 'department' = 'sales')`);
    const metadata = { department: 'sales' };
    const files = member.storage.from('media');
    const send = (body: string | Blob, contentType: string, extra = metadata) =>
      files.upload(`${mine}/${randomUUID()}`, body, { contentType, metadata: extra });
    expect((await send('x'.repeat(1000), 'image/png')).error).toBeNull();
    expect((await send(new Blob(['x'.repeat(1000)], { type: 'image/png' }), '')).error).toBeNull();
    const denied = { statusCode: '403', message: 'new row violates row-level security policy' };
    expect((await send('x'.repeat(1001), 'image/png')).error).toMatchObject(denied);
    expect((await send(new Blob(['x'.repeat(1001)], { type: 'image/png' }), '')).error).toMatchObject(denied);
    expect((await send('x', 'text/plain')).error).toMatchObject(denied);
    expect((await send('x', 'image/png', { department: 'art' })).error).toMatchObject(denied);
  });

  it('a refused upload is refused before its bytes are taken', async () => {
    await policy([]);
    const stored = (await server.storedFiles()).length;
    const { error } = await member.storage.from('media').upload(`${mine}/big`, Buffer.alloc(5_000_000));
    expect(error).toMatchObject({ statusCode: '403' });
    expect((await server.storedFiles()).length).toBe(stored);
  });
});
