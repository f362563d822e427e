import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTokens, encryptSecret } from '@connectgain/http';
import { embeddedDatabaseUrl } from '@connectgain/postgres';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import pg from 'pg';

/** The product as an operator runs it: a process of its own, embedded PostgreSQL with durable commits, one organization. */
export interface ProductProcess {
  url: string;
  pool: pg.Pool;
  client: SupabaseClient;
  organizationId: string;
  /** WhatsApp accounts ready to receive. */
  accounts: readonly { id: string; phoneNumberId: string }[];
  appSecret: string;
  stop(): Promise<void>;
}

const appSecret = 'bench-app-secret';

export async function startProductProcess(o: { accounts?: number } = {}): Promise<ProductProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), 'connectgain-bench-'));
  const port = await freePort();
  const child = spawn(process.execPath, ['apps/server/main.ts'], {
    cwd: new URL('..', import.meta.url),
    env: {
      ...process.env,
      DATA_DIR: dataDir,
      PORT: String(port),
      HOST: '127.0.0.1',
      DEMO: '0',
      LOG_LEVEL: 'error',
      RATE_LIMIT_REST: '0',
      RATE_LIMIT_FUNCTIONS: '0',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  await ready(url, child);
  const databaseUrl = await embeddedDatabaseUrl(dataDir);
  if (databaseUrl === null) throw new Error('The product has no embedded database.');
  const secrets: { jwtSecret: string; secretsKey: string } = JSON.parse(
    await readFile(join(dataDir, 'secrets.json'), 'utf8'),
  );
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  const anonKey = await createTokens({ secret: secrets.jwtSecret, issuer: 'connectgain' }).signKey('anon');
  const client = createClient(url, anonKey, { auth: { persistSession: false, autoRefreshToken: false } });
  const { data, error } = await client.auth.signUp({
    email: 'bench@acme.example',
    password: 'a long enough password',
    options: { data: { organization_name: 'Bench' } },
  });
  if (error || !data.user) throw error ?? new Error('Signing up failed.');
  const profile = await pool.query<{ organization_id: string }>(
    'select organization_id from public.profiles where id = $1',
    [data.user.id],
  );
  const organizationId = profile.rows[0]?.organization_id ?? '';
  const accounts = [];
  for (let n = 0; n < (o.accounts ?? 1); n += 1) {
    const phoneNumberId = String(990_000_000_000_000 + n);
    const { rows } = await pool.query<{ id: string }>(
      `insert into public.channel_accounts (organization_id, name, type, settings) values ($1, $2, 'WHATSAPP_CLOUD', $3) returning id`,
      [
        organizationId,
        `WhatsApp ${n}`,
        {
          phone_number_id: phoneNumberId,
          access_token: encryptSecret(secrets.secretsKey, 'unused'),
          app_secret: encryptSecret(secrets.secretsKey, appSecret),
        },
      ],
    );
    accounts.push({ id: rows[0]?.id ?? '', phoneNumberId });
  }
  return {
    url,
    pool,
    client,
    organizationId,
    accounts,
    appSecret,
    async stop() {
      await client.removeAllChannels();
      await pool.end();
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No free port.');
  return address.port;
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error('The product ended before it was ready.');
    const answer = await fetch(`${url}/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
