import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createTestDatabase, type TestDatabase } from '@connectgain/testing/database.ts';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dispatchPending, eventLag, subscribe } from '../src/index.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ sets: 'platform' });
  await database.owner.query('create table effects (subscriber text, event_id uuid)');
});
afterAll(() => database.destroy());

test('a dispatcher killed in the middle of a batch loses no event for any subscriber', async () => {
  const total = 200;
  await database.owner.query(`select events.emit('n', gen_random_uuid(), 'n', null) from generate_series(1, $1)`, [
    total,
  ]);

  const script = fileURLToPath(new URL('./crashingDispatcher.ts', import.meta.url));
  const child = spawn(process.execPath, [script, database.url], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let handled = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('handled')) handled += 1;
    if (handled === 77) {
      child.kill('SIGKILL');
      break;
    }
  }
  await exited;

  const subscribers = ['first', 'second'].map((name) =>
    subscribe({
      name,
      types: '*',
      handle: ({ id }) => database.owner.query('insert into effects values ($1, $2)', [name, id]),
    }),
  );
  // The killed process's locks go when the server notices that its connections are closed.
  while ((await eventLag(database.owner)).pending > 0) {
    await dispatchPending({ pool: database.owner, subscribers, log: pino({ level: 'silent' }) });
  }
  const { rows } = await database.owner.query(
    'select subscriber, count(distinct event_id)::int as events from effects group by subscriber order by subscriber',
  );
  expect(rows).toEqual([
    { subscriber: 'first', events: total },
    { subscriber: 'second', events: total },
  ]);
});
