import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createTestDatabase, type TestDatabase } from '@connectgain/testing/database.ts';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { addJobs, defineTask, startJobs } from '../src/index.ts';
import { recoverJobs } from '../src/recover.ts';

const log = pino({ level: 'silent' });
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ sets: 'platform' });
  await database.owner.query('create table effects (n int, pid int, finished boolean)');
});
afterAll(() => database.destroy());

test('a worker killed in the middle of jobs loses none of them, and its successor on this machine does not wait for it', async () => {
  const total = 60;
  const jobs = Array.from({ length: total }, (_, n) => ({
    task: 'effect',
    payload: { n },
    queue: n % 3 === 0 ? `q:${n % 6}` : undefined,
  }));
  await addJobs(database.owner, jobs);

  const script = fileURLToPath(new URL('./crashingWorker.ts', import.meta.url));
  const worker = spawn(process.execPath, [script, database.url], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(worker, 'exit');
  let began = 0;
  for await (const line of createInterface({ input: worker.stdout })) {
    if (line.startsWith('began')) began += 1;
    if (began === 8) {
      worker.kill('SIGKILL');
      break;
    }
  }
  const [, signal] = await exited;
  expect(signal).toBe('SIGKILL');
  const { rows: held } = await database.owner.query(
    'select count(*)::int as n from graphile_worker.jobs where locked_at is not null',
  );
  expect(held[0].n).toBeGreaterThan(0);

  const done = new Set<number>();
  const finish = defineTask('effect', z.object({ n: z.number() }), async ({ n }) => {
    await database.owner.query('insert into effects values ($1, $2, true)', [n, process.pid]);
    done.add(n);
  });
  const survivor = await startJobs({ database, tasks: [finish], log });
  // A job that ended right before the kill, without being able to say so, runs once more.
  const left = async () =>
    (await database.owner.query('select id, last_error, attempts from graphile_worker.jobs')).rows;
  await expect.poll(left).toEqual([]);
  await survivor.stop();

  const { rows: ended } = await database.owner.query('select count(distinct n)::int as n from effects where finished');
  expect(ended[0].n).toBe(total);
  expect(done.size).toBeGreaterThanOrEqual(total / 2);
});

test('a worker that is silent but has only just begun to be is left alone, and two that sweep at once free its jobs once', async () => {
  await addJobs(database.owner, [{ task: 'nobody', payload: {} }]);
  await database.owner.query(`
    insert into jobs.workers (pool_id, host, heartbeat_at) values ('pool-gone', 'elsewhere', now() - interval '20 seconds');
    update graphile_worker._private_jobs set locked_by = 'pool-gone', locked_at = now(), attempts = 3`);
  expect(await recoverJobs(database.owner, { own: [], deadAfterMs: 30_000 }, log)).toBe(0);
  const freed = await Promise.all([1, 2].map(() => recoverJobs(database.owner, { own: [], deadAfterMs: 10_000 }, log)));
  expect(freed.toSorted()).toEqual([0, 1]);
  const { rows } = await database.owner.query(
    `select last_error, locked_at, extract(epoch from run_at - now())::float8 as wait from graphile_worker.jobs where task_identifier = 'nobody'`,
  );
  expect(rows[0]).toMatchObject({
    last_error: 'The worker stopped while it ran this job (attempt 3).',
    locked_at: null,
  });
  // Its third crash: it waits like after a third failure.
  expect(rows[0].wait).toBeGreaterThan(15);
});
