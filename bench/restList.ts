/**
 * A list of 20 of 100,000 rows under row level security: through the REST engine as the product mounts it, against the same
 * SQL with the same role and claims by the bare driver behind a bare Fastify route.
 *
 * Two baselines: `pipelined` sends role, claims and statement in one round trip with prepared statements, as fast as the
 * driver can; `plain` is BEGIN, set_config, SELECT, COMMIT through `pg`. The bar is on the first.
 */
import { createHttpServer, createTokens } from '@connectgain/http';
import { runAs } from '@connectgain/postgres';
import { createRestEngine, restRoutes } from '@connectgain/rest';
import { createPreparedRequests } from '@connectgain/rest/execute/preparedRequests.ts';
import { parseRequest } from '@connectgain/rest/request/apiRequest.ts';
import { createQueryParser } from '@connectgain/rest/request/query.ts';
import { loadSchemaCache } from '@connectgain/rest/schema/load.ts';
import { createTestDatabase, type TestDatabase } from '@connectgain/testing/database.ts';
import { serverVariable, startTestServer } from '@connectgain/testing/testServer.ts';
import fastify, { type FastifyInstance } from 'fastify';
import pino from 'pino';
import { measure, median } from './load.ts';
import type { BenchResult } from './result.ts';

const rows = 100_000;
const connections = 32;
/** Many short rounds: the median forgives those in which the machine did something else. */
const seconds = 1;
const rounds = 16;
const organization = '00000000-0000-4000-8000-000000000001';
const path = '/people';
const query =
  `select=id,first_name,last_name,phones,emails,tags,custom_fields,created_at&organization_id=eq.${organization}` +
  '&order=created_at.desc&limit=20';
const log = pino({ level: 'warn' });

const schema = `
create schema bench;
grant usage on schema bench to anon, authenticated;
create table bench.people (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null,
  first_name text, last_name text, phones text[], emails text[], tags text[],
  custom_fields jsonb, created_at timestamptz not null
);
create index on bench.people (organization_id, created_at desc);
create function bench.my_organization() returns uuid stable language sql as
  $$ select (current_setting('request.jwt.claims', true)::jsonb ->> 'organization_id')::uuid $$;
alter table bench.people enable row level security;
create policy own on bench.people to authenticated using (organization_id = (select bench.my_organization()));
grant select on bench.people to authenticated;
insert into bench.people (organization_id, first_name, last_name, phones, emails, tags, custom_fields, created_at)
select ('00000000-0000-4000-8000-00000000000' || (1 + i % 2))::uuid, 'First' || i, 'Last' || i, array['+2010' || i],
  array['person' || i || '@example.com'], array['vip', 'customer'], jsonb_build_object('city', 'Cairo', 'n', i),
  '2026-01-01'::timestamptz + i * interval '1 second'
from generate_series(1, ${rows}) i;
analyze bench.people;`;

interface Contender {
  name: string;
  app: FastifyInstance;
  url: string;
  headers: Record<string, string>;
}

/** Figures of all contenders, measured in turns so that a busy machine is equally unfair to each. */
export const run = async (): Promise<BenchResult[]> => {
  const server = process.env[serverVariable] === undefined ? await startTestServer() : undefined;
  if (server !== undefined) process.env[serverVariable] = server.url;
  const database = await createTestDatabase({ sets: 'none', maxConnections: 24 });
  try {
    await database.owner.query(schema);
    return await compare(database);
  } finally {
    await database.destroy();
    await server?.stop();
  }
};

const compare = async (database: TestDatabase): Promise<BenchResult[]> => {
  const contenders = await Promise.all([
    product(database),
    engineAlone(database),
    pipelined(database),
    plain(database),
  ]);
  const rates = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  const latencies = new Map<string, number[]>();
  try {
    for (const { url, headers } of contenders) await measure({ url, headers, connections, seconds: 1 });
    for (let round = 0; round < rounds; round++) {
      // Whoever comes first or last is another one every time.
      for (const { name, url, headers } of rotated(contenders, round)) {
        const { rate, p99 } = await measure({ url, headers, connections, seconds });
        rates.get(name)?.push(rate);
        latencies.set(name, [...(latencies.get(name) ?? []), p99]);
      }
    }
  } finally {
    await Promise.all(contenders.map(({ app }) => app.close()));
  }
  const of = (name: string): number => median(rates.get(name) ?? []);
  const ratioTo = (name: string, base: string): number =>
    median((rates.get(name) ?? []).map((rate, i) => rate / (rates.get(base)?.[i] ?? Number.NaN)));
  const result = (name: string, base: string, bar?: number): BenchResult => ({
    name: `REST list of 20 of 100,000: ${name} against ${base}`,
    value: of(name),
    unit: 'requests/s',
    baseline: of(base),
    ratio: ratioTo(name, base),
    bar,
  });
  return [
    result('product', 'pipelined driver', 0.7),
    result('engine', 'pipelined driver', 0.7),
    result('product', 'plain driver'),
    { name: 'REST list of 20 of 100,000: product, p99', value: median(latencies.get('product') ?? []), unit: 'ms' },
  ];
};

const rotated = <T>(list: readonly T[], by: number): T[] => [
  ...list.slice(by % list.length),
  ...list.slice(0, by % list.length),
];

const secret = 'the secret of a benchmark, long enough';
const claims = { sub: '00000000-0000-4000-8000-0000000000aa', role: 'authenticated', organization_id: organization };
const principal = { role: 'authenticated', claims };

const listening = async (name: string, app: FastifyInstance, target: string, headers = {}): Promise<Contender> => {
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  return { name, app, url: address + target, headers };
};

/** As the product serves it: gateway key, token, security headers, access log. */
const product = async (database: TestDatabase): Promise<Contender> => {
  const tokens = createTokens({ secret, issuer: 'bench' });
  const app = createHttpServer({ log, compress: false });
  await app.register(restRoutes({ database, tokens, schemas: ['bench'], log }), { prefix: '/rest/v1' });
  const headers = {
    apikey: await tokens.signKey('anon'),
    authorization: `Bearer ${await tokens.sign(claims, { expiresIn: '1h' })}`,
  };
  return await listening('product', app, `/rest/v1${path}?${query}`, headers);
};

/** The engine behind the same bare Fastify as the baselines. */
const engineAlone = async (database: TestDatabase): Promise<Contender> => {
  const engine = createRestEngine({ pool: database.requests, schemas: ['bench'], anonRole: 'anon', log });
  await engine.reloadSchema();
  const app = fastify();
  app.get('/people', async (request, reply) => {
    const url = request.raw.url ?? '';
    const http = {
      method: 'GET',
      path,
      query: url.slice(url.indexOf('?') + 1),
      headers: request.headers,
      body: undefined,
    };
    const answer = await engine.handle(http, principal);
    return reply.code(answer.status).headers(answer.headers).send(answer.body);
  });
  app.addHook('onClose', () => engine.close());
  return await listening('engine', app, `${path}?${query}`);
};

/** The engine's own SQL for the request. */
const statementOf = async (database: TestDatabase): Promise<{ text: string; values: unknown[] }> => {
  const cache = await loadSchemaCache(database.requests, { schemas: ['bench'], hoistedSettings: [] }, 1);
  const request = parseRequest(
    { method: 'GET', path, query, headers: {}, body: undefined },
    { parser: createQueryParser(), schemas: ['bench'], allowTx: false, openApi: true },
  );
  const options = { cache, size: 0, named: false, aggregates: false, plansAllowed: false };
  const { main } = createPreparedRequests(options).for(request).printed;
  return {
    text: main.text,
    values: main.binds.map((bind) => (typeof bind === 'number' ? request.values[bind] : null)),
  };
};

const json = 'application/json; charset=utf-8';

const pipelined = async (database: TestDatabase): Promise<Contender> => {
  const statement = { ...(await statementOf(database)), name: 'bench_list' };
  const app = fastify();
  app.get('/people', async (_request, reply) => {
    const [result] = await runAs(database.requests, principal, [statement], { raw: true });
    return reply.type(json).send(result?.rows[0]?.body);
  });
  return await listening('pipelined driver', app, '/people');
};

const plain = async (database: TestDatabase): Promise<Contender> => {
  const { text, values } = await statementOf(database);
  const app = fastify();
  app.get('/people', async (_request, reply) => {
    const client = await database.requests.connect();
    try {
      await client.query('begin');
      await client.query("select set_config('role', $1, true), set_config('request.jwt.claims', $2, true)", [
        principal.role,
        JSON.stringify(claims),
      ]);
      const { rows: found } = await client.query({ name: 'bench_plain', text, values });
      await client.query('commit');
      return reply.type(json).send(JSON.stringify(found[0]?.body));
    } finally {
      client.release();
    }
  });
  return await listening('plain driver', app, '/people');
};

if (import.meta.main) {
  for (const { name, value, unit, baseline, ratio, bar } of await run()) {
    const against = baseline === undefined ? '' : ` against ${Math.round(baseline)}: ratio ${ratio?.toFixed(2)}`;
    process.stdout.write(
      `${name}\n  ${Math.round(value)} ${unit}${against}${bar === undefined ? '' : ` (bar ${bar})`}\n`,
    );
  }
}
