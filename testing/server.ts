import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@connectgain/http';
import { type InstanceOptions, startInstance } from '@connectgain/server/src/compose.ts';
import { readConfig } from '@connectgain/server/src/config.ts';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { createTestDatabase, type TestDatabase, testSecret } from './database.ts';

/** The whole product on a database of its own, on a free port. */
export interface TestServer {
  url: string;
  anonKey: string;
  serviceRoleKey: string;
  database: TestDatabase;
  secretsKey: string;
  /** A client that nobody is signed in to. */
  client(): SupabaseClient;
  /** Signs up an owner with an organization and returns their signed-in client. */
  signUp(organization: string): Promise<SignedIn>;
  close(): Promise<void>;
}

export interface SignedIn {
  client: SupabaseClient;
  userId: string;
  organizationId: string;
  email: string;
  password: string;
  accessToken: string;
}

const secretsKey = '5'.repeat(64);

/** @param env variables of the server beside those that tests need: no demo, no limits, a free port */
export async function startTestServer(
  o: InstanceOptions & { env?: Record<string, string>; database?: TestDatabase } = {},
): Promise<TestServer> {
  const database = o.database ?? (await createTestDatabase());
  const dataDir = await mkdtemp(join(tmpdir(), 'connectgain-test-'));
  const config = readConfig({
    PORT: '0',
    HOST: '127.0.0.1',
    DATA_DIR: dataDir,
    DATABASE_URL: database.url,
    JWT_SECRET: testSecret,
    SECRETS_KEY: secretsKey,
    DEMO: '0',
    LOG_LEVEL: 'error',
    RATE_LIMIT_FUNCTIONS: '0',
    RATE_LIMIT_REST: '0',
    ...o.env,
  });
  const instance = await startInstance(config, createLogger(config.logLevel), o);
  const client = () =>
    createClient(instance.url, instance.anonKey, { auth: { persistSession: false, autoRefreshToken: false } });
  return {
    url: instance.url,
    anonKey: instance.anonKey,
    serviceRoleKey: instance.serviceRoleKey,
    database,
    secretsKey,
    client,
    signUp: (organization) => signUp(client(), organization),
    async close() {
      await instance.close();
      await database.destroy();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

let people = 0;

/** Signs up an owner with an organization of that name and signs the client in. */
export async function signUp(client: SupabaseClient, organization: string): Promise<SignedIn> {
  people += 1;
  const email = `owner${people}@${organization.toLowerCase().replaceAll(/[^a-z]+/g, '')}.example`;
  const password = 'correct horse battery';
  const { data, error } = await client.auth.signUp({
    email,
    password,
    options: { data: { organization_name: organization, first_name: 'Owner' } },
  });
  if (error || !data.user || !data.session) throw error ?? new Error('Signing up gave no session.');
  const profile = await client.from('profiles').select('organization_id').eq('id', data.user.id).single();
  if (profile.error) throw profile.error;
  return {
    client,
    userId: data.user.id,
    organizationId: String(profile.data.organization_id),
    email,
    password,
    accessToken: data.session.access_token,
  };
}
