// Run as a process of its own by crash.test.ts, which kills it. Arguments: connection string of the database.

import pg from 'pg';
import pino from 'pino';
import { z } from 'zod';
import { defineTask, startJobs } from '../src/index.ts';

const url = process.argv[2] ?? '';
const pool = new pg.Pool({ connectionString: url, max: 4 });

const task = defineTask('effect', z.object({ n: z.number() }), async ({ n }) => {
  await pool.query('insert into effects (n, pid, finished) values ($1, $2, false)', [n, process.pid]);
  process.stdout.write(`began ${n}\n`);
  // Half of them never end here; the others race the kill.
  if (n % 2 === 0) await new Promise(() => {});
  await pool.query('insert into effects (n, pid, finished) values ($1, $2, true)', [n, process.pid]);
});

await startJobs({
  database: { url },
  tasks: [task],
  log: pino({ level: 'silent' }),
  heartbeatMs: 200,
  deadAfterMs: 1000,
});
