import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createTestDatabase, type TestDatabase, testSecret } from '@connectgain/testing/database.ts';
import { migrationSets } from '@connectgain/testing/migrationSets.ts';
import { startOldestServer } from '@connectgain/testing/oldestServer.ts';
import { makeTemporaryFolder } from '@connectgain/testing/temporaryFolder.ts';
import type { TestServer } from '@connectgain/testing/testServer.ts';
import pg from 'pg';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startEmbedded } from '../src/embedded/startEmbedded.ts';
import { type Database, migrate, openDatabase, runAs } from '../src/index.ts';

const log = pino({ level: 'silent' });
const open = (url: string, secret = testSecret) =>
  openDatabase({ url, dataDir: '/nowhere', secret, log, maxConnections: 4 });

describe('DATABASE_URL', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase({ sets: 'none' });
  });
  afterAll(() => database.destroy());

  const changed = (change: (url: URL) => void) => {
    const url = new URL(database.url);
    change(url);
    return url.href;
  };

  it('is used as it is, without a server of our own', async () => {
    const opened = await open(database.url);
    expect(opened).toMatchObject({ embedded: false, url: database.url, serverVersion: database.serverVersion });
    expect((await opened.owner.query('show search_path')).rows).toEqual([{ search_path: 'public, extensions' }]);
    expect((await opened.requests.query('select session_user as name')).rows).toEqual([{ name: 'authenticator' }]);
    await Promise.all([opened.close(), opened.close()]);
  });

  it('is explained in one sentence when it cannot be used', async () => {
    const cases: [string, string, string][] = [
      ['nonsense', 'unreachable', 'is not a connection string'],
      [changed((url) => (url.port = '1')), 'unreachable', 'No database server answers at 127.0.0.1:1'],
      [changed((url) => (url.password = 'wrong')), 'unreachable', 'refuses the user or password'],
      [changed((url) => (url.pathname = '/missing')), 'unreachable', 'There is no such database'],
    ];
    for (const [url, problem, words] of cases) {
      const error = await open(url).catch((reason) => reason);
      expect(error).toMatchObject({ name: 'DatabaseUnavailable', problem });
      expect(error.message).toContain(words);
      expect(error.message).not.toContain(new URL(database.url).password);
      expect(error.message).not.toMatch(/\n/);
    }
  });

  it('may be two databases of one new server, opened at the same time', async () => {
    const folder = await makeTemporaryFolder('connectgain-hold-');
    const server = await startEmbedded({ folder, port: 0, durable: false, log });
    onTestFinished(async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    });
    const urls = ['one', 'two', 'three'].map((name) => server.url.replace(/[^/]*$/, name));
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    for (const url of urls) await client.query(`create database ${url.split('/').at(-1)}`);
    await client.end();
    const opened = await Promise.all(urls.map((url) => open(url)));
    for (const { requests } of opened) {
      const [result] = await runAs(requests, { role: 'anon', claims: {} }, [{ text: 'select current_user as role' }]);
      expect(result?.rows).toEqual([{ role: 'anon' }]);
    }
    await Promise.all(opened.map((entry) => entry.close()));
  });

  it('needs a user that may set up the roles, and says which right is missing', async () => {
    const name = `limited_${randomBytes(4).toString('hex')}`;
    await database.owner.query(`create role ${name} login password 'x'`);
    onTestFinished(async () => {
      await database.owner.query(`drop role ${name}`);
    });
    const limited = changed((url) => {
      url.username = name;
      url.password = 'x';
    });
    const error = await open(limited).catch((reason) => reason);
    expect(error).toMatchObject({ problem: 'roles' });
    expect(error.message).toContain(`run ALTER ROLE "${name}" CREATEROLE as an administrator`);
  });
});

/** A server with a user that has CREATEDB and CREATEROLE and is no superuser: `postgresql://user:password@host/postgres`. */
const given = process.env.TEST_DATABASE_URL;

describe(`an external server (${given ? 'TEST_DATABASE_URL' : 'PostgreSQL 15'})`, () => {
  let oldest: TestServer | undefined;
  let empty: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    if (!given) oldest = await startOldestServer();
    empty = await createTestDatabase({ server: given ?? oldest?.url, sets: 'none' });
    database = await open(empty.url);
  });
  afterAll(async () => {
    await database?.close();
    await empty?.destroy();
    await oldest?.stop();
  });

  it('takes every migration of platform and product', async () => {
    const report = await migrate(database, await migrationSets('all'), log);
    expect(report.applied.length).toBeGreaterThan(5);
    expect((await migrate(database, await migrationSets('all'), log)).applied).toEqual([]);
  });

  it('binds requests by row level security and lets service_role through', async () => {
    await database.owner.query(`
      create table note (id int); insert into note values (1);
      alter table note enable row level security;
      grant select on note to anon, authenticated, service_role`);
    await migrate(database, [], log);
    const count = { text: 'select count(*)::int as n from note' };
    const seenBy = async (role: string) =>
      (await runAs(database.requests, { role, claims: {} }, [count]))[0]?.rows[0]?.n;
    expect(await seenBy('anon')).toBe(0);
    expect(await seenBy('authenticated')).toBe(0);
    expect(await seenBy('service_role')).toBe(1);
  });

  it('takes a changed secret', async () => {
    const again = await open(database.url, 'another secret');
    expect((await runAs(again.requests, { role: 'anon', claims: {} }, [{ text: 'select 1 as n' }]))[0]?.rows).toEqual([
      { n: 1 },
    ]);
    await again.close();
  });
});
