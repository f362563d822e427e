import { randomUUID } from 'node:crypto';
import { deadLetters, type Jobs, startJobs } from '@connectgain/jobs';
import { transactionAs } from '@connectgain/postgres';
import { createTestDatabase, type TestDatabase } from '@connectgain/testing/database.ts';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  type Dispatcher,
  type DomainEvent,
  dispatchPending,
  emitEvent,
  eventGauges,
  eventLag,
  eventTasks,
  type Subscriber,
  startDispatcher,
  subscribe,
  sweepEvents,
} from '../src/index.ts';

const log = pino({ level: 'silent' });
const organization = randomUUID();
let database: TestDatabase;
let running: (Dispatcher | Jobs)[] = [];

beforeAll(async () => {
  database = await createTestDatabase({ sets: 'platform' });
});
afterEach(async () => {
  await Promise.all(running.map((one) => one.stop()));
  running = [];
  await database.owner.query(
    'delete from graphile_worker._private_jobs; delete from events.pending; delete from public.events',
  );
});
afterAll(() => database.destroy());

const emit = (type: string, payload: Record<string, unknown> = {}, organizationId = organization) =>
  emitEvent(database.owner, { type, organizationId, entityType: 'message', entityId: randomUUID(), payload });

const dispatch = (...subscribers: Subscriber[]) => dispatchPending({ pool: database.owner, subscribers, log });

/** Remembers the events it was given. */
function listener(name: string, types: Subscriber['types'] = '*') {
  const seen: DomainEvent[] = [];
  const subscriber = subscribe({
    name,
    types,
    handle: async (event) => {
      seen.push(event);
    },
  });
  return { seen, subscriber, types: () => seen.map(({ type }) => type) };
}

async function retries() {
  const { rows } = await database.owner.query<{
    payload: { subscriber: string; event_ids: string[] };
    attempts: number;
  }>(`select payload, attempts from graphile_worker._private_jobs order by id`);
  return rows;
}

/** Runs the retries in this process, each as soon as its turn has come. */
async function runRetries(...subscribers: Subscriber[]) {
  await database.owner.query('update graphile_worker._private_jobs set run_at = now() where locked_at is null');
  const { tasks } = eventTasks({ database, subscribers });
  running.push(await startJobs({ database, tasks, log }));
}

const noRetriesLeft = () =>
  vi.waitFor(async () => expect(await retries()).toEqual([]), { timeout: 5000, interval: 10 });

describe('emitting', () => {
  test('writes the event in the transaction of the change, and not when that is rolled back', async () => {
    const client = await database.owner.connect();
    await client.query('begin');
    await client.query(`select events.emit('deal.created', $1, 'deal', $2, '{"a":1}')`, [organization, randomUUID()]);
    await client.query('rollback');
    client.release();
    await emit('contact.created', { name: 'ليلى' });
    const all = listener('all');
    expect(await dispatch(all.subscriber)).toBe(1);
    expect(all.seen).toEqual([
      {
        id: expect.any(String),
        organizationId: organization,
        type: 'contact.created',
        entityType: 'message',
        entityId: expect.any(String),
        actorId: null,
        payload: { name: 'ليلى' },
        createdAt: expect.any(Date),
      },
    ]);
    expect(await dispatch(all.subscriber)).toBe(0);
  });

  test('names the signed-in user as actor, and nobody where the subject is no id', async () => {
    const sub = randomUUID();
    for (const claims of [{ sub }, { sub: 'google-oauth2|12' }]) {
      await transactionAs(database.requests, { role: 'authenticated', claims }, (client) =>
        client.query(`select events.emit('note.created', $1, 'note', null)`, [organization]),
      );
    }
    const all = listener('actors');
    await dispatch(all.subscriber);
    expect(all.seen.map(({ actorId }) => actorId)).toEqual([sub, null]);
  });

  test('is the only way to write events for those who sign in, and none for the anonymous', async () => {
    const run = (role: 'anon' | 'authenticated', sql: string) =>
      transactionAs(database.requests, { role, claims: {} }, (client) => client.query(sql));
    await expect(
      run('authenticated', `insert into public.events (type, entity_type) values ('x', 'y')`),
    ).rejects.toThrow(/permission denied/);
    await expect(run('authenticated', 'delete from events.pending')).rejects.toThrow(/permission denied/);
    await expect(run('anon', `select events.emit('x', null, 'y', null)`)).rejects.toThrow(/permission denied/);
  });
});

describe('subscribers', () => {
  test('get the types and families they asked for, in order', async () => {
    for (const type of ['message.received', 'contact.created', 'message.sent', 'messages.other']) await emit(type);
    const exact = listener('exact', ['contact.created', 'message.sent']);
    const family = listener('family', ['message.*']);
    await dispatch(exact.subscriber, family.subscriber);
    expect(exact.types()).toEqual(['contact.created', 'message.sent']);
    expect(family.types()).toEqual(['message.received', 'message.sent']);
  });

  test('get the events of an organization in the order in which they were emitted, across batches', async () => {
    await database.owner.query(
      `select events.emit('n', $1, 'n', null, jsonb_build_object('n', n)) from generate_series(1, 450) n`,
      [organization],
    );
    const all = listener('ordered');
    await dispatch(all.subscriber);
    expect(all.seen.map(({ payload }) => payload.n)).toEqual(Array.from({ length: 450 }, (_, n) => n + 1));
  });

  test('are declared with names and types that can be kept', () => {
    const handle = async () => {};
    expect(() => subscribe({ name: 'Web Hooks', types: '*', handle })).toThrow(/small letters/);
    expect(() => subscribe({ name: 'webhooks', types: ['*.created'], handle })).toThrow(/not an event type/);
  });

  test('of the same name are refused', async () => {
    const one = listener('same').subscriber;
    await expect(startDispatcher({ database, subscribers: [one, one], log })).rejects.toThrow(
      'two subscribers called "same"',
    );
  });
});

describe('a subscriber that throws', () => {
  test('neither holds up nor repeats the others, and gets its event again until it takes it', async () => {
    const good = listener('good');
    let broken = true;
    const attempts: number[] = [];
    const bad = subscribe({
      name: 'bad',
      types: '*',
      handle: async (event, { attempt }) => {
        attempts.push(attempt);
        if (broken && event.type === 'b') throw new Error('not now');
      },
    });
    for (const type of ['a', 'b', 'c']) await emit(type);
    await dispatch(bad, good.subscriber);
    expect(good.types()).toEqual(['a', 'b', 'c']);
    expect(attempts).toEqual([1, 1, 1]);
    const [retry] = await retries();
    expect(retry?.payload).toEqual({ subscriber: 'bad', event_ids: [good.seen[1]?.id] });

    broken = false;
    await runRetries(bad, good.subscriber);
    await noRetriesLeft();
    expect(attempts).toEqual([1, 1, 1, 2]);
    expect(good.seen).toHaveLength(3);
  });

  test('for good leaves a dead letter with the reason', async () => {
    const bad = subscribe({
      name: 'hopeless',
      types: '*',
      maxAttempts: 1,
      handle: async () => {
        throw new Error('The table it writes to is gone');
      },
    });
    const id = await emit('a');
    await dispatch(bad);
    await runRetries(bad);
    const letters = await vi.waitFor(
      async () => {
        const found = await deadLetters(database.owner, { task: 'events.deliver' });
        expect(found).toHaveLength(1);
        return found;
      },
      { timeout: 5000, interval: 10 },
    );
    expect(letters[0]).toMatchObject({
      error: 'The table it writes to is gone',
      payload: { subscriber: 'hopeless', event_ids: [id] },
    });
  });

  test('on a batch gets the events one by one afterwards, so that one bad event does not keep the rest', async () => {
    const taken: string[] = [];
    const batches = subscribe({
      name: 'batches',
      types: '*',
      handleBatch: async (events) => {
        if (events.some(({ type }) => type === 'poison')) throw new Error('cannot read this');
        taken.push(...events.map(({ type }) => type));
      },
    });
    for (const type of ['a', 'poison', 'b']) await emit(type);
    await dispatch(batches);
    expect(taken).toEqual([]);
    await runRetries(batches);
    await vi.waitFor(async () => expect((await retries()).map(({ attempts }) => attempts)).toEqual([1]), {
      timeout: 5000,
      interval: 10,
    });
    expect(taken.toSorted()).toEqual(['a', 'b']);
  });

  test('and is no longer there gives up in words', async () => {
    const old = subscribe({
      name: 'old',
      types: '*',
      handle: async () => {
        throw new Error('x');
      },
    });
    await emit('a');
    await dispatch(old);
    await runRetries();
    const letter = await vi.waitFor(
      async () => {
        const [first] = await deadLetters(database.owner);
        expect(first).toBeDefined();
        return first;
      },
      { timeout: 5000, interval: 10 },
    );
    expect(letter?.error).toBe('There is no subscriber called "old" any more.');
  });
});

describe('a subscriber that is slow', () => {
  test('is left to jobs, and the others get every event meanwhile', async () => {
    const hanging = subscribe({ name: 'hanging', types: '*', handle: () => new Promise(() => {}) });
    const { promise: all, resolve } = Promise.withResolvers<void>();
    let seen = 0;
    const quick = subscribe({
      name: 'quick',
      types: '*',
      handle: async () => {
        seen += 1;
        if (seen === 30) resolve();
      },
    });
    const dispatcher = await startDispatcher({
      database,
      subscribers: [hanging, quick],
      log,
      budgetMs: 50,
      batchSize: 10,
    });
    running.push(dispatcher);
    await database.owner.query(`select events.emit('n', $1, 'n', null) from generate_series(1, 30)`, [organization]);
    await all;
    await dispatcher.stop();
    const waiting = (await retries()).flatMap(({ payload }) => payload.event_ids);
    expect(new Set(waiting).size).toBe(30);
    const counts = await dispatcher.gauges[0]?.read();
    expect(counts).toContainEqual({ labels: { subscriber: 'hanging', outcome: 'deferred' }, value: 30 });
    expect(counts).toContainEqual({ labels: { subscriber: 'quick', outcome: 'handled' }, value: 30 });
  });
});

describe('the dispatcher', () => {
  test('hands out an event that is committed while it waits', async () => {
    const { promise: arrived, resolve } = Promise.withResolvers<DomainEvent>();
    const subscriber = subscribe({
      name: 'live',
      types: ['message.received'],
      handle: async (event) => resolve(event),
    });
    running.push(await startDispatcher({ database, subscribers: [subscriber], log }));
    const id = await emit('message.received');
    expect((await arrived).id).toBe(id);
  });

  test('beside another one hands out every event once', async () => {
    const counts = new Map<string, number>();
    const { promise: all, resolve } = Promise.withResolvers<void>();
    const make = () =>
      subscribe({
        name: 'counting',
        types: '*',
        handle: async ({ id }) => {
          counts.set(id, (counts.get(id) ?? 0) + 1);
          if (counts.size === 1000) resolve();
        },
      });
    const subscribers = [make()];
    running.push(await startDispatcher({ database, subscribers, log, batchSize: 20 }));
    running.push(await startDispatcher({ database, subscribers: [make()], log, batchSize: 20 }));
    await Promise.all(
      Array.from({ length: 10 }, () =>
        database.owner.query(`select events.emit('n', gen_random_uuid(), 'n', null) from generate_series(1, 100)`),
      ),
    );
    await all;
    await Promise.all(running.map((dispatcher) => dispatcher.stop()));
    expect([...counts.values()].every((count) => count === 1)).toBe(true);
    expect((await eventLag(database.owner)).pending).toBe(0);
  });

  test('goes on after the database cut its connections', async () => {
    const arrivals = { before: Promise.withResolvers<void>(), after: Promise.withResolvers<void>() };
    const subscriber = subscribe({
      name: 'survivor',
      types: '*',
      handle: async ({ type }) => (type === 'before' ? arrivals.before : arrivals.after).resolve(),
    });
    running.push(await startDispatcher({ database, subscribers: [subscriber], log }));
    await emit('before');
    await arrivals.before.promise;
    // Cut before the batch is committed, the first event comes a second time.
    const cut = await database.owner.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name in ('connectgain events', 'connectgain listen')`,
    );
    expect(cut.rowCount).toBeGreaterThan(1);
    await emit('after');
    await arrivals.after.promise;
  });
});

test('an effect in the same transaction as once() happens once, however often the event comes', async () => {
  await database.owner.query('create table if not exists public.effects (event_id uuid)');
  const subscriber = subscribe({
    name: 'exactly',
    types: '*',
    handle: async (event, { once }) => {
      const client = await database.owner.connect();
      try {
        await client.query('begin');
        if (await once(client, event)) await client.query('insert into public.effects values ($1)', [event.id]);
        await client.query('commit');
      } finally {
        client.release();
      }
    },
  });
  const id = await emit('payment.received');
  await dispatch(subscriber);
  await database.owner.query('insert into events.pending (lane, event_id) values (3, $1)', [id]);
  expect(await dispatch(subscriber)).toBe(1);
  const { rows } = await database.owner.query('select event_id from public.effects');
  expect(rows).toEqual([{ event_id: id }]);
});

test('old events are swept, young ones and those still to be handed out are kept', async () => {
  const old = '00000000-0000-7000-8000-';
  await database.owner.query(
    `insert into public.events (id, type, entity_type) values ($1, 'swept', 'x'), ($2, 'pending', 'x')`,
    [`${old}000000000001`, `${old}000000000002`],
  );
  await database.owner.query('insert into events.pending (lane, event_id) values (0, $1)', [`${old}000000000002`]);
  await emit('young');
  expect(await sweepEvents(database.owner, 30)).toBe(1);
  const { rows } = await database.owner.query('select type from public.events order by id');
  expect(rows.map(({ type }) => type)).toEqual(['pending', 'young']);
});

test('the lag is offered as gauges', async () => {
  await emit('a');
  const [pending, lag] = eventGauges(database.owner);
  expect(await pending?.read()).toEqual([{ value: 1 }]);
  const [value] = (await lag?.read()) ?? [];
  expect(value?.value).toBeGreaterThanOrEqual(0);
  expect(value?.value).toBeLessThan(10);
});
