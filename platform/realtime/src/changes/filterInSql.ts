import { runAs } from '@connectgain/postgres';
import pg, { type Pool } from 'pg';
import type { Column, Table } from './catalog.ts';
import type { Condition, FilterOperator } from './filterSyntax.ts';

/** A condition that PostgreSQL decides: SQL over the row `r`, with its one parameter. */
export interface SqlCondition {
  /** `$` stands for the parameter. */
  sql: string;
  value: string | string[] | undefined;
}

const statementTimeoutMs = 1_000;

const symbols: Partial<Record<FilterOperator, string>> = {
  eq: '=',
  neq: '<>',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
  isdistinct: 'is distinct from',
};
const patterns: Partial<Record<FilterOperator, string>> = { like: 'like', ilike: 'ilike', match: '~', imatch: '~*' };

export function inSql({ operator, negate, values }: Condition, column: Column): SqlCondition {
  const operand = `r.${pg.escapeIdentifier(column.name)}`;
  const close = (sql: string, value?: string | string[]): SqlCondition => ({
    sql: `coalesce(${negate ? `not (${sql})` : sql}, false)`,
    value,
  });
  // The parser let only the four keywords through.
  if (operator === 'is') return close(`${operand} is ${values[0] ?? 'null'}`);
  if (operator === 'in') return close(`${operand} = any ($::${column.sqlType}[])`, values);
  const pattern = patterns[operator];
  if (pattern) return close(`${operand} ${pattern} $::text`, values[0]);
  return close(`${operand} ${symbols[operator] ?? '='} $::${column.sqlType}`, values[0]);
}

/**
 * Which of the rows (JSON texts of the table's rows) fulfil all conditions: their places from 0. Runs with the role of the subscriber and
 * without claims: patterns come from strangers, and nothing is read but the rows that are sent along.
 */
export async function matchInSql(
  requests: Pool,
  o: { role: string; table: Table; conditions: readonly SqlCondition[]; rows: readonly string[] },
): Promise<Set<number>> {
  const values: unknown[] = [o.rows];
  const where = o.conditions.map(({ sql, value }) => {
    if (value === undefined) return sql;
    values.push(value);
    return sql.replace('$::', () => `$${values.length}::`);
  });
  const text = `select (x.place - 1)::int as place
    from unnest($1::text[]) with ordinality x (row, place)
    cross join lateral jsonb_populate_record(null::${o.table.quoted}, x.row::jsonb) r
    where ${where.join(' and ')}`;
  const [result] = await runAs(requests, { role: o.role, claims: {} }, [{ text, values }], {
    statementTimeoutMs,
    readOnly: true,
  });
  const rows: { place: number }[] = result?.rows ?? [];
  return new Set(rows.map((row) => row.place));
}

/** How the column's type writes the values as JSON; rejects with the database's error for a value that is none of the type. */
export async function castValues(
  requests: Pool,
  role: string,
  column: Column,
  values: readonly string[],
): Promise<string[]> {
  const text = `select to_json(x.v::${column.sqlType})::text as json from unnest($1::text[]) with ordinality x (v, place) order by place`;
  const [result] = await runAs(requests, { role, claims: {} }, [{ text, values: [values] }], { statementTimeoutMs });
  const rows: { json: string }[] = result?.rows ?? [];
  return rows.map((row) => row.json);
}
