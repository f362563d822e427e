import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StorageServer, startStorage } from './storageServer.ts';

interface Listed {
  name: string;
  /** Minutes after midnight, also the order of creation. */
  created: number;
  updated: number;
}

/** A tree with names that sort differently by bytes and by language, and folders between them. */
const files: Listed[] = [
  ...['Zed.txt', 'a.txt', 'a/b.txt', 'a/c/d.txt', 'a/c/e.txt', 'ab.txt', 'b/x.txt', 'B/y.txt', 'م/ملف.txt', 'z%_.txt'],
].map((name, index) => ({ name, created: (index * 7) % 10, updated: (index * 3) % 10 }));

const setUp = `
  insert into storage.buckets (id, name) values ('tree', 'tree'), ('flat', 'flat');
  alter table storage.objects disable trigger objects_touch_updated_at;
  insert into storage.objects (bucket_id, name, created_at, updated_at, last_accessed_at, metadata) values
    ${files
      .map(
        ({ name, created, updated }) =>
          `('tree', '${name}', '2026-01-01 00:0${created}', '2026-01-02 00:0${updated}', now(), '{"size": 1}')`,
      )
      .join(',')};
  insert into storage.objects (bucket_id, name, created_at)
    select 'flat', 'f' || to_char(n, 'fm0000'), timestamptz '2026-01-01' + n * interval '1 microsecond'
    from generate_series(1, 260) n;
  create policy own_folder on storage.objects for select to authenticated
    using (bucket_id = 'tree' and (storage.foldername(name))[1] = current_setting('request.jwt.claims')::jsonb ->> 'folder')`;

const sorted = [...files].map((file) => file.name).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

describe('listing', () => {
  let server: StorageServer;
  beforeAll(async () => {
    server = await startStorage({ setUp });
  });
  afterAll(() => server.close());

  const tree = () => server.service.storage.from('tree');
  const list = async (path: string, options?: Parameters<ReturnType<typeof tree>['list']>[1]) => {
    const { data, error } = await tree().list(path, options);
    if (error) throw error;
    return data.map((entry) => `${entry.name}${entry.id === null ? '/' : ''}`);
  };

  it('shows one folder at a time, folders without an id', async () => {
    expect(await list('')).toEqual(['B/', 'Zed.txt', 'a.txt', 'a/', 'ab.txt', 'b/', 'z%_.txt', 'م/']);
    expect(await list('a')).toEqual(['b.txt', 'c/']);
    expect(await list('a/')).toEqual(['b.txt', 'c/']);
    expect(await list('a/c')).toEqual(['d.txt', 'e.txt']);
    expect(await list('م')).toEqual(['ملف.txt']);
    expect(await list('missing')).toEqual([]);
    const { data } = await tree().list('a');
    expect(data?.[0]).toMatchObject({
      name: 'b.txt',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      created_at: expect.stringMatching(/Z$/),
      updated_at: expect.any(String),
      last_accessed_at: expect.any(String),
      metadata: { size: 1 },
    });
    expect(data?.[1]).toEqual({
      name: 'c',
      id: null,
      created_at: null,
      updated_at: null,
      last_accessed_at: null,
      metadata: null,
    });
    expect((await server.service.storage.from('nowhere').list()).data).toEqual([]);
  });

  it('pages, searches and sorts', async () => {
    expect(await list('', { limit: 3 })).toEqual(['B/', 'Zed.txt', 'a.txt']);
    expect(await list('', { limit: 3, offset: 3 })).toEqual(['a/', 'ab.txt', 'b/']);
    expect(await list('', { limit: 3, offset: 7 })).toEqual(['م/']);
    expect(await list('', { offset: 100 })).toEqual([]);
    expect(await list('', { sortBy: { column: 'name', order: 'desc' } })).toEqual([
      'م/',
      'z%_.txt',
      'b/',
      'ab.txt',
      'a/',
      'a.txt',
      'Zed.txt',
      'B/',
    ]);
    expect(await list('', { search: 'A' })).toEqual(['a.txt', 'a/', 'ab.txt']);
    expect(await list('', { search: 'z%_' })).toEqual(['z%_.txt']);
    expect(await list('', { search: '%' })).toEqual([]);
    expect(await list('a', { search: 'C' })).toEqual(['c/']);
    const byTime = [...files].filter((file) => !file.name.includes('/')).sort((a, b) => a.created - b.created);
    const created = await list('', { sortBy: { column: 'created_at', order: 'asc' } });
    expect(created.filter((name) => !name.endsWith('/'))).toEqual(byTime.map((file) => file.name));
    expect(await list('', { sortBy: { column: 'created_at', order: 'desc' } })).toEqual([...created].reverse());
    expect((await tree().list('', { sortBy: { column: 'metadata' } })).error).toMatchObject({ statusCode: '400' });
    expect((await tree().list('', { limit: -1 })).error).toMatchObject({ statusCode: '400' });
    expect(await list('a/b.txt', { exactMatch: true })).toEqual(['b.txt']);
    expect(await list('a/b', { exactMatch: true })).toEqual([]);
    expect(await list('', { noncurrentVersions: 'only' })).toEqual([]);
  });

  it('pages through everything by cursor in every order, with and without folders', async () => {
    const folderOf = (name: string) => (name.includes('/') ? `${name.split('/')[0]}/` : name);
    for (const column of ['name', 'created_at', 'updated_at'] as const) {
      for (const order of ['asc', 'desc'] as const) {
        for (const withDelimiter of [true, false]) {
          const seen: string[] = [];
          let pages = 0;
          let cursor: string | undefined;
          do {
            const { data, error } = await tree().listV2({
              limit: 3,
              with_delimiter: withDelimiter,
              sortBy: { column, order },
              cursor,
            });
            expect(error).toBeNull();
            seen.push(...(data?.objects ?? []).map((entry) => entry.name));
            seen.push(...(data?.folders ?? []).map((entry) => entry.name));
            cursor = data?.nextCursor;
            expect(data?.hasNext).toBe(cursor !== undefined);
            pages++;
          } while (cursor !== undefined);
          const expected = withDelimiter ? [...new Set(sorted.map(folderOf))] : sorted;
          const label = `${column} ${order} ${withDelimiter}`;
          expect([...seen].sort(), label).toEqual([...expected].sort());
          expect(pages, label).toBe(Math.ceil(expected.length / 3));
          if (withDelimiter) continue;
          const key = { name: null, created_at: 'created', updated_at: 'updated' } as const;
          const by = key[column];
          const inOrder = by === null ? sorted : [...files].sort((a, b) => a[by] - b[by]).map((file) => file.name);
          expect(seen, label).toEqual(order === 'asc' ? inOrder : [...inOrder].reverse());
        }
      }
    }
  });

  it('gives list-v2 its shape: keys, prefixes that are no folders, folders with a slash', async () => {
    const { data } = await tree().listV2({ with_delimiter: true, prefix: 'a' });
    expect(data).toMatchObject({
      hasNext: false,
      folders: [{ name: 'a/', key: 'a' }],
      objects: [
        { name: 'a.txt', key: 'a.txt' },
        { name: 'ab.txt', key: 'ab.txt' },
      ],
    });
    expect((await tree().listV2({ with_delimiter: true, prefix: 'a/' })).data).toMatchObject({
      folders: [{ name: 'a/c/', key: 'c' }],
      objects: [{ name: 'a/b.txt', key: 'b.txt', metadata: { size: 1 } }],
    });
    expect((await tree().listV2({ prefix: 'a/c' })).data?.objects.map((entry) => entry.name)).toEqual([
      'a/c/d.txt',
      'a/c/e.txt',
    ]);
    expect((await tree().listV2({ prefix: 'a.txt', exactMatch: true })).data?.objects).toHaveLength(1);
    for (const cursor of ['!', 'e30', Buffer.from('{"column":"id"}').toString('base64url')]) {
      expect((await tree().listV2({ cursor })).error).toMatchObject({ statusCode: '400', message: /cursor/ });
    }
  });

  it('does not skip or repeat files of one millisecond', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const { data } = await server.service.storage
        .from('flat')
        .listV2({ limit: 17, sortBy: { column: 'created_at', order: 'asc' }, cursor });
      seen.push(...(data?.objects ?? []).map((entry) => entry.name));
      cursor = data?.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toHaveLength(260);
    expect(new Set(seen).size).toBe(260);
    expect(seen).toEqual([...seen].sort());
    const { data } = await server.service.storage.from('flat').list('', { limit: 1000 });
    expect(data).toHaveLength(260);
    expect((await server.service.storage.from('flat').listV2({ limit: 5000 })).data?.objects).toHaveLength(260);
  });

  it('shows nobody more than their policies do', async () => {
    const member = await server.as({ folder: 'a' });
    const names = async (path: string) =>
      (await member.storage.from('tree').list(path)).data?.map((entry) => entry.name);
    expect(await names('')).toEqual(['a']);
    expect(await names('a')).toEqual(['b.txt', 'c']);
    expect(await names('b')).toEqual([]);
    expect((await member.storage.from('tree').listV2()).data?.objects).toHaveLength(3);
    expect((await server.anon.storage.from('tree').list()).data).toEqual([]);
  });

  it('hops over folders instead of reading them', async () => {
    const { owner } = server.database;
    await owner.query(`
      insert into storage.buckets (id, name) values ('deep', 'deep');
      insert into storage.objects (bucket_id, name)
        select 'deep', 'folder' || n % 20 || '/' || n from generate_series(1, 20000) n;
      analyze storage.objects;`);
    const { rows } = await owner.query(
      `explain (analyze, buffers, format json) select * from storage.list_entries('deep', '', '/', 100)`,
    );
    const plan = rows[0]['QUERY PLAN'][0].Plan;
    expect(plan['Actual Rows']).toBe(20);
    // Twenty descents of the index and their batches of 50; reading everything would touch a few hundred pages more.
    expect(plan['Shared Hit Blocks'] + plan['Shared Read Blocks']).toBeLessThan(600);
  });
});
