import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCatalog, type Table } from '../src/changes/catalog.ts';
import { compileFilter } from '../src/changes/compileFilter.ts';
import { inSql, matchInSql } from '../src/changes/filterInSql.ts';
import { FilterError, parseFilter } from '../src/changes/filterSyntax.ts';
import { type Bench, startBench } from './startRealtime.ts';

describe('filter syntax', () => {
  test('conditions are split at commas outside quotes and parentheses', () => {
    expect(parseFilter('a=eq.1,b=not.in.(x,"y,z"),c=eq."say \\"hi\\", you"')).toEqual([
      { column: 'a', operator: 'eq', negate: false, values: ['1'] },
      { column: 'b', operator: 'in', negate: true, values: ['x', 'y,z'] },
      { column: 'c', operator: 'eq', negate: false, values: ['say "hi", you'] },
    ]);
    expect(parseFilter('a=eq.5" pipe')).toMatchObject([{ values: ['5" pipe'] }]);
    expect(parseFilter('a=eq.')).toMatchObject([{ values: [''] }]);
    expect(parseFilter('a=is.null')).toMatchObject([{ operator: 'is', values: ['null'] }]);
  });

  test.each(['a', 'a=1', 'a=foo.1', 'a=eq.1,,b=eq.2', 'a=in.1,2', 'a=is.maybe', `a=in.(${'x,'.repeat(101)})`])(
    '%s is refused',
    (text) => {
      expect(() => parseFilter(text)).toThrow(FilterError);
    },
  );

  test('any text is either read or refused', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          expect(parseFilter(text).length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(FilterError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('filters decided in memory agree with PostgreSQL', () => {
  let bench: Bench;
  let table: Table;
  beforeAll(async () => {
    bench = await startBench();
    await bench.sql(`
      create type public.mood as enum ('sad', 'ok', 'happy');
      create table public.kinds (
        id int primary key, b bool, i int4, l int8, f float8, d numeric, t text, c extensions.citext, u uuid,
        day date, at timestamptz, plain timestamp, m public.mood, tags text[], j jsonb);
      grant select on public.kinds to authenticated;
      select realtime.track('public.kinds')`);
    const { tables } = await createCatalog(bench.database.owner).snapshot();
    const found = tables.find(({ name }) => name === 'kinds');
    if (!found) throw new Error('The table is not in the catalog.');
    table = found;
  });
  afterAll(() => bench.close());

  const uuids = ['00000000-0000-4000-8000-000000000001', 'ffffffff-ffff-4fff-8fff-ffffffffffff'];
  const samples: Record<string, string[]> = {
    b: ['true', 'false'],
    i: ['-5', '0', '7', '2147483647'],
    l: ['-1', '0', '9007199254740993', '123456789012'],
    f: ['-1.5', '0', '1e10', '0.1'],
    d: ['-1.50', '1.5', '0', '123.456'],
    t: ['', 'a', 'B', 'é', 'null', 'a,b', '"q"'],
    c: ['a', 'A', 'Zebra', 'zebra'],
    u: uuids,
    day: ['2024-01-31', '1999-12-31', '2024-02-01'],
    at: ['2024-01-31T10:00:00Z', '2024-01-31 12:00:00+02', '2024-01-31T10:00:00.5Z', '1999-01-01Z'],
    plain: ['2024-01-31T10:00:00', '2024-01-31 10:00:00.25', '1999-01-01'],
    m: ['sad', 'ok', 'happy'],
    tags: ['{}', '{a}', '{a,b}'],
    j: ['1', '{"a": 1}', 'null'],
  };
  const operators = ['eq', 'neq', 'lt', 'lte', 'gt', 'gte', 'in', 'isdistinct'] as const;

  test('for every type, operator and value', async () => {
    const rows: string[] = [];
    for (const [column, values] of Object.entries(samples)) {
      for (const value of [...values, null]) {
        const [row] = await bench.sql(
          `select row_to_json(k)::text as json from (select (jsonb_populate_record(null::public.kinds, jsonb_build_object('id', 1, $1::text, to_jsonb($2::text)))).*) k`.replace(
            'to_jsonb($2::text)',
            column === 'tags' || column === 'j'
              ? `to_jsonb($2::${column === 'j' ? 'jsonb' : 'text[]'})`
              : 'to_jsonb($2::text)',
          ),
          [column, value],
        );
        rows.push(String(row?.json));
      }
    }
    const rights = table.roles.get('authenticated');
    if (!rights) throw new Error('The role is not in the catalog.');
    let decidedHere = 0;
    for (const [name, values] of Object.entries(samples)) {
      const column = table.byName.get(name);
      if (!column) throw new Error(name);
      const texts = operators.flatMap((operator) =>
        operator === 'in'
          ? [`in.(${values.map((v) => JSON.stringify(v)).slice(0, 2)})`]
          : values.map((v) => `${operator}.${/[,()"]/.test(v) ? JSON.stringify(v) : v}`),
      );
      for (const text of [...texts, 'is.null', 'not.is.null', ...texts.map((other) => `not.${other}`)]) {
        const filter = `${name}=${text}`;
        const [condition] = parseFilter(filter);
        const compiled = await compileFilter(
          bench.database.requests,
          table,
          { name: 'authenticated', rights },
          filter,
        ).catch(() => undefined);
        if (!compiled || !condition || compiled.memory.length === 0) continue;
        decidedHere++;
        const here = rows.flatMap((row, place) => {
          const value: Record<string, unknown> = JSON.parse(row);
          return compiled.memory.every((one) => one.test(value[one.column])) ? [place] : [];
        });
        const there = await matchInSql(bench.database.requests, {
          role: 'authenticated',
          table,
          conditions: [inSql(condition, column)],
          rows,
        });
        expect(here, filter).toEqual([...there].sort((a, b) => a - b));
      }
    }
    expect(decidedHere).toBeGreaterThan(300);
  });
});
