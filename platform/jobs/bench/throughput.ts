// Adds and runs no-op jobs on an empty database of its own and prints the rates.
//   node platform/jobs/bench/throughput.ts postgres://owner@host/maintenance_database
import { randomBytes } from 'node:crypto';
import { migrate } from '@connectgain/postgres';
import { migrationSets } from '@connectgain/testing/migrationSets.ts';
import pg from 'pg';
import pino from 'pino';
import { z } from 'zod';
import { defineTask, startJobs } from '../src/index.ts';

const server = process.argv[2];
if (server === undefined) throw new Error('Give the connection string of a server on which databases may be made.');
const log = pino({ level: 'error' });
const name = `bench_${randomBytes(4).toString('hex')}`;
const admin = new pg.Client(server);
await admin.connect();
await admin.query(`create database ${name}`);
const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
const pool = new pg.Pool({ connectionString: url, max: 16 });
// The database is dropped while its connections close.
pool.on('error', () => {});
try {
  await pool.query(`alter database ${name} set search_path = public, extensions`);
  await migrate({ url }, await migrationSets('platform'), pino({ level: 'error' }));
  const statements = {
    'graphile_worker.add_job': `select graphile_worker.add_job('noop', '{}')`,
    'jobs.add': `select jobs.add('noop')`,
    'jobs.add with a queue': `select jobs.add('noop', queue => 'in:' || (random() * 10000)::int)`,
  };
  for (const [label, sql] of Object.entries(statements)) {
    console.log(`${label}: ${await rate(3000, () => pool.query(sql))} commits/s on 16 connections`);
    await pool.query('truncate graphile_worker._private_jobs');
  }
  for (const queue of ['null', `'in:' || n`]) {
    const total = 10_000;
    await pool.query(`select jobs.add('noop', queue => ${queue}) from generate_series(1, $1) n`, [total]);
    let done = 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    const task = defineTask('noop', z.unknown(), async () => {
      done += 1;
      if (done === total) resolve();
    });
    const started = performance.now();
    const jobs = await startJobs({ database: { url }, tasks: [task], log });
    await promise;
    const perSecond = Math.round((total / (performance.now() - started)) * 1000);
    console.log(`run, ${queue === 'null' ? 'no queue' : 'all in queues'}: ${perSecond} jobs/s`);
    await jobs.stop();
  }
} finally {
  await pool.end();
  await admin.query(`drop database ${name} with (force)`);
  await admin.end();
}

async function rate(milliseconds: number, one: () => Promise<unknown>): Promise<number> {
  const end = performance.now() + milliseconds;
  let count = 0;
  const loop = async (): Promise<void> => {
    while (performance.now() < end) {
      await one();
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: 16 }, loop));
  return Math.round((count / milliseconds) * 1000);
}
