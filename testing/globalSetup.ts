import { ensureRoles } from '@connectgain/postgres/roles.ts';
import { startOldestServer } from './oldestServer.ts';
import { serverVariable, startTestServer, testSecret } from './testServer.ts';

/**
 * Vitest runs this once, before any worker: one server for the whole run. With the variable set already, that server is used (a user with
 * CREATEDB and CREATEROLE), or for `oldest` a PostgreSQL 15: so the whole suite runs on another version of PostgreSQL.
 */
export default async function setUp(): Promise<(() => Promise<void>) | undefined> {
  const given = process.env[serverVariable];
  if (given && given !== 'oldest') {
    await ensureRoles(given, testSecret);
    return;
  }
  const server = given ? await startOldestServer() : await startTestServer();
  process.env[serverVariable] = server.url;
  return server.stop;
}
