import { serverVariable, startTestServer } from './testServer.ts';

/** Vitest runs this once, before any worker: one server for the whole run. */
export default async function setUp(): Promise<() => Promise<void>> {
  const server = await startTestServer();
  process.env[serverVariable] = server.url;
  return server.stop;
}
