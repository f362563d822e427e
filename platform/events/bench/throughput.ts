// Emits and hands out events on an empty database of its own, through three subscribers that do nothing, and prints rates and delay.
//   node platform/events/bench/throughput.ts postgres://owner@host/maintenance_database
import { randomBytes, randomUUID } from 'node:crypto';
import { migrate } from '@connectgain/postgres';
import { migrationSets } from '@connectgain/testing/migrationSets.ts';
import pg from 'pg';
import pino from 'pino';
import { startDispatcher, subscribe } from '../src/index.ts';

const server = process.argv[2];
if (server === undefined) throw new Error('Give the connection string of a server on which databases may be made.');
const log = pino({ level: 'error' });
const name = `bench_${randomBytes(4).toString('hex')}`;
const admin = new pg.Client(server);
await admin.connect();
await admin.query(`create database ${name}`);
const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
const pool = new pg.Pool({ connectionString: url, max: 8 });
// The database is dropped while its connections close.
pool.on('error', () => {});

const organizations = Array.from({ length: 50 }, () => randomUUID());
/** As large as a message row. */
const payload = { id: randomUUID(), content: 'x'.repeat(400), status: 'RECEIVED', metadata: { list: [1, 2, 3] } };
let handled = 0;
let delays: number[] = [];
let whenHandled = { count: Number.POSITIVE_INFINITY, resolve: () => {} };
const nothing = ['one', 'two'].map((subscriber) => subscribe({ name: subscriber, types: '*', handle: async () => {} }));
const watching = subscribe({
  name: 'three',
  types: '*',
  handle: async ({ createdAt }) => {
    delays.push(Date.now() - createdAt.getTime());
    handled += 1;
    if (handled >= whenHandled.count) whenHandled.resolve();
  },
});
const start = () => startDispatcher({ database: { url }, subscribers: [...nothing, watching], log });
const emit = (events: number, organization: string | undefined) =>
  pool.query(`select events.emit('message.received', $1, 'message', $1, $2) from generate_series(1, $3)`, [
    organization,
    payload,
    events,
  ]);

try {
  await pool.query(`alter database ${name} set search_path = public, extensions`);
  await migrate({ url }, await migrationSets('platform'), pino({ level: 'error' }));

  const emitted = await emitFor(3000);
  console.log(`emit, four per transaction, 8 connections: ${Math.round(emitted / 3)} events/s`);

  let dispatcher = await handOutAll(emitted, 'hand out a backlog');
  await dispatcher.stop();

  handled = 0;
  dispatcher = await start();
  const meanwhile = await emitFor(3000);
  console.log(
    `emit while handing out: ${Math.round(meanwhile / 3)} events/s emitted, ${Math.round(handled / 3)} handed out`,
  );
  await reached(meanwhile);

  delays = [];
  handled = 0;
  // 1200 events a second: 300 messages with four events each.
  for (let tick = 0; tick < 300; tick += 1) {
    const next = new Promise((resolve) => setTimeout(resolve, 10));
    await Promise.all(Array.from({ length: 3 }, (_, n) => emit(4, organizations[(tick * 3 + n) % 50])));
    await next;
  }
  await reached(3600);
  delays.sort((a, b) => a - b);
  const at = (share: number): number | undefined => delays[Math.floor(delays.length * share)];
  console.log(`delay at about 1200 events/s: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms`);
  await dispatcher.stop();
} finally {
  await pool.end();
  await admin.query(`drop database ${name} with (force)`);
  await admin.end();
}

async function handOutAll(count: number, label: string) {
  const started = performance.now();
  const dispatcher = await start();
  await reached(count);
  console.log(`${label}: ${Math.round((count / (performance.now() - started)) * 1000)} events/s`);
  return dispatcher;
}

function reached(count: number): Promise<void> {
  if (handled >= count) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  whenHandled = { count, resolve };
  return promise;
}

async function emitFor(milliseconds: number): Promise<number> {
  const end = performance.now() + milliseconds;
  let events = 0;
  const loop = async (): Promise<void> => {
    while (performance.now() < end) {
      await emit(4, organizations[events % 50]);
      events += 4;
    }
  };
  await Promise.all(Array.from({ length: 8 }, loop));
  return events;
}
