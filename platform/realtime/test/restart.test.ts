import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Database, migrate, migrations as postgresMigrations } from '@connectgain/postgres';
import { startEmbedded } from '@connectgain/postgres/embedded/startEmbedded.ts';
import { createPools } from '@connectgain/postgres/pools.ts';
import { ensureRoles } from '@connectgain/postgres/roles.ts';
import { ensureSearchPath } from '@connectgain/postgres/searchPath.ts';
import { makeTemporaryFolder } from '@connectgain/testing/temporaryFolder.ts';
import { testSecret } from '@connectgain/testing/testServer.ts';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrations } from '../src/index.ts';
import { collect, type Events, subscribed } from './events.ts';
import { acme, type Bench, benchOver, type Node, startBench, testTables } from './startRealtime.ts';

const log = pino({ level: 'silent' });
const notes = { event: '*' as const, schema: 'public', table: 'notes' };

async function follow(
  bench: Bench,
  node: Node,
): Promise<{ bodies: Events<unknown>; statuses: Events<{ status: string }> }> {
  const [bodies, statuses] = [collect<unknown>(), collect<{ status: string }>()];
  const client = await bench.client(node, await bench.signIn(acme));
  const channel = client.channel('live').on('postgres_changes', notes, (change) => {
    bodies.push('body' in change.new ? change.new.body : undefined);
  });
  await subscribed(channel, statuses);
  return { bodies, statuses };
}

const insert = (bench: Bench, body: string) =>
  bench.sql('insert into notes (organization_id, body) values ($1, $2)', [acme, body]);

test('clients come back by themselves after the server restarted', async () => {
  const bench = await startBench();
  const first = await bench.startNode();
  const { bodies, statuses } = await follow(bench, first);
  await insert(bench, 'one');
  expect(await bodies.next()).toBe('one');
  const { port } = first;
  await first.stop();
  expect(await statuses.next()).toMatchObject({ status: 'CHANNEL_ERROR' });
  await bench.startNode({}, port);
  await statuses.next(({ status }) => status === 'SUBSCRIBED');
  await insert(bench, 'two');
  expect(await bodies.next()).toBe('two');
  await bench.close();
});

let folder: string;
beforeAll(async () => {
  folder = await makeTemporaryFolder('realtime-restart-');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a restart of the database loses no change and no socket; a crash is told to those who follow changes', async () => {
  let server = await startEmbedded({ folder, port: 0, log });
  await ensureRoles(server.url, testSecret);
  await migrate({ url: server.url }, [postgresMigrations, migrations], log);
  await ensureSearchPath(server.url);
  const pools = createPools({ url: server.url, secret: testSecret, log, maxConnections: 16 });
  const database: Database = {
    ...pools,
    url: server.url,
    embedded: true,
    serverVersion: 18,
    close: async () => undefined,
  };
  await database.owner.query(testTables);
  const bench = await benchOver(database);
  const node = await bench.startNode();
  const { bodies, statuses } = await follow(bench, node);
  await insert(bench, 'before');
  expect(await bodies.next()).toBe('before');

  const port = Number(new URL(server.url).port);
  await server.stop();
  server = await startEmbedded({ folder, port, log });
  await insert(bench, 'after the restart');
  expect(await bodies.next()).toBe('after the restart');
  expect(statuses.all).toHaveLength(1);

  const [postmaster] = (await readFile(join(server.data, 'postmaster.pid'), 'utf8')).split('\n');
  process.kill(Number(postmaster), 'SIGKILL');
  expect(await statuses.next()).toMatchObject({ status: 'CHANNEL_ERROR' });
  await statuses.next(({ status }) => status === 'SUBSCRIBED');
  await insert(bench, 'after the crash');
  expect(await bodies.next()).toBe('after the crash');

  await bench.close();
  await Promise.all([pools.owner.end(), pools.requests.end()]);
  await server.stop();
}, 60_000);
