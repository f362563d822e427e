import pg, { type Pool } from 'pg';
import type { Table, TableRole } from './catalog.ts';
import { canonicalWithoutDatabase, inMemory, type MemoryCondition } from './filterInMemory.ts';
import { castValues, inSql, matchInSql, type SqlCondition } from './filterInSql.ts';
import { type Condition, FilterError, parseFilter } from './filterSyntax.ts';

/** A filter, ready to decide about rows: what can be decided here first, the rest by PostgreSQL. */
export interface CompiledFilter {
  memory: readonly MemoryCondition[];
  sql: readonly SqlCondition[];
}

/**
 * Compiles a filter for a table as one role sees it. Throws FilterError for unknown or unreadable columns, values that are none of the
 * column's type, and operators that the type does not have.
 */
export async function compileFilter(
  requests: Pool,
  table: Table,
  role: { name: string; rights: TableRole },
  text: string,
): Promise<CompiledFilter> {
  const memory: MemoryCondition[] = [];
  const sql: SqlCondition[] = [];
  for (const condition of parseFilter(text)) {
    const decided = await decideInMemory(requests, table, role, condition);
    if ('sql' in decided) sql.push(decided);
    else memory.push(decided);
  }
  if (sql.length > 0) await probe(requests, table, role.name, sql);
  return { memory, sql };
}

async function decideInMemory(
  requests: Pool,
  table: Table,
  role: { name: string; rights: TableRole },
  condition: Condition,
): Promise<MemoryCondition | SqlCondition> {
  const column = table.byName.get(condition.column);
  if (!column || !role.rights.columns.has(column.name))
    throw new FilterError(`invalid column for filter ${condition.column}`);
  const isPattern = ['like', 'ilike', 'match', 'imatch'].includes(condition.operator);
  if (isPattern) return inSql(condition, column);
  if (condition.operator === 'is') return inMemory(condition, column, []) ?? inSql(condition, column);
  const known = condition.values.map((value) => canonicalWithoutDatabase(column, value));
  const canonical = known.every((value) => value !== undefined)
    ? known
    : await describeErrors(castValues(requests, role.name, column, condition.values));
  return inMemory(condition, column, canonical) ?? inSql(condition, column);
}

/** A row that has every condition evaluated once, so that what the type or the pattern cannot do is said at subscribing. */
async function probe(requests: Pool, table: Table, role: string, conditions: readonly SqlCondition[]): Promise<void> {
  for (const { sql, value } of conditions) {
    // Patterns are compiled only when they meet a value; the probe's row has none.
    if (sql.includes(' ~') && typeof value === 'string') {
      const pattern = { sql: "'' ~ $::text", value };
      await describeErrors(matchInSql(requests, { role, table, conditions: [pattern], rows: ['{}'] }));
    }
  }
  await describeErrors(matchInSql(requests, { role, table, conditions, rows: ['{}'] }));
}

async function describeErrors<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    // Classes 22 (data exception) and 42 (syntax error or access rule): the filter's fault, not the database's.
    if (error instanceof pg.DatabaseError && /^(22|42)/.test(error.code ?? '')) throw new FilterError(error.message);
    throw error;
  }
}
