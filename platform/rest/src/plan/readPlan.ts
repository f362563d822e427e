/** The plan of what a request reads, built by small passes. */
import type { ApiRequest } from '../request/apiRequest.ts';
import type { QualifiedName, SchemaCache } from '../schema/types.ts';
import { addConditions, addEmbedPresence, addOrders, addRanges } from './conditions.ts';
import { embedTree } from './embeds.ts';
import { addAliases, expandStars, hideEmpty } from './selects.ts';
import { addSpreadFields, checkAggregates, orderSpreads, raiseAggregates } from './spreads.ts';
import type { ReadPlan, Source } from './types.ts';

export interface ReadOptions {
  aggregates: boolean;
  /** Rows of every level, at most; not for what a mutation gives back. */
  maxRows?: number;
}

/** Throws RestError when the request names what is not there. */
export const planRead = (
  request: ApiRequest,
  cache: SchemaCache,
  table: QualifiedName,
  options: ReadOptions,
): ReadPlan => {
  const { query, action } = request;
  const mutates = action.kind === 'mutate';
  const source: Source = action.kind === 'read' ? { kind: 'table', table } : { kind: 'result', alias: table.name };
  const tree = embedTree({ cache, schema: request.schema }, query.select, table, source);
  // The conditions of a mutation decide which rows are written; only those on embeds are about what is shown.
  const shown = <T extends { path: readonly string[] }>(items: readonly T[]): readonly T[] =>
    mutates ? items.filter(({ path }) => path.length > 0) : items;
  const conditioned = addConditions(cache, tree, shown(query.filters), shown(query.logic));
  const ordered = addOrders(cache, conditioned, query.order);
  const ranged = mutates ? ordered : addRanges({ ...ordered, range: request.range }, query.ranges);
  const starred = addAliases(expandStars(cache, ranged));
  const filtered = addEmbedPresence(cache, starred);
  const spread = addSpreadFields(hideEmpty(checkAggregates(filtered, options.aggregates)));
  const planned = orderSpreads(raiseAggregates(spread));
  return mutates || options.maxRows === undefined ? planned : limitAll(planned, options.maxRows);
};

const limitAll = (plan: ReadPlan, maxRows: number): ReadPlan => ({
  ...plan,
  maxRows,
  children: plan.children.map((child) => limitAll(child, maxRows)),
});

/** All columns of one table and nothing else: what custom renderings of that table can take. */
export const selectsWholeTable = ({ select, children }: ReadPlan): boolean =>
  children.length === 0 && select.length === 1 && select[0]?.field.name === '*' && select[0].aggregate === undefined;

/** The columns that must come out of a mutation or call for the embeds to find their rows, and for the order. */
export const neededColumns = (plan: ReadPlan, primaryKey: readonly string[]): string[] => {
  const own = plan.select.map(({ field }) => field.name);
  if (own.includes('*')) return ['*'];
  // What a function looks at cannot be known.
  if (plan.children.some(({ link }) => link?.relationship.kind === 'computed')) return ['*'];
  const keys = plan.children.flatMap(({ link }) => {
    if (link?.relationship.kind !== 'key') return [];
    const way = link.relationship.link;
    const columns = way.kind === 'manyToMany' ? way.junction.here : way.columns;
    return columns.map(([here]) => here);
  });
  const ordered = plan.order.flatMap(({ field, of }) => (of === undefined ? [field.name] : []));
  return [...new Set([...own, ...keys, ...ordered, ...primaryKey])].sort();
};
