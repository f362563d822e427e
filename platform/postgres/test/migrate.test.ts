import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@connectgain/testing/database.ts';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MigrationError, type MigrationSet, migrate, migrations } from '../src/index.ts';
import { end, heldProgram } from './heldDatabase.ts';

const log = pino({ level: 'silent' });
let database: TestDatabase;
let folder: string;
let set: MigrationSet;

beforeEach(async () => {
  database = await createTestDatabase({ sets: 'none' });
  folder = await mkdtemp(join(tmpdir(), 'connectgain-migrations-'));
  set = { name: 'shop', directory: folder };
});
afterEach(async () => {
  await database.destroy();
  await rm(folder, { recursive: true });
});

const write = (file: string, sql: string) => writeFile(join(folder, file), sql);
const run = () => migrate(database, [set], log);
const applied = async () =>
  (await database.owner.query("select name from migrations.applied where set_name = 'shop' order by number")).rows.map(
    (row) => row.name,
  );
const tables = async () =>
  (
    await database.owner.query(
      "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1",
    )
  ).rows.map((row) => row.relname);

describe('migrate', () => {
  it('applies the files in order, once, and reports them', async () => {
    await write('0002_price.sql', 'alter table item add column price numeric;');
    await write('0001_item.sql', 'create table item (id int primary key);');
    const first = await run();
    expect(first.applied.map(({ set: name, file }) => `${name}/${file}`)).toEqual([
      'shop/0001_item.sql',
      'shop/0002_price.sql',
    ]);
    expect(first.total).toBe(2);
    await write('0003_more.sql', 'create table more ();');
    expect((await run()).applied.map(({ file }) => file)).toEqual(['0003_more.sql']);
    expect((await run()).applied).toEqual([]);
    expect(await applied()).toEqual(['0001_item.sql', '0002_price.sql', '0003_more.sql']);
  });

  it('keeps numbers of one set apart from those of another, and takes a missing folder for an empty set', async () => {
    await write('0001_item.sql', 'create table item ();');
    await mkdir(join(folder, 'other'));
    await writeFile(join(folder, 'other/0001_thing.sql'), 'create table thing ();');
    const none = { name: 'none', directory: join(folder, 'nowhere') };
    const report = await migrate(database, [set, { name: 'other', directory: join(folder, 'other') }, none], log);
    expect(report.applied).toHaveLength(2);
    expect(await tables()).toEqual(['item', 'thing']);
  });

  it('leaves nothing of a failing file, keeps the ones before it, and names file, line and column', async () => {
    await write('0001_item.sql', 'create table item ();');
    await write('0002_broken.sql', 'create table half ();\n-- Grüße 😀\n\ncreate table other (id nothing_known);\n');
    const error = await run().catch((reason) => reason);
    expect(error).toBeInstanceOf(MigrationError);
    expect(error).toMatchObject({ set: 'shop', file: '0002_broken.sql' });
    expect(error.message).toContain(
      'shop/0002_broken.sql failed at line 4, column 24: type "nothing_known" does not exist (42704)',
    );
    expect(error.message).toContain('4 | create table other (id nothing_known);');
    expect(await tables()).toEqual(['item']);
    await write('0002_broken.sql', 'create table whole ();');
    expect((await run()).applied.map(({ file }) => file)).toEqual(['0002_broken.sql']);
  });

  it('tells where an error inside a function or block comes from', async () => {
    await write('0001_block.sql', "do $$ begin\n  raise exception 'no good' using hint = 'do better';\nend $$;");
    await expect(run()).rejects.toThrow(/no good \(P0001\)\s+do better\s+PL\/pgSQL function .* line 2/);
  });

  it('stops at a file that was changed after it was applied', async () => {
    await write('0001_item.sql', 'create table item ();');
    await run();
    await write('0001_item.sql', 'create table item (id int);');
    await expect(run()).rejects.toThrow('shop/0001_item.sql was changed after it was applied: undo the change');
  });

  it('takes other line endings and a byte order mark for the same file', async () => {
    await write('0001_item.sql', 'create table item (\n);\n');
    await run();
    await write('0001_item.sql', '\uFEFFcreate table item (\r\n);\r\n');
    expect((await run()).applied).toEqual([]);
  });

  it('stops when an applied file is gone, and when one was renamed it goes by the number', async () => {
    await write('0001_item.sql', 'create table item ();');
    await write('0002_more.sql', 'create table more ();');
    await run();
    await rename(join(folder, '0002_more.sql'), join(folder, '0002_other_words.sql'));
    expect((await run()).applied).toEqual([]);
    await rm(join(folder, '0002_other_words.sql'));
    await expect(run()).rejects.toThrow(
      'has the migration shop/0002_more.sql, which this version of the program lacks',
    );
  });

  it('stops at a new file numbered below an applied one, at a number used twice and at a wrong name', async () => {
    await write('0003_item.sql', 'create table item ();');
    await run();
    await write('0002_late.sql', 'create table late ();');
    await expect(run()).rejects.toThrow('shop/0002_late.sql comes before migration 3');
    await rm(join(folder, '0002_late.sql'));
    await write('0003_twin.sql', 'create table twin ();');
    await expect(run()).rejects.toThrow('have the same number');
    await rm(join(folder, '0003_twin.sql'));
    await write('4-more.sql', 'create table more ();');
    await expect(run()).rejects.toThrow('must be named like 0001_what_it_does.sql');
  });

  it('refuses files that end their transaction', async () => {
    await write('0001_commit.sql', 'create table item (); commit;');
    await expect(run()).rejects.toThrow('ends its own transaction');
    await write('0001_commit.sql', 'create table item2 (); commit; begin; create table item3 ();');
    await expect(run()).rejects.toThrow('ends its own transaction');
    expect(await applied()).toEqual([]);
  });

  it('is done once when several nodes start together', async () => {
    await write('0001_item.sql', 'create table item (); select pg_sleep(0.1);');
    const reports = await Promise.all([run(), run(), run()]);
    expect(reports.map((report) => report.applied.length).sort()).toEqual([0, 0, 1]);
  });

  it('leaves nothing of a file when the program is killed in the middle of it, and goes on with the next start', async () => {
    await write('0001_item.sql', 'create table item ();');
    await write('0002_slow.sql', 'create table half (); select pg_advisory_xact_lock(77);');
    const holder = await database.owner.connect();
    await holder.query('select pg_advisory_lock(77)');
    const program = heldProgram('migrate.ts', [database.url, folder]);
    const waiting = async () =>
      (
        await holder.query(
          "select count(*)::int as n from pg_locks where locktype = 'advisory' and objid = 77 and not granted",
        )
      ).rows[0].n;
    await expect.poll(waiting, { timeout: 10_000 }).toBe(1);
    await end(program, 'SIGKILL');
    await holder.query('select pg_advisory_unlock(77)');
    holder.release();
    // The dead program's session may end its work only after the kill; migrate waits for its lock.
    const report = await run();
    expect(await applied()).toEqual(['0001_item.sql', '0002_slow.sql']);
    expect(report.applied.length).toBeLessThanOrEqual(1);
  });

  it('runs what a library brings before the files of its set', async () => {
    await write('0001_uses.sql', 'create table item as select * from library.thing;');
    const order: string[] = [];
    const prepared: MigrationSet = {
      ...set,
      async prepare({ url }) {
        order.push(new URL(url).pathname);
        await database.owner.query('create schema library; create table library.thing (id int)');
      },
    };
    await migrate(database, [prepared], log);
    expect(order).toEqual([`/${new URL(database.url).pathname.slice(1)}`]);
  });
});

describe('the first set', () => {
  it('brings extensions and time-ordered ids, usable by every role', async () => {
    await migrate(database, [migrations], log);
    const client = await database.requests.connect();
    await client.query('set role anon');
    const ids = (await client.query('select extensions.uuid_v7() as id from generate_series(1, 3)')).rows.map(
      (row) => row.id,
    );
    expect(ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toBe(
      true,
    );
    const milliseconds = Number.parseInt(String(ids[0]).replaceAll('-', '').slice(0, 12), 16);
    expect(Math.abs(milliseconds - Date.now())).toBeLessThan(60_000);
    const found = await client.query(
      "select 'Ä'::citext = 'ä' as same, 'müller' % 'muller' as similar, unaccent('é') as plain",
    );
    expect(found.rows).toEqual([{ same: true, similar: expect.any(Boolean), plain: 'e' }]);
    client.release();
  });

  it('lets nobody but the owner create in public', async () => {
    await migrate(database, [migrations], log);
    await expect(database.requests.query('create table mine ()')).rejects.toMatchObject({ code: '42501' });
  });
});
