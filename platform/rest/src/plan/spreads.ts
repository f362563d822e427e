/** Spreads: embeds whose columns become columns of their parent, and aggregates that must rise with them. */
import { aggregatesNotAllowed, notImplemented } from '../errors.ts';
import type { Aggregate } from '../request/types.ts';
import type { EmbedLink, PlannedOrder, PlannedSelect, ReadPlan, SpreadField } from './types.ts';

export const checkAggregates = (plan: ReadPlan, allowed: boolean): ReadPlan => {
  if (!allowed && plan.select.some(({ aggregate }) => aggregate !== undefined)) throw aggregatesNotAllowed();
  for (const child of plan.children) checkAggregates(child, allowed);
  return plan;
};

/** What the parent of a spread takes from it: its own columns, its embeds, and what its own spreads give. */
export const addSpreadFields = (plan: ReadPlan): ReadPlan => {
  const children = plan.children.map(addSpreadFields);
  const { link } = plan;
  if (link === undefined || (link.output !== 'spread' && link.output !== 'spreadMany')) return { ...plan, children };
  const own = plan.select.map(({ field, alias }): SpreadField => ({ name: alias ?? field.name }));
  const inner = children.flatMap(({ link: below }): readonly SpreadField[] => {
    if (below === undefined || below.hidden) return [];
    return below.output === 'object' || below.output === 'array' ? [{ name: below.name }] : below.spread;
  });
  return { ...plan, children, link: { ...link, spread: [...own, ...inner] } };
};

interface Risen {
  label: string;
  name: string;
  aggregate: Aggregate;
  cast?: string;
  alias?: string;
}

/**
 * An aggregate inside a to-one spread belongs to the level that groups: the first above that is no to-one spread. There
 * it is applied to the plain column that the spread hands up.
 */
export const raiseAggregates = (plan: ReadPlan): ReadPlan => raise(plan).plan;

const raise = (plan: ReadPlan): { plan: ReadPlan; risen: readonly Risen[] } => {
  const below = plan.children.map(raise);
  const children = below.map((child) => child.plan);
  const fromBelow = below.flatMap((child) => child.risen);
  const { link } = plan;
  if (link?.output !== 'spread') {
    return { plan: { ...plan, children: children.map((child) => applyRisen(child, fromBelow)) }, risen: [] };
  }
  const own: Risen[] = [];
  const select = plan.select.map((item): PlannedSelect => {
    if (item.aggregate === undefined) return item;
    own.push({
      label: link.label,
      name: item.alias ?? item.field.name,
      aggregate: item.aggregate,
      cast: item.aggregateCast,
      alias: item.alias,
    });
    return { ...item, aggregate: undefined, aggregateCast: undefined };
  });
  const passing = fromBelow.map((risen) => ({ ...risen, label: link.label }));
  return { plan: { ...plan, select, children }, risen: [...own, ...passing] };
};

const applyRisen = (child: ReadPlan, risen: readonly Risen[]): ReadPlan => {
  const { link } = child;
  if (link === undefined || (link.output !== 'spread' && link.output !== 'spreadMany')) return child;
  const spread = link.spread.map((field): SpreadField => {
    const found = risen.find(({ label, name }) => label === link.label && name === field.name);
    if (found === undefined) return field;
    return { name: field.name, aggregate: found.aggregate, aggregateCast: found.cast, alias: found.alias };
  });
  return { ...child, link: { ...link, spread } };
};

/** The values of a to-many spread are collected into arrays; their order moves from the rows to the collecting. */
export const orderSpreads = (plan: ReadPlan): ReadPlan => {
  const children = plan.children.map(orderSpreads);
  const { link } = plan;
  if (link?.output !== 'spreadMany') return { ...plan, children };
  const aggregated =
    plan.select.some(({ aggregate }) => aggregate !== undefined) ||
    children.some((child) => child.link?.spread.some(({ aggregate }) => aggregate !== undefined));
  if (aggregated) throw notImplemented('Aggregates are not implemented for one-to-many or many-to-many spreads.');
  return { ...plan, children, order: [], link: { ...link, ordering: orderingOf(link, plan.order) } };
};

const orderingOf = (link: EmbedLink, order: readonly PlannedOrder[]): NonNullable<EmbedLink['ordering']> => {
  const named = order.map((term, i) => ({ term, alias: `${link.label}_order_${i + 1}` }));
  return {
    extra: named.map(({ term, alias }) => ({ of: term.of, select: { field: term.field, alias } })),
    order: named.map(({ term: { direction, nulls }, alias }) => ({
      field: { name: alias, path: [], type: '', toJson: false },
      direction,
      nulls,
    })),
  };
};
