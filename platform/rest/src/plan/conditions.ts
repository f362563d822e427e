/** Filters, orders and ranges put on the level of the tree that they name. Each pass gives a new tree. */
import { badEmbedFilter, notEmbedded, orderNotToOne } from '../errors.ts';
import type { At, EmbedPath, Filter, Logic, OrderTerm, Query, Range, Slot } from '../request/types.ts';
import { isToOne, keyOf, type QualifiedName, type SchemaCache } from '../schema/types.ts';
import { comparedField, plainField } from './field.ts';
import type { PlannedLogic, PlannedOrder, ReadPlan } from './types.ts';

const nameOf = (plan: ReadPlan): string => plan.link?.name ?? plan.name;

/** Changes the level at the end of `path`. Throws PGRST108 when there is none. */
const atLevel = (plan: ReadPlan, path: EmbedPath, change: (level: ReadPlan) => ReadPlan): ReadPlan => {
  const [next, ...rest] = path;
  if (next === undefined) return change(plan);
  const index = plan.children.findIndex((child) => nameOf(child) === next);
  const found = plan.children[index];
  if (found === undefined) {
    const aliased = plan.children.find((child) => child.name === next);
    throw notEmbedded(next, aliased?.link?.alias);
  }
  return { ...plan, children: plan.children.with(index, atLevel(found, rest, change)) };
};

export const plannedLogic = (cache: SchemaCache, table: QualifiedName, logic: Logic<Slot>): PlannedLogic =>
  logic.kind === 'group'
    ? { ...logic, members: logic.members.map((member) => plannedLogic(cache, table, member)) }
    : { ...logic, field: comparedField(cache, table, logic.field, logic.operation) };

/** Conditions come before those that are there already, as the dialect's error positions show. */
const addLogic = (cache: SchemaCache, plan: ReadPlan, { path, item }: At<Logic<Slot>>): ReadPlan =>
  atLevel(plan, path, (level) => ({ ...level, where: [...level.where, plannedLogic(cache, level.table, item)] }));

export const addConditions = (
  cache: SchemaCache,
  plan: ReadPlan,
  filters: readonly At<Filter<Slot>>[],
  logic: readonly At<Logic<Slot>>[],
): ReadPlan => [...logic, ...filters].reduce((tree, condition) => addLogic(cache, tree, condition), plan);

export const addOrders = (cache: SchemaCache, plan: ReadPlan, orders: Query['order']): ReadPlan =>
  orders.reduce(
    (tree, { path, item }) =>
      atLevel(tree, path, (level) => ({ ...level, order: item.map((term) => plannedOrder(cache, level, term)) })),
    plan,
  );

const plannedOrder = (cache: SchemaCache, level: ReadPlan, term: OrderTerm): PlannedOrder => {
  const { field, relation, direction, nulls } = term;
  if (relation === undefined) return { field: plainField(cache, level.table, field), direction, nulls };
  const embed = level.children.find((child) => nameOf(child) === relation);
  if (embed?.link === undefined) throw notEmbedded(relation);
  if (!isToOne(embed.link.relationship)) throw orderNotToOne(level.table.name, nameOf(embed));
  return {
    field: { name: field.name, path: field.path, type: '', toJson: false },
    of: embed.link.label,
    direction,
    nulls,
  };
};

export const addRanges = (plan: ReadPlan, ranges: Query['ranges']): ReadPlan =>
  ranges.reduce((tree, { path, item }: At<Range>) => atLevel(tree, path, (level) => ({ ...level, range: item })), plan);

/** Filters `embed=is.null` become tests for whether the embed found anything. */
export const addEmbedPresence = (cache: SchemaCache, plan: ReadPlan): ReadPlan => ({
  ...plan,
  where: plan.where.map((logic) => presence(cache, plan, logic)),
  children: plan.children.map((child) => addEmbedPresence(cache, child)),
});

const presence = (cache: SchemaCache, plan: ReadPlan, logic: PlannedLogic): PlannedLogic => {
  if (logic.kind === 'group') return { ...logic, members: logic.members.map((m) => presence(cache, plan, m)) };
  if (logic.kind !== 'filter' || logic.field.path.length > 0) return logic;
  const embed = plan.children.find((child) => nameOf(child) === logic.field.name);
  if (embed?.link === undefined) return logic;
  const { operation } = logic;
  if (operation.kind === 'is' && (operation.value === 'null' || operation.value === 'not_null')) {
    return { kind: 'embedPresence', label: embed.link.label, present: logic.negated === (operation.value === 'null') };
  }
  // A column may have the same name as the embed.
  if (cache.tables.get(keyOf(plan.table))?.columns.has(logic.field.name)) return logic;
  throw badEmbedFilter(logic.field.name);
};
