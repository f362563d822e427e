import type { AddressInfo } from 'node:net';
import { createHttpServer, createTokens, type FastifyInstance, type Tokens } from '@connectgain/http';
import { type Database, migrate, migrations as postgresMigrations } from '@connectgain/postgres';
import { createTestDatabase, type TestDatabase } from '@connectgain/testing/database.ts';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import pino from 'pino';
import { createRealtime, migrations, type Realtime, type RealtimeOptions } from '../src/index.ts';
import { mount } from '../src/plugin.ts';

export const acme = '00000000-0000-4000-8000-00000000000a';
export const globex = '00000000-0000-4000-8000-00000000000b';

/** A table under row level security by organization with one column that nobody may read, and one that everybody may read. */
const tables = `
create table public.notes (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null,
  body text,
  n int not null default 0,
  secret text,
  at timestamptz not null default now()
);
alter table public.notes enable row level security;
grant select (id, organization_id, body, n, at) on public.notes to authenticated;
grant select on public.notes to service_role;
create policy own on public.notes for select to authenticated
  using (organization_id = (current_setting('request.jwt.claims')::jsonb ->> 'organization_id')::uuid);
select realtime.track('public.notes');

create table public.news (id bigint generated always as identity primary key, title text, tags text[]);
grant select on public.news to anon, authenticated;
select realtime.track('public.news');
`;

const auth = { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false };
const log = pino({ level: process.env.TEST_LOG ?? 'silent' });

/** One node over a database, and what tests need to speak to it. */
export interface Node {
  app: FastifyInstance;
  realtime: Realtime;
  port: number;
  stop(): Promise<void>;
}

export interface Bench {
  database: Database;
  tokens: Tokens;
  anonKey: string;
  serviceKey: string;
  /** SQL as the owner. */
  sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  startNode(o?: Partial<RealtimeOptions>, port?: number): Promise<Node>;
  /** A signed-in user of an organization. */
  signIn(
    organization: string,
    o?: { expiresIn?: number; sub?: string; claims?: Record<string, unknown> },
  ): Promise<string>;
  /** A supabase-js client; closed with the bench. Without a token it is anonymous; a function is asked again at every `setAuth()`. */
  client(node: Node, token?: string | (() => string), vsn?: '1.0.0' | '2.0.0'): Promise<SupabaseClient>;
  close(): Promise<void>;
}

export const testTables = tables;

export async function startBench(): Promise<Bench & { database: TestDatabase }> {
  const database = await createTestDatabase({ sets: [postgresMigrations, migrations] });
  await database.owner.query(tables);
  // Where service_role has no BYPASSRLS (PostgreSQL 15), the end of migrating opens the tables to it.
  await migrate(database, [], log);
  const bench = await benchOver(database);
  return {
    ...bench,
    database,
    async close() {
      await bench.close();
      await database.destroy();
    },
  };
}

export async function benchOver(database: Database): Promise<Bench> {
  const tokens = createTokens({ secret: 'secret of the tests, 32 bytes or more', issuer: 'test' });
  const [anonKey, serviceKey] = await Promise.all([tokens.signKey('anon'), tokens.signKey('service_role')]);
  const nodes: Node[] = [];
  const clients: SupabaseClient[] = [];
  return {
    database,
    tokens,
    anonKey,
    serviceKey,
    async sql(text, values) {
      return (await database.owner.query(text, values)).rows;
    },
    async startNode(o = {}, port = 0) {
      const app = createHttpServer({ log });
      const realtime = await createRealtime({ database, tokens, log, ...o });
      app.register(async (scope) => mount(scope, realtime), { prefix: '/realtime/v1' });
      await app.listen({ host: '127.0.0.1', port });
      const node = { app, realtime, port: portOf(app), stop: () => app.close() };
      nodes.push(node);
      return node;
    },
    signIn(organization, { expiresIn = 3600, sub = crypto.randomUUID(), claims = {} } = {}) {
      return tokens.sign({ role: 'authenticated', sub, organization_id: organization, ...claims }, { expiresIn });
    },
    async client(node, token, vsn = '2.0.0') {
      const client = createClient(`http://127.0.0.1:${node.port}`, anonKey, {
        ...(token === undefined
          ? { auth }
          : { accessToken: async () => (typeof token === 'string' ? token : token()) }),
        realtime: { vsn, reconnectAfterMs: () => 20 },
      });
      await client.realtime.setAuth();
      clients.push(client);
      return client;
    },
    async close() {
      await Promise.all(clients.map((client) => client.removeAllChannels()));
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}

function portOf(app: FastifyInstance): number {
  const address: AddressInfo | string | null = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('The server does not listen.');
  return address.port;
}
