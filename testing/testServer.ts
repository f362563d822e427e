import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '@connectgain/postgres/embedded/startEmbedded.ts';
import { ensureRoles } from '@connectgain/postgres/roles.ts';
import pino from 'pino';

/** The secret of every test database. A program started over one must use it too: its authenticator's password comes from it. */
export const testSecret = 'secret of the tests, 32 bytes or more';

/** Environment variable with the owner's connection string of the run's server; the global set-up sets it for the workers. */
export const serverVariable = 'CONNECTGAIN_TEST_SERVER';

export interface TestServer {
  /** Connection string of the owner; database names are added by `createTestDatabase`. */
  url: string;
  stop(): Promise<void>;
}

/** Starts a PostgreSQL for one test run in a temporary folder: not durable, gone afterwards. */
export async function startTestServer(): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'connectgain-test-'));
  // As root the server runs as another account, which must be able to pass through.
  await chmod(folder, 0o711);
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
