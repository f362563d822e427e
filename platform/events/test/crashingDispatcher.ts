// Run as a process of its own by crash.test.ts, which kills it. Arguments: connection string of the database.
import pg from 'pg';
import pino from 'pino';
import { startDispatcher, subscribe } from '../src/index.ts';

const url = process.argv[2] ?? '';
const pool = new pg.Pool({ connectionString: url, max: 4 });

const subscribers = ['first', 'second'].map((name) =>
  subscribe({
    name,
    types: '*',
    handle: async ({ id }) => {
      await pool.query('insert into effects values ($1, $2)', [name, id]);
      process.stdout.write(`handled ${name}\n`);
    },
  }),
);
await startDispatcher({ database: { url }, subscribers, log: pino({ level: 'silent' }), batchSize: 25 });
