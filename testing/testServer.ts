import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isLocked } from '@connectgain/postgres/embedded/folderLock.ts';
import { startEmbedded } from '@connectgain/postgres/embedded/startEmbedded.ts';
import { ensureRoles } from '@connectgain/postgres/roles.ts';
import pino from 'pino';
import { fastFolder, makeTemporaryFolder } from './temporaryFolder.ts';

/** The secret of every test database. A program started over one must use it too: its authenticator's password comes from it. */
export const testSecret = 'secret of the tests, 32 bytes or more';

/** Environment variable with the owner's connection string of the run's server; the global set-up sets it for the workers. */
export const serverVariable = 'CONNECTGAIN_TEST_SERVER';

export interface TestServer {
  /** Connection string of the owner; database names are added by `createTestDatabase`. */
  url: string;
  stop(): Promise<void>;
}

/** Of the temporary folders that servers of tests live in. */
export const folderPrefix = 'connectgain-testserver-';

/** Starts a PostgreSQL for one test run in a temporary folder: not durable, gone afterwards. */
export async function startTestServer(): Promise<TestServer> {
  await removeAbandoned();
  const folder = await makeTemporaryFolder(folderPrefix);
  const log = pino({ level: 'error' });
  const server = await startEmbedded({ folder, port: 0, maxConnections: 300, durable: false, log });
  await ensureRoles(server.url, testSecret);
  return {
    url: server.url,
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Folders of runs that were killed; a running one holds its lock. */
async function removeAbandoned(): Promise<void> {
  const parent = await fastFolder();
  for (const name of await readdir(parent)) {
    if (!name.startsWith(folderPrefix)) continue;
    const folder = join(parent, name);
    if (!(await isLocked(folder))) await rm(folder, { recursive: true, force: true });
  }
}
