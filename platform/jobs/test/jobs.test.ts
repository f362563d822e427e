import { transactionAs } from '@connectgain/postgres';
import { createTestDatabase, type TestDatabase } from '@connectgain/testing/database.ts';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import {
  addJob,
  addJobs,
  deadLetters,
  defineTask,
  discardDeadLetters,
  GiveUp,
  type Jobs,
  jobCounts,
  jobGauges,
  RetryLater,
  retryDeadLetters,
  startJobs,
  type Task,
} from '../src/index.ts';

const log = pino({ level: 'silent' });
let database: TestDatabase;
let running: Jobs[] = [];

beforeAll(async () => {
  database = await createTestDatabase({ sets: 'platform' });
});
afterEach(async () => {
  await Promise.all(running.map((jobs) => jobs.stop()));
  running = [];
  await database.owner.query('delete from graphile_worker._private_jobs');
});
afterAll(() => database.destroy());

async function work(...tasks: Task[]): Promise<Jobs> {
  const jobs = await startJobs({ database, tasks, log });
  running.push(jobs);
  return jobs;
}

/** A task that tells what it was called with. */
function recorder(name: string) {
  const calls: unknown[] = [];
  const waiting: (() => void)[] = [];
  const task = defineTask(name, z.unknown(), async (payload) => {
    calls.push(payload);
    for (const wake of waiting) wake();
  });
  const times = async (count: number): Promise<unknown[]> => {
    while (calls.length < count) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push(resolve);
      await promise;
    }
    return calls;
  };
  return { task, calls, times };
}

async function rowsOf(task: string) {
  const { rows } = await database.owner.query<{
    attempts: number;
    last_error: string | null;
    wait: number;
    locked: boolean;
  }>(
    `select attempts, last_error, extract(epoch from run_at - updated_at)::float8 as wait, locked_at is not null as locked
     from graphile_worker.jobs where task_identifier = $1 order by id`,
    [task],
  );
  return rows;
}

const settled = (task: string) =>
  vi.waitFor(
    async () => {
      const rows = await rowsOf(task);
      expect(rows[0]?.locked).toBe(false);
      expect(rows[0]?.last_error).not.toBeNull();
      return rows[0];
    },
    { timeout: 5000, interval: 10 },
  );

describe('adding a job', () => {
  test('runs the task with the payload', async () => {
    const seen = recorder('greet');
    await work(seen.task);
    await addJob(database.owner, 'greet', { name: 'Amal' });
    expect(await seen.times(1)).toEqual([{ name: 'Amal' }]);
  });

  test('inside a transaction that is rolled back adds nothing, inside one that commits it does', async () => {
    const client = await database.owner.connect();
    await client.query('begin');
    await addJob(client, 'undone', {});
    await client.query('rollback');
    await client.query('begin');
    await addJob(client, 'done', {});
    await client.query('commit');
    client.release();
    expect(await rowsOf('undone')).toHaveLength(0);
    expect(await rowsOf('done')).toHaveLength(1);
  });

  test('is possible in a trigger for a signed-in user, who cannot touch the tables behind it', async () => {
    await database.owner.query(`
      create table public.notes_to_self (id int primary key);
      grant insert on public.notes_to_self to authenticated;
      create function public.remind() returns trigger language plpgsql as $$
      begin
        perform jobs.add('remind', jsonb_build_object('note', new.id), job_key => 'note:' || new.id);
        return new;
      end $$;
      create trigger remind after insert on public.notes_to_self for each row execute function public.remind()`);
    const someone = { role: 'authenticated' as const, claims: { sub: 'f3b1c1de-0000-4000-8000-000000000001' } };
    await transactionAs(database.requests, someone, (client) =>
      client.query('insert into public.notes_to_self values (7)'),
    );
    const seen = recorder('remind');
    await work(seen.task);
    expect(await seen.times(1)).toEqual([{ note: 7 }]);
    const reading = transactionAs(database.requests, someone, (client) =>
      client.query('select * from graphile_worker._private_jobs'),
    );
    await expect(reading).rejects.toThrow(/permission denied/);
    const asAnon = transactionAs(database.requests, { role: 'anon', claims: {} }, (client) =>
      client.query(`select jobs.add('x')`),
    );
    await expect(asAnon).rejects.toThrow(/permission denied/);
  });

  test('with a key that a waiting job has replaces that job', async () => {
    await addJob(database.owner, 'keyed', { version: 1 }, { jobKey: 'k' });
    await addJob(database.owner, 'keyed', { version: 2 }, { jobKey: 'k' });
    expect(await rowsOf('keyed')).toHaveLength(1);
    const seen = recorder('keyed');
    await work(seen.task);
    expect(await seen.times(1)).toEqual([{ version: 2 }]);
  });

  test('with the key of a dead letter replaces that, and of a running job leaves it to end', async () => {
    const dead = await addJob(database.owner, 'keyed', { version: 1 }, { jobKey: 'k', maxAttempts: 1 });
    await database.owner.query('update graphile_worker._private_jobs set attempts = 1, last_error = $1', ['failed']);
    expect(await addJob(database.owner, 'keyed', { version: 2 }, { jobKey: 'k' })).toBe(dead);
    expect(await rowsOf('keyed')).toEqual([expect.objectContaining({ attempts: 0, last_error: null })]);

    await database.owner.query(
      `update graphile_worker._private_jobs set locked_at = now(), locked_by = 'someone', attempts = 1`,
    );
    const next = await addJob(database.owner, 'keyed', { version: 3 }, { jobKey: 'k' });
    expect(next).not.toBe(dead);
    const same = await addJob(database.owner, 'keyed', { version: 4 }, { jobKey: 'k', jobKeyMode: 'unsafe_dedupe' });
    expect(same).toBe(next);
    const { rows } = await database.owner.query(
      'select payload, key, is_available as waiting from graphile_worker._private_jobs order by id',
    );
    expect(rows).toEqual([
      { payload: { version: 2 }, key: null, waiting: false },
      { payload: { version: 3 }, key: 'k', waiting: true },
    ]);
  });

  test('with a key and preserve_run_at keeps the first moment', async () => {
    const first = new Date(Date.now() + 60_000);
    await addJob(database.owner, 'debounced', { n: 1 }, { jobKey: 'd', jobKeyMode: 'preserve_run_at', runAt: first });
    await addJob(
      database.owner,
      'debounced',
      { n: 2 },
      { jobKey: 'd', jobKeyMode: 'preserve_run_at', runAt: new Date(Date.now() + 90_000) },
    );
    const { rows } = await database.owner.query('select payload, run_at from graphile_worker._private_jobs');
    expect(rows).toEqual([{ payload: { n: 2 }, run_at: first }]);
    await expect(database.owner.query(`select jobs.add('x', job_key_mode => 'other')`)).rejects.toThrow(/not other/);
  });

  test('of many transactions at once that share a key leaves one job', async () => {
    await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        addJob(database.owner, 'contended', { n }, { jobKey: 'c', queue: `in:${n}` }),
      ),
    );
    expect(await rowsOf('contended')).toHaveLength(1);
  });

  test('for later waits until then', async () => {
    await addJob(database.owner, 'later', {}, { runAt: new Date(Date.now() + 3_600_000) });
    expect(await jobCounts(database.owner)).toContainEqual(
      expect.objectContaining({ task: 'later', scheduled: 1, queued: 0 }),
    );
  });

  test('many at once keeps their order and options', async () => {
    const ids = await addJobs(database.owner, [
      { task: 'many', payload: { n: 1 }, priority: 5 },
      { task: 'many', payload: { n: 2 }, priority: 1, maxAttempts: 3 },
    ]);
    expect(ids).toHaveLength(2);
    const { rows } = await database.owner.query(
      'select id::text, priority, max_attempts from graphile_worker.jobs order by id',
    );
    expect(rows).toEqual([
      { id: ids[0], priority: 5, max_attempts: 25 },
      { id: ids[1], priority: 1, max_attempts: 3 },
    ]);
  });
});

describe('a queue', () => {
  test('runs its jobs one at a time and in order, without a pause between them', async () => {
    let atOnce = 0;
    let most = 0;
    let started = 0;
    const order: number[] = [];
    const { promise: all, resolve } = Promise.withResolvers<void>();
    const task = defineTask('ordered', z.object({ n: z.number() }), async ({ n }) => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      started ||= performance.now();
      await database.owner.query('select 1');
      order.push(n);
      atOnce -= 1;
      if (order.length === 20) resolve();
    });
    for (let n = 0; n < 20; n += 1) await addJob(database.owner, 'ordered', { n }, { queue: 'in:whatsapp:+20100' });
    await work(task);
    await all;
    expect(most).toBe(1);
    expect(order).toEqual(Array.from({ length: 20 }, (_, n) => n));
    // At one poll (250 ms) per job this would take five seconds.
    expect(performance.now() - started).toBeLessThan(4_000);
  });

  test('has a bounded number of lanes per family, and a name without a colon is kept', async () => {
    const { rows } = await database.owner.query(
      `select count(distinct jobs.lane('in:' || n))::int as lanes, jobs.lane('nightly') as plain, jobs.lane(null) as none
       from generate_series(1, 20000) n`,
    );
    expect(rows[0]).toEqual({ lanes: 256, plain: 'nightly', none: null });
  });
});

describe('a failure', () => {
  test('is kept in words without secrets, and tried again later', async () => {
    const task = defineTask('failing', z.unknown(), async () => {
      throw new Error('The provider refused', {
        cause: new Error('GET https://api.test/send?access_token=abc123 answered 500'),
      });
    });
    await work(task);
    await addJob(database.owner, 'failing', {});
    const row = await settled('failing');
    expect(row?.last_error).toBe(
      'The provider refused: GET https://api.test/send?access_token=[redacted] answered 500',
    );
    expect(row?.attempts).toBe(1);
    expect(row?.wait).toBeGreaterThan(1);
    expect(row?.wait).toBeLessThan(4);
  });

  test('of which the handler chose the pause waits that long', async () => {
    await work(
      defineTask('patient', z.unknown(), async () => {
        throw new RetryLater('The provider asks to wait', 300);
      }),
    );
    await addJob(database.owner, 'patient', {});
    const row = await settled('patient');
    expect(row?.wait).toBeGreaterThan(290);
    expect(row?.wait).toBeLessThan(310);
  });

  test('that says so, or a payload of the wrong shape, is a dead letter at once', async () => {
    const bad = defineTask('strict', z.object({ id: z.string() }), async () => {
      throw new GiveUp('The account was deleted');
    });
    await work(bad);
    await addJob(database.owner, 'strict', { id: 5 });
    await addJob(database.owner, 'strict', { id: 'a' });
    const letters = await vi.waitFor(
      async () => {
        const found = await deadLetters(database.owner, { task: 'strict' });
        expect(found).toHaveLength(2);
        return found;
      },
      { timeout: 5000, interval: 10 },
    );
    expect(letters.map(({ error }) => error)).toEqual([
      'The account was deleted',
      expect.stringMatching(/payload is not what the task takes.*expected string/s),
    ]);
    expect(letters[0]).toMatchObject({ task: 'strict', queue: null, payload: { id: 'a' }, attempts: 1 });
    expect(Math.abs(Date.now() - Number(letters[0]?.failedAt))).toBeLessThan(10_000);
    expect(await jobCounts(database.owner)).toEqual([
      expect.objectContaining({ task: 'strict', failed: 2, queued: 0 }),
    ]);
  });

  test('of the last attempt can be retried or discarded by a person', async () => {
    let broken = true;
    const { promise: done, resolve } = Promise.withResolvers<boolean>();
    await work(
      defineTask('fragile', z.unknown(), async (_payload, { lastAttempt }) => {
        if (broken) throw new Error(`still broken, last attempt: ${lastAttempt}`);
        resolve(lastAttempt);
      }),
    );
    await addJob(database.owner, 'fragile', {}, { maxAttempts: 1 });
    await settled('fragile');
    const [letter] = await deadLetters(database.owner);
    expect(letter?.error).toBe('still broken, last attempt: true');
    const id = letter?.id ?? '';
    broken = false;
    expect(await retryDeadLetters(database.owner, [id])).toEqual([id]);
    expect(await done).toBe(false);
    expect(await retryDeadLetters(database.owner, [id])).toEqual([]);
    expect(await discardDeadLetters(database.owner, [id])).toEqual([]);
  });
});

describe('stopping', () => {
  test('waits for a running job', async () => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const { promise: go, resolve: release } = Promise.withResolvers<void>();
    let finished = false;
    const jobs = await work(
      defineTask('long', z.unknown(), async () => {
        begin();
        await go;
        finished = true;
      }),
    );
    await addJob(database.owner, 'long', {});
    await begun;
    const stopping = jobs.stop();
    release();
    await stopping;
    expect(finished).toBe(true);
    expect(await rowsOf('long')).toHaveLength(0);
    await expect(jobs.check()).rejects.toThrow('stopping');
  });

  test('hands back what does not end in time, without counting the attempt, and what heeds the signal at once', async () => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    let count = 0;
    const bothBegan = (): void => {
      count += 1;
      if (count === 2) begin();
    };
    const stubborn = defineTask('stubborn', z.unknown(), async () => {
      bothBegan();
      await new Promise(() => {});
    });
    const polite = defineTask('polite', z.unknown(), async (_payload, { signal }) => {
      bothBegan();
      await new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new Error('asked to stop'))),
      );
    });
    const jobs = await startJobs({ database, tasks: [stubborn, polite], log, stopMs: 300 });
    await addJob(database.owner, 'stubborn', {}, { queue: 'q:1' });
    await addJob(database.owner, 'polite', {});
    await begun;
    await jobs.stop();
    expect(await rowsOf('stubborn')).toEqual([
      expect.objectContaining({ attempts: 0, locked: false, last_error: null }),
    ]);
    expect(await rowsOf('polite')).toEqual([expect.objectContaining({ attempts: 0, locked: false })]);
    const { rows } = await database.owner.query(
      'select count(*)::int as held from graphile_worker._private_job_queues where locked_at is not null',
    );
    expect(rows[0]).toEqual({ held: 0 });
    const workers = await database.owner.query('select from jobs.workers');
    expect(workers.rowCount).toBe(0);
  });
});

test('slow tasks do not hold up the others', async () => {
  const { promise: free, resolve: release } = Promise.withResolvers<void>();
  const slow = defineTask('slow', z.unknown(), () => free, { pool: 'slow' });
  const quick = recorder('quick');
  const jobs = await startJobs({ database, tasks: [slow, quick.task], log, concurrency: { main: 1, slow: 1 } });
  running.push(jobs);
  await addJobs(database.owner, [
    { task: 'slow', payload: {} },
    { task: 'slow', payload: {} },
    { task: 'quick', payload: 1 },
  ]);
  await quick.times(1);
  release();
});

test('work goes on after the database cut every connection of the worker', async () => {
  const seen = recorder('resilient');
  await work(seen.task);
  await addJob(database.owner, 'resilient', 1);
  await seen.times(1);
  const cut = await database.owner.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = 'connectgain jobs'`,
  );
  expect(cut.rowCount).toBeGreaterThan(0);
  await addJob(database.owner, 'resilient', 2);
  // Where the end of the first could not be written any more, it runs once more.
  await expect.poll(() => new Set(seen.calls), { timeout: 10_000 }).toEqual(new Set([1, 2]));
});

test('a crontab pattern that cannot be read is refused at start', async () => {
  const { task } = recorder('nightly');
  const starting = startJobs({ database, tasks: [task], cron: [{ task: 'nightly', match: '99 * * * *' }], log });
  await expect(starting).rejects.toThrow(/99/);
});

test('a task defined twice is refused by name', async () => {
  const one = recorder('twice');
  await expect(startJobs({ database, tasks: [one.task, one.task], log })).rejects.toThrow(
    'The task "twice" is defined twice.',
  );
});

test('counts are offered as gauges', async () => {
  await addJob(database.owner, 'counted', {});
  const [jobs, oldest] = jobGauges(database.owner);
  expect(await jobs?.read()).toContainEqual({ labels: { task: 'counted', state: 'queued' }, value: 1 });
  expect(await oldest?.read()).toEqual([{ labels: { task: 'counted' }, value: expect.any(Number) }]);
});

test('jobs.add writes the rows that Graphile Worker itself would write', async () => {
  const columns = `to_jsonb(job) - array['id', 'key', 'created_at', 'updated_at', 'run_at'] as row`;
  const rowOf = async (sql: string) => {
    const { rows } = await database.owner.query(
      `with added as (${sql}) select ${columns} from graphile_worker._private_jobs job, added where job.id = added.id`,
    );
    if (rows.length > 0) return rows[0].row;
    // A row inserted by a function is only visible to the next statement.
    const { rows: later } = await database.owner.query(
      `select ${columns} from graphile_worker._private_jobs job order by id desc limit 1`,
    );
    return later[0].row;
  };
  const graphile = await rowOf(
    `select (graphile_worker.add_job('same', '{"a":1}', queue_name => 'plain', max_attempts => 3, job_key => 'g', priority => 2)).id`,
  );
  const ours = await rowOf(
    `select jobs.add('same', '{"a":1}', 'plain', max_attempts => 3, job_key => 'o', priority => 2) as id`,
  );
  expect({ ...ours, payload: null }).toEqual({ ...graphile, payload: null });
  expect(ours.payload).toEqual({ a: 1 });
  const { rows } = await database.owner.query('select max(id)::int as newest from graphile_worker.migrations');
  // A newer schema of the library: look whether add_jobs does anything that jobs.add does not, then raise this number.
  expect(rows[0].newest).toBe(20);
});
