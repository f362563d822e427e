/** Passes over what is selected: stars spelled out where they must be, names for what has none. */
import type { JsonStep } from '../request/types.ts';
import { keyOf, type SchemaCache } from '../schema/types.ts';
import { outputColumn, showsAsJson } from './field.ts';
import type { PlannedSelect, ReadPlan } from './types.ts';

const isStar = ({ field }: PlannedSelect): boolean => field.name === '*' && field.path.length === 0;

/**
 * `*` becomes the table's columns where a column is shown through a function, where rows are grouped, and in to-many
 * spreads, which take values column by column.
 */
export const expandStars = (cache: SchemaCache, plan: ReadPlan, grouped = false): ReadPlan => {
  const groupedHere =
    grouped || plan.link?.output === 'spreadMany' || plan.select.some(({ aggregate }) => aggregate !== undefined);
  const columns = [...(cache.tables.get(keyOf(plan.table))?.columns.values() ?? [])];
  const isSpread = plan.link?.output === 'spread' || plan.link?.output === 'spreadMany';
  const wanted = groupedHere || columns.some((column) => showsAsJson(cache, column));
  const select = wanted
    ? plan.select.flatMap((item) => {
        if (!isStar(item)) return [item];
        // Rows of the spread alone are to be counted, not those of its parent.
        if (item.aggregate === 'count' && isSpread) return [{ ...item, field: { ...item.field, wholeRow: true } }];
        if (item.aggregate !== undefined) return [item];
        return columns.map((column) => ({ ...item, field: outputColumn(cache, plan.table, column) }));
      })
    : plan.select;
  return { ...plan, select, children: plan.children.map((child) => expandStars(cache, child, groupedHere)) };
};

/** Names for json paths (their last key), for columns shown through a function, and for aggregates of spreads. */
export const addAliases = (plan: ReadPlan): ReadPlan => {
  const isSpread = plan.link?.output === 'spread' || plan.link?.output === 'spreadMany';
  return {
    ...plan,
    select: plan.select.map((item) => ({ ...item, alias: item.alias ?? aliasOf(item, isSpread) })),
    children: plan.children.map(addAliases),
  };
};

const aliasOf = ({ field, aggregate }: PlannedSelect, isSpread: boolean): string | undefined => {
  if (aggregate !== undefined) return isSpread ? aggregate : undefined;
  if (field.path.length > 0) return lastKey(field.path) ?? field.name;
  return field.transform === undefined ? undefined : field.name;
};

/** `data->1->name->>2` is shown as `name`. */
const lastKey = (path: readonly JsonStep[]): string | undefined => {
  for (const { operand } of path.toReversed()) if ('key' in operand) return operand.key;
  return undefined;
};

/** An embed that selects nothing, at any depth, only filters. */
export const hideEmpty = (plan: ReadPlan): ReadPlan => {
  const children = plan.children.map(hideEmpty);
  const hidden = plan.select.length === 0 && children.every((child) => child.link?.hidden === true);
  return { ...plan, children, link: plan.link && { ...plan.link, hidden } };
};
