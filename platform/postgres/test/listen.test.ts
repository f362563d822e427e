import { createTestDatabase, type TestDatabase } from '@connectgain/testing/database.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../src/index.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ sets: 'none' });
});
afterAll(() => database.destroy());

const listening = async () =>
  (
    await database.owner.query(
      "select pid from pg_stat_activity where application_name = 'connectgain listen' and datname = current_database()",
    )
  ).rows;

describe('listen', () => {
  it('hands over every notification of its channels, with any name and payload', async () => {
    const heard: [string, string][] = [];
    const listener = await listen(database.url, ['plain', 'With "quotes" ü'], (...message) => heard.push(message));
    await database.owner.query(
      `select pg_notify('plain', 'سلام'), pg_notify('With "quotes" ü', ''), pg_notify('other', 'x')`,
    );
    await expect
      .poll(() => heard)
      .toEqual([
        ['plain', 'سلام'],
        ['With "quotes" ü', ''],
      ]);
    await listener.close();
    await expect.poll(listening).toEqual([]);
  });

  it('comes back after its connection was lost, and says so', async () => {
    const heard: string[] = [];
    const reconnected = Promise.withResolvers<void>();
    const listener = await listen(database.url, ['plain'], (_, payload) => heard.push(payload), {
      onReconnect: reconnected.resolve,
    });
    for (const { pid } of await listening()) await database.owner.query('select pg_terminate_backend($1)', [pid]);
    await reconnected.promise;
    await database.owner.query("notify plain, 'again'");
    await expect.poll(() => heard).toEqual(['again']);
    await listener.close();
  });

  it('stops trying when closed while it is away', async () => {
    const listener = await listen(database.url, ['plain'], () => undefined);
    for (const { pid } of await listening()) await database.owner.query('select pg_terminate_backend($1)', [pid]);
    await listener.close();
    await expect.poll(listening).toEqual([]);
  });

  it('rejects when it cannot connect at first', async () => {
    await expect(listen('postgresql://nobody@127.0.0.1:1/none', ['a'], () => undefined)).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
  });
});
