import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createHttpServer,
  createLogger,
  createTokens,
  drain,
  type FastifyInstance,
  type Tokens,
} from '@connectgain/http';
import { migrations as postgresMigrations } from '@connectgain/postgres';
import { createTestDatabase, type TestDatabase, testSecret } from '@connectgain/testing/database.ts';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { createFileDriver, migrations, type StorageDriver, storageRoutes } from '../src/index.ts';

export interface StorageServerOptions {
  /** Bytes; the server's own limit. */
  maxFileBytes?: number;
  /** SQL run once over the empty schema: buckets and policies. */
  setUp?: string;
  /** Between the routes and the folder, for faults. */
  wrapDriver?: (driver: StorageDriver) => StorageDriver;
}

export interface StorageServer {
  app: FastifyInstance;
  /** `http://127.0.0.1:port` */
  origin: string;
  /** `origin/storage/v1` */
  url: string;
  database: TestDatabase;
  driver: StorageDriver;
  tokens: Tokens;
  keys: { anon: string; service: string };
  service: SupabaseClient;
  anon: SupabaseClient;
  /** A client signed in with these claims. */
  as(claims: Record<string, unknown>): Promise<SupabaseClient>;
  /** A bearer token with these claims and the role authenticated. */
  tokenFor(claims: Record<string, unknown>): Promise<string>;
  /** Names of all files that the driver holds. */
  storedFiles(): Promise<string[]>;
  close(): Promise<void>;
}

/** The Storage routes on a server of ours, a database with nothing but the schema, and a temporary folder. */
export async function startStorage(o: StorageServerOptions = {}): Promise<StorageServer> {
  const database = await createTestDatabase({ sets: [postgresMigrations, migrations] });
  const folder = await mkdtemp(join(tmpdir(), 'connectgain-storage-'));
  if (o.setUp) await database.owner.query(o.setUp);
  const log = createLogger('fatal');
  const tokens = createTokens({ secret: testSecret, issuer: 'https://storage.test', audience: 'authenticated' });
  const files = createFileDriver(folder, { fsync: false });
  const driver = o.wrapDriver?.(files) ?? files;
  const app = createHttpServer({ log });
  const publicUrl = 'https://storage.test';
  await app.register(storageRoutes({ database, driver, tokens, publicUrl, maxFileBytes: o.maxFileBytes, log }), {
    prefix: '/storage/v1',
  });
  const origin = await app.listen({ port: 0, host: '127.0.0.1' });
  const keys = { anon: await tokens.signKey('anon'), service: await tokens.signKey('service_role') };
  const tokenFor = (claims: Record<string, unknown>) =>
    tokens.sign({ role: 'authenticated', sub: randomUUID(), ...claims }, { expiresIn: '1h' });
  const client = (key: string, bearer = key) =>
    createClient(origin, key, {
      auth: { persistSession: false, autoRefreshToken: false },
      global: { headers: { Authorization: `Bearer ${bearer}` } },
    });
  return {
    app,
    origin,
    url: `${origin}/storage/v1`,
    database,
    driver,
    tokens,
    keys,
    service: client(keys.service),
    anon: client(keys.anon),
    as: async (claims) => client(keys.anon, await tokenFor(claims)),
    tokenFor,
    async storedFiles() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
    },
    async close() {
      // A connection whose answer has only just gone out is not idle yet when the server looks for idle ones.
      await drain(app, { timeoutMs: 250 });
      await database.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A PNG of one pixel. */
export const tinyPng = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** For `expect.poll`: how long something in the background may take on a busy machine. */
export const patience = { timeout: 15_000 };
