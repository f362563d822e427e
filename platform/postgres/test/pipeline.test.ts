import { createTestDatabase, type TestDatabase } from '@connectgain/testing/database.ts';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pipeline } from '../src/index.ts';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase({ sets: 'none' });
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.destroy();
});
beforeEach(async () => {
  await client.query('drop table if exists item; create table item (id int primary key, name text)');
});

const count = async () => (await client.query('select count(*)::int as n from item')).rows[0].n;

describe('pipeline', () => {
  it('gives one result per statement, in order, with rows, fields and counts', async () => {
    const results = await pipeline(client, [
      { text: "insert into item values (1, 'a'), (2, 'b')" },
      { text: 'select id, name from item where id >= $1 order by id', values: [1] },
      { text: 'update item set name = name where id = $1 returning id', values: [2] },
      { text: '' },
      { text: 'select' },
    ]);
    expect(results.map(({ command, rowCount, rows }) => ({ command, rowCount, rows }))).toEqual([
      { command: 'INSERT', rowCount: 2, rows: [] },
      {
        command: 'SELECT',
        rowCount: 2,
        rows: [
          { id: 1, name: 'a' },
          { id: 2, name: 'b' },
        ],
      },
      { command: 'UPDATE', rowCount: 1, rows: [{ id: 2 }] },
      { command: '', rowCount: null, rows: [] },
      { command: 'SELECT', rowCount: 1, rows: [{}] },
    ]);
    expect(results[1]?.fields.map((field) => field.name)).toEqual(['id', 'name']);
  });

  it('answers an empty list without asking the server', async () => {
    expect(await pipeline(client, [])).toEqual([]);
  });

  it('sends parameters of every kind as pg does', async () => {
    const values = [
      1.5,
      12345678901234567890n,
      true,
      null,
      undefined,
      'quo"te\\',
      new Date('2026-01-02T03:04:05.678Z'),
      ['a', 'b "c"', null, '{}'],
      [
        [1, 2],
        [3, 4],
      ],
      { a: [1, 'ü'] },
      Buffer.from([0, 255]),
      new Uint8Array([7]),
    ];
    const text =
      'select $1::float8 a, $2::numeric b, $3::bool c, $4::text d, $5::text e, $6::text f, $7::timestamptz g, $8::text[] h, ' +
      '$9::int[] i, $10::jsonb j, $11::bytea k, $12::bytea l';
    const [ours] = await pipeline(client, [{ text, values }]);
    const theirs = await client.query(text, values);
    expect(ours?.rows).toEqual(theirs.rows);
  });

  it('leaves values as text when asked to', async () => {
    const [result] = await pipeline(client, [{ text: `select 1 as n, true as b, '{"a":1}'::jsonb as j, null as z` }], {
      raw: true,
    });
    expect(result?.rows).toEqual([{ n: '1', b: 't', j: '{"a": 1}', z: null }]);
  });

  it('is all or nothing: an error undoes the statements before it and skips those after it', async () => {
    const batch = pipeline(client, [
      { text: "insert into item values (1, 'a')" },
      { text: "insert into item values (1, 'again')" },
      { text: "insert into item values (2, 'b')" },
    ]);
    await expect(batch).rejects.toMatchObject({ code: '23505', constraint: 'item_pkey' });
    expect(client.getTransactionStatus()).toBe('I');
    expect(await count()).toBe(0);
  });

  it('reports an error that only appears at the commit', async () => {
    await client.query('alter table item add constraint once unique (name) deferrable initially deferred');
    const batch = pipeline(client, [
      { text: "insert into item values (1, 'a')" },
      { text: "insert into item values (2, 'a')" },
    ]);
    await expect(batch).rejects.toMatchObject({ code: '23505' });
    expect(await count()).toBe(0);
  });

  it('goes on after syntax errors, wrong parameters and values it cannot send', async () => {
    await expect(pipeline(client, [{ text: 'selec 1' }])).rejects.toMatchObject({ code: '42601' });
    await expect(pipeline(client, [{ text: 'select $1::int', values: ['x'] }])).rejects.toMatchObject({
      code: '22P02',
    });
    await expect(pipeline(client, [{ text: 'select $1::int', values: [] }])).rejects.toMatchObject({ code: '08P01' });
    await expect(pipeline(client, [{ text: 'select $1', values: [() => 1] }])).rejects.toThrow('function');
    await expect(pipeline(client, [{ text: 'select $1', values: ['nul \0 byte'] }])).rejects.toMatchObject({
      code: '22021',
    });
    expect((await pipeline(client, [{ text: 'select 1 as n' }]))[0]?.rows).toEqual([{ n: 1 }]);
  });

  it('answers COPY and two statements in one text with an error, and goes on', async () => {
    await expect(pipeline(client, [{ text: 'copy item from stdin' }])).rejects.toThrow(/COPY/);
    await pipeline(client, [{ text: 'copy item to stdout' }]);
    await expect(pipeline(client, [{ text: 'select 1; select 2' }])).rejects.toMatchObject({ code: '42601' });
    expect((await pipeline(client, [{ text: 'select 1 as n' }]))[0]?.rows).toEqual([{ n: 1 }]);
  });

  it('joins a transaction that the client is in', async () => {
    await client.query('begin');
    await pipeline(client, [{ text: "insert into item values (1, 'a')" }]);
    await client.query('rollback');
    expect(await count()).toBe(0);
  });

  it('rejects when the connection is lost in the middle', async () => {
    const lost = new pg.Client({ connectionString: database.url });
    lost.on('error', () => undefined);
    await lost.connect();
    await expect(pipeline(lost, [{ text: 'select pg_terminate_backend(pg_backend_pid())' }])).rejects.toThrow();
    await expect(pipeline(lost, [{ text: 'select 1' }])).rejects.toThrow();
    await lost.end();
  });
});

describe('named statements', () => {
  const prepared = async () =>
    (await client.query("select name from pg_prepared_statements where name like 'p.%' order by name")).rows.map(
      (row) => row.name,
    );

  it('are parsed once per connection', async () => {
    await pipeline(client, [
      { name: 'one', text: 'select $1::int as n', values: [1] },
      { name: 'one', text: 'select $1::int as n', values: [2] },
    ]);
    const [result] = await pipeline(client, [{ name: 'one', text: 'select $1::int as n', values: [3] }]);
    expect(result?.rows).toEqual([{ n: 3 }]);
    expect(await prepared()).toEqual(['p.one']);
    const used = await client.query(
      "select generic_plans + custom_plans as n from pg_prepared_statements where name = 'p.one'",
    );
    expect(used.rows).toEqual([{ n: '3' }]);
  });

  it('refuse a second text under one name', async () => {
    await pipeline(client, [{ name: 'two', text: 'select 1' }]);
    await expect(pipeline(client, [{ name: 'two', text: 'select 2' }])).rejects.toThrow(
      '"two" was used for two different texts',
    );
    expect((await pipeline(client, [{ text: 'select 1 as n' }]))[0]?.rows).toEqual([{ n: 1 }]);
  });

  it('are still known after a batch that failed behind them, and unknown when their own parsing failed', async () => {
    await expect(
      pipeline(client, [
        { name: 'good', text: 'select 1' },
        { name: 'bad', text: 'select nothing_here' },
        { name: 'never', text: 'select 3' },
      ]),
    ).rejects.toMatchObject({ code: '42703' });
    for (let i = 0; i < 2; i++) {
      await pipeline(client, [
        { name: 'good', text: 'select 1' },
        { name: 'bad', text: 'select 2' },
        { name: 'never', text: 'select 3' },
      ]);
    }
    expect(await prepared()).toEqual(expect.arrayContaining(['p.good', 'p.bad', 'p.never']));
  });

  it('are parsed again when their table changed under them or the server forgot them', async () => {
    const statement = { name: 'star', text: 'select * from item' };
    await pipeline(client, [{ text: "insert into item values (1, 'a')" }, statement]);
    await client.query('alter table item add column more int');
    expect((await pipeline(client, [statement]))[0]?.rows).toEqual([{ id: 1, name: 'a', more: null }]);
    await client.query('deallocate all');
    expect((await pipeline(client, [statement]))[0]?.rows).toEqual([{ id: 1, name: 'a', more: null }]);
  });

  it('do not pile up: the ones unused for longest are closed', async () => {
    for (let i = 0; i < 600; i += 50) {
      await pipeline(
        client,
        Array.from({ length: 50 }, (_, k) => ({ name: `many_${i + k}`, text: `select ${i + k}` })),
      );
    }
    const names = await prepared();
    expect(names.length).toBeLessThanOrEqual(512);
    expect(names).toContain('p.many_599');
    expect(names).not.toContain('p.many_0');
  });
});
