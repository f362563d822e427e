/**
 * Row changes to subscribed sockets, every row checked under each subscriber's row level security: organizations of 20 agents, each
 * agent with claims of its own and one socket that follows a whole table without a filter; 200 inserts/s, one transaction each.
 * Then one broadcast after the other to all sockets, against a bare loop over `ws` sockets in the same process.
 *
 * BENCH_SOCKETS sets the size (500 when absent; issue bar: 5,000).
 */
import { type ChildProcess, fork } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createTokens, type Tokens } from '@connectgain/http';
import { migrations as postgresMigrations } from '@connectgain/postgres';
import { createRealtime, migrations, type Realtime } from '@connectgain/realtime';
import { createTestDatabase, type TestDatabase } from '@connectgain/testing/database.ts';
import { serverVariable, startTestServer } from '@connectgain/testing/testServer.ts';
import pino from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Report, ToClients } from './realtimeClients.ts';
import type { BenchResult } from './result.ts';

const sockets = Number(process.env.BENCH_SOCKETS ?? 500);
const agents = 20;
const changesPerSecond = 200;
const seconds = 6;
const broadcasts = Math.max(20, Math.floor(50_000 / sockets));
const log = pino({ level: 'warn' });

const schema = `
create table public.lines (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null,
  body text, status text not null default 'PENDING', meta jsonb not null default '{}', at timestamptz not null default now(),
  sent float8
);
create function public.my_organization() returns uuid stable language sql as
  $$ select (current_setting('request.jwt.claims', true)::jsonb ->> 'organization_id')::uuid $$;
alter table public.lines enable row level security;
grant select on public.lines to authenticated;
create policy own on public.lines for select to authenticated using (organization_id = (select public.my_organization()));
select realtime.track('public.lines');
create table public.plain_lines (like public.lines including all);`;

export const run = async (): Promise<BenchResult[]> => {
  const server = process.env[serverVariable] === undefined ? await startTestServer() : undefined;
  if (server !== undefined) process.env[serverVariable] = server.url;
  const database = await createTestDatabase({ sets: [postgresMigrations, migrations], maxConnections: 40 });
  try {
    await database.owner.query(schema);
    return await compare(database);
  } finally {
    await database.destroy();
    await server?.stop();
  }
};

const compare = async (database: TestDatabase): Promise<BenchResult[]> => {
  const tokens = createTokens({ secret: 'secret of the benchmark, 32 bytes or more', issuer: 'bench' });
  const realtime = await createRealtime({
    database,
    tokens,
    log,
    tenant: { column: 'organization_id', of: ({ claims }) => String(claims.organization_id) },
  });
  const http = createServer();
  realtime.accept(http, '/websocket');
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const organizations = Array.from({ length: Math.ceil(sockets / agents) }, () => crypto.randomUUID());
  const clients = fork(new URL('./realtimeClients.ts', import.meta.url));
  try {
    const before = memory();
    const task = {
      url: `ws://127.0.0.1:${portOf(http)}/websocket?apikey=${await tokens.signKey('anon')}&vsn=2.0.0`,
      tokens: await signIn(tokens, organizations),
      databaseUrl: database.url,
      organizations,
    };
    await ask(clients, { do: 'connect', task });
    const perSocket = (memory() - before) / sockets / 1024;
    await ask(clients, { do: 'write', perSecond: changesPerSecond, seconds: 1 });
    await drained(clients);
    await ask(clients, { do: 'write', perSecond: changesPerSecond, seconds });
    const report = await drained(clients);
    const expected = changesPerSecond * seconds * agents;
    const writing = await writeRates(database);
    const ours = await broadcastRate(clients, () => realtime.broadcast('inbox', 'note', { text }));
    return [
      {
        name: `realtime: row change to socket, p95, ${sockets} sockets, ${changesPerSecond} changes/s`,
        value: report.p95,
        unit: 'ms',
        bar: 250,
      },
      { name: 'realtime: row change to socket, p50', value: report.p50, unit: 'ms' },
      {
        name: 'realtime: deliveries of row changes',
        value: report.received / seconds,
        unit: '/s',
        baseline: expected / seconds,
        ratio: report.received / expected,
        bar: 1,
      },
      { name: 'realtime: memory per socket', value: perSocket, unit: 'KB', bar: 40 },
      writing,
      await againstBareSockets(realtime, tokens, clients, ours),
    ];
  } finally {
    clients.kill();
    await realtime.close();
    http.close();
  }
};

/** What following a table costs those who write to it: inserts by 8 connections, in turns with a table that nobody follows. */
const writeRates = async (database: TestDatabase): Promise<BenchResult> => {
  const rates = { lines: 0, plain_lines: 0 };
  for (let round = 0; round < 4; round++) {
    for (const table of ['lines', 'plain_lines'] as const) {
      const end = performance.now() + 400;
      const name = `insert ${table}`;
      const insert = `insert into ${table} (organization_id, body) values ($1, $2)`;
      await Promise.all(
        Array.from({ length: 8 }, async () => {
          const client = await database.owner.connect();
          while (performance.now() < end) {
            await client.query({ name, text: insert, values: [crypto.randomUUID(), text] });
            rates[table] += 1 / 1.6;
          }
          client.release();
        }),
      );
    }
  }
  return {
    name: 'realtime: inserts into a followed table',
    value: rates.lines,
    unit: '/s',
    baseline: rates.plain_lines,
    ratio: rates.lines / rates.plain_lines,
  };
};

const text = 'x'.repeat(300);

/** Frames per second that reach the clients when every message goes to all of them. */
const broadcastRate = async (clients: ChildProcess, broadcast: () => void): Promise<number> => {
  const begin = performance.now();
  let received = 0;
  for (let n = 0; n < broadcasts; n++) {
    broadcast();
    if (n % 10 === 9) await new Promise((resolve) => setImmediate(resolve));
  }
  while (received < broadcasts * sockets) received += (await ask(clients, { do: 'report' })).received;
  return received / ((performance.now() - begin) / 1000);
};

const againstBareSockets = async (
  realtime: Realtime,
  tokens: Tokens,
  measured: ChildProcess,
  ours: number,
): Promise<BenchResult> => {
  measured.kill();
  const open = new Set<WebSocket>();
  const http = createServer();
  new WebSocketServer({ server: http, perMessageDeflate: false }).on('connection', (ws) => {
    open.add(ws);
    ws.on('message', () => ws.send('["1","1","realtime:inbox","phx_reply",{"status":"ok"}]'));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const clients = fork(new URL('./realtimeClients.ts', import.meta.url));
  const task = {
    url: `ws://127.0.0.1:${portOf(http)}`,
    tokens: await signIn(tokens, ['x']),
    databaseUrl: '',
    organizations: [],
  };
  await ask(clients, { do: 'connect', task });
  const frame = Buffer.from(
    `[null,null,"realtime:inbox","broadcast",{"type":"broadcast","event":"note","payload":{"text":"${text}"}}]`,
  );
  const bare = await broadcastRate(clients, () => {
    for (const ws of open) ws.send(frame, { binary: false });
  });
  clients.kill();
  for (const ws of open) ws.terminate();
  http.close();
  const { slowDropped } = realtime.stats();
  if (slowDropped > 0) throw new Error(`${slowDropped} sockets were dropped as too slow`);
  return {
    name: 'realtime: broadcast frames to all sockets',
    value: ours,
    unit: '/s',
    baseline: bare,
    ratio: ours / bare,
  };
};

const signIn = async (tokens: Tokens, organizations: readonly string[]): Promise<string[]> =>
  await Promise.all(
    Array.from({ length: sockets }, (_, n) =>
      tokens.sign(
        { role: 'authenticated', sub: crypto.randomUUID(), organization_id: organizations[n % organizations.length] },
        { expiresIn: 3600 },
      ),
    ),
  );

/** Asks until nothing more arrives; the percentiles are of the part that brought the most. */
const drained = async (clients: ChildProcess): Promise<Report> => {
  let all = await ask(clients, { do: 'report' });
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    const more = await ask(clients, { do: 'report' });
    if (more.received === 0) return all;
    all = { ...(more.received > all.received ? more : all), received: all.received + more.received };
  }
};

const ask = (clients: ChildProcess, message: ToClients): Promise<Report> =>
  new Promise((resolve, reject) => {
    clients.once('message', (answer: Report) => {
      clients.off('exit', onExit);
      resolve(answer);
    });
    const onExit = () => reject(new Error('The clients of the benchmark ended early.'));
    clients.once('exit', onExit);
    clients.send(message);
  });

/** Bytes that this process holds after a garbage collection. */
const memory = (): number => {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

const portOf = (server: ReturnType<typeof createServer>): number => {
  const address: AddressInfo | string | null = server.address();
  return address === null || typeof address === 'string' ? 0 : address.port;
};
