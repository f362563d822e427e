import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Database } from '@connectgain/postgres';
import { type MigrationSet, migrate } from '@connectgain/postgres';
import { readMigrations } from '@connectgain/postgres/migrationFiles.ts';
import { createPools } from '@connectgain/postgres/pools.ts';
import { ensureSearchPath } from '@connectgain/postgres/searchPath.ts';
import pg from 'pg';
import pino from 'pino';
import { migrationFilesOf, migrationSets, type SetSelection } from './migrationSets.ts';
import { serverVariable, testSecret } from './testServer.ts';

export { testSecret } from './testServer.ts';

export interface TestDatabase extends Database {
  /** Closes the pools and drops the database. */
  destroy(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** Migrations it starts with; default 'all'. */
  sets?: SetSelection | readonly MigrationSet[];
  /** Connections of both pools together; default 16. */
  maxConnections?: number;
  /** Connection string of another server than the run's, such as `startOldestServer` returns. */
  server?: string;
}

const log = pino({ level: 'warn' });

/**
 * A database of its own for a test file, as a copy of a template that the first caller in the run makes by migrating:
 * the second costs a few dozen milliseconds. Call it in `beforeAll`, `destroy` in `afterAll`.
 */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const sets = options.sets ?? 'all';
  const name = `test_${randomBytes(6).toString('hex')}`;
  const serverUrl = options.server ?? runsServer();
  const serverVersion = await onServer(serverUrl, async (server) => {
    const template = await ensureTemplate(server, serverUrl, sets);
    await server.query(`create database ${name} template ${template} strategy file_copy`);
    return await majorVersion(server);
  });
  const url = urlOf(serverUrl, name);
  await ensureSearchPath(url);
  const pools = createPools({ url, secret: testSecret, log, maxConnections: options.maxConnections ?? 16 });
  let closing: Promise<void> | undefined;
  const endPools = async () => {
    await Promise.all([pools.requests.end(), pools.owner.end()]);
  };
  const close = () => {
    closing ??= endPools();
    return closing;
  };
  return {
    ...pools,
    url,
    embedded: true,
    serverVersion,
    close,
    async destroy() {
      await close();
      await onServer(serverUrl, (server) => dropDatabase(server, name));
    },
  };
}

/** The template for these sets, made under a lock when this run has none yet. */
async function ensureTemplate(
  server: pg.Client,
  serverUrl: string,
  sets: SetSelection | readonly MigrationSet[],
): Promise<string> {
  if (sets === 'none' || sets.length === 0) return 'template1';
  const template = `template_${await checksumOf(sets)}`;
  await server.query('select pg_advisory_lock(hashtextextended($1, 0))', [template]);
  try {
    const found = await server.query('select from pg_database where datname = $1', [template]);
    if (found.rowCount) return template;
    const draft = `${template}_draft`;
    await server.query(`drop database if exists ${draft} with (force)`);
    await server.query(`create database ${draft}`);
    await ensureSearchPath(urlOf(serverUrl, draft));
    await migrate({ url: urlOf(serverUrl, draft) }, typeof sets === 'string' ? await migrationSets(sets) : sets, log);
    await server.query(`alter database ${draft} rename to ${template}`);
    return template;
  } finally {
    await server.query('select pg_advisory_unlock(hashtextextended($1, 0))', [template]);
  }
}

/**
 * Connections that were ended need a moment to be gone: the server itself waits up to five seconds for them. FORCE would not, and ends with
 * "permission denied to terminate process" where one of them belongs to `authenticator`. Those that stay are a leak of the test.
 */
async function dropDatabase(server: pg.Client, name: string): Promise<void> {
  try {
    await server.query(`drop database if exists ${name}`);
  } catch (error) {
    const left = await server.query<{ login: string; program: string; state: string }>(
      'select usename as login, application_name as program, state from pg_stat_activity where datname = $1',
      [name],
    );
    if (left.rowCount === 0) throw error;
    const words = left.rows.map((row) => `${row.login} (${row.program}, ${row.state})`).join(', ');
    throw new Error(`Connections were left open to the test's database: ${words}.`, { cause: error });
  }
}

/** Changes when a migration does, so that a watching run makes a new template. */
async function checksumOf(sets: SetSelection | readonly MigrationSet[]): Promise<string> {
  const hash = createHash('sha256');
  if (typeof sets === 'string') {
    for (const file of await migrationFilesOf(sets)) hash.update(`${file}\n`).update(await readFile(file));
  } else {
    for (const set of sets) {
      hash.update(`${set.name}\n`);
      for (const file of await readMigrations(set)) hash.update(`${file.file} ${file.checksum}\n`);
    }
  }
  return hash.digest('hex').slice(0, 12);
}

async function majorVersion(server: pg.Client): Promise<number> {
  const found = await server.query<{ version: number }>(
    "select current_setting('server_version_num')::int / 10000 as version",
  );
  return found.rows[0]?.version ?? 0;
}

async function onServer<T>(url: string, work: (server: pg.Client) => Promise<T>): Promise<T> {
  const server = new pg.Client({ connectionString: url, application_name: 'connectgain tests' });
  await server.connect();
  try {
    return await work(server);
  } finally {
    await server.end();
  }
}

function runsServer(): string {
  const url = process.env[serverVariable];
  if (!url) throw new Error('There is no test server: run the test through vitest, whose global set-up starts one.');
  return url;
}

function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}
