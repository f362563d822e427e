/** Plans for inserts, updates, upserts and deletes. */
import { noColumn, putFiltersInvalid } from '../errors.ts';
import type { ApiRequest, Mutation } from '../request/apiRequest.ts';
import type { SchemaCache, Table } from '../schema/types.ts';
import { plannedLogic } from './conditions.ts';
import { inputColumn } from './field.ts';
import { neededColumns } from './readPlan.ts';
import type { InsertPlan, MutatePlan, PlannedField, PlannedLogic, ReadPlan, UpdatePlan } from './types.ts';

/** Throws PGRST204 for unknown columns and PGRST105 for a PUT that does not name exactly the primary key. */
export const planMutation = (
  request: ApiRequest,
  mutation: Mutation,
  cache: SchemaCache,
  table: Table,
  read: ReadPlan,
): MutatePlan => {
  const where = rootConditions(request, cache, table);
  const asks = request.preferences.return;
  const returning =
    asks === undefined || asks === 'minimal' ? [] : neededColumns(read, mutation === 'delete' ? [] : table.primaryKey);
  switch (mutation) {
    case 'delete':
      return { kind: 'delete', table, where, returning };
    case 'update':
      return { kind: 'update', ...bodyOf(request, cache, table), table, where, returning };
    case 'insert':
      return { ...insertPlan(request, cache, table, returning), conflict: conflictOf(request, table) };
    case 'upsert': {
      checkPutFilters(request, table);
      return {
        ...insertPlan(request, cache, table, returning),
        conflict: { resolution: 'merge-duplicates', columns: table.primaryKey },
        where,
        applyDefaults: false,
      };
    }
  }
};

const rootConditions = ({ query }: ApiRequest, cache: SchemaCache, table: Table): PlannedLogic[] =>
  [...query.filters, ...query.logic]
    .filter(({ path }) => path.length === 0)
    .map(({ item }) => plannedLogic(cache, table, item));

type Body = Pick<UpdatePlan, 'columns' | 'body' | 'bodyIsObject' | 'applyDefaults'>;

const bodyOf = ({ payload, body, preferences }: ApiRequest, cache: SchemaCache, table: Table): Body => {
  if (payload?.kind !== 'json' || body === undefined) throw new TypeError('a mutation without a JSON body');
  const columns = payload.keys.map((key): PlannedField => {
    const column = inputColumn(cache, table, key);
    if (column === undefined) throw noColumn(table.name, key);
    return column;
  });
  return { columns, body, bodyIsObject: payload.isObject, applyDefaults: preferences.missing === 'default' };
};

const insertPlan = (
  request: ApiRequest,
  cache: SchemaCache,
  table: Table,
  returning: readonly string[],
): InsertPlan => ({
  kind: 'insert',
  ...bodyOf(request, cache, table),
  table,
  where: [],
  returning,
  primaryKey: table.primaryKey,
});

const conflictOf = ({ preferences, query }: ApiRequest, table: Table): InsertPlan['conflict'] => {
  const { resolution } = preferences;
  if (resolution === undefined) return undefined;
  return { resolution, columns: query.onConflict ?? table.primaryKey };
};

const checkPutFilters = ({ query }: ApiRequest, table: Table): void => {
  const named = new Set(query.filters.map(({ path, item }) => [...path, item.field.name].join('.')));
  const isKey = table.primaryKey.length > 0 && table.primaryKey.every((column) => named.has(column));
  const onlyEqual = query.filters.every(({ item: { negated, operation } }) => {
    if (negated || operation.kind !== 'compare') return false;
    return operation.operator === 'eq' && operation.quantifier === undefined;
  });
  if (query.logic.length > 0 || !isKey || named.size !== table.primaryKey.length || !onlyEqual) {
    throw putFiltersInvalid();
  }
};
