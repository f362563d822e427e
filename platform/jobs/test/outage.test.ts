import { rm } from 'node:fs/promises';
import { migrate, migrations as postgresMigrations } from '@connectgain/postgres';
import { startEmbedded } from '@connectgain/postgres/embedded/startEmbedded.ts';
import { ensureRoles } from '@connectgain/postgres/roles.ts';
import { makeTemporaryFolder } from '@connectgain/testing/temporaryFolder.ts';
import { testSecret } from '@connectgain/testing/testServer.ts';
import pg from 'pg';
import pino from 'pino';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { addJobs, defineTask, migrations, startJobs } from '../src/index.ts';

const log = pino({ level: 'silent' });

test('jobs go on after restarts of the database, however it caught them', async () => {
  const folder = await makeTemporaryFolder('connectgain-outage-');
  let server = await startEmbedded({ folder, port: 0, log });
  const port = Number(new URL(server.url).port);
  await ensureRoles(server.url, testSecret);
  await migrate({ url: server.url }, [postgresMigrations, migrations], log);
  const pool = new pg.Pool({ connectionString: server.url, max: 8 });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  await pool.query('create table done (n int primary key)');

  const total = 600;
  const done = new Set<number>();
  const task = defineTask('note', z.object({ n: z.number() }), async ({ n }) => {
    await pool.query('insert into done values ($1) on conflict do nothing', [n]);
    done.add(n);
  });
  const queued = (n: number) => ({ task: 'note', payload: { n }, queue: n % 2 ? `q:${n % 20}` : undefined });
  await addJobs(
    pool,
    Array.from({ length: total }, (_, n) => queued(n)),
  );
  const jobs = await startJobs({ database: { url: server.url }, tasks: [task], log });
  for (const share of [0.2, 0.5]) {
    await vi.waitFor(() => expect(done.size).toBeGreaterThan(total * share), { timeout: 15_000, interval: 2 });
    await server.stop();
    server = await startEmbedded({ folder, port, log });
  }
  await vi.waitFor(
    async () => {
      const { rows } = await pool.query('select count(*)::int as n from graphile_worker._private_jobs');
      expect(rows[0].n).toBe(0);
    },
    { timeout: 20_000, interval: 50 },
  );
  expect(done.size).toBe(total);
  await vi.waitFor(() => jobs.check(), { timeout: 5_000, interval: 50 });

  await jobs.stop();
  await pool.end();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);
