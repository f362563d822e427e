/** Read plans as SELECT statements. */
import { qualifierOf } from '../plan/embeds.ts';
import type { EmbedLink, JoinCondition, PlannedLogic, PlannedSelect, ReadPlan } from '../plan/types.ts';
import { fieldValue, logicTerm, orderBy, selectItem, spreadItem } from './expressions.ts';
import { column, identifier, qualified } from './identifier.ts';
import type { Printer } from './printer.ts';

/** Name of the statement that mutates or calls. */
export const resultName = 'pgrst_source';

const star: PlannedSelect = { field: { name: '*', path: [], type: '', toJson: false } };

type Child = ReadPlan & { link: EmbedLink };
const isChild = (plan: ReadPlan): plan is Child => plan.link !== undefined;

export const selectStatement = (p: Printer, plan: ReadPlan): string => {
  const of = qualifierOf(plan.source);
  const children = plan.children.filter(isChild);
  const grouped = isGrouped(plan, children);
  const own = plan.select.length === 0 && children.length === 0 ? [star] : plan.select;
  const selected = own.map((item) => selectItem(of, item));
  const ordering = plan.link?.ordering?.extra ?? [];
  const forOrder = ordering.map((extra) => selectItem(extra.of === undefined ? of : { alias: extra.of }, extra.select));
  const joined = children.filter((child) => !isInline(plan, child, grouped));
  const joins = joined.map((child) => lateralJoin(p, child, grouped)).join('');
  const shown = children.flatMap((child) =>
    joined.includes(child) ? embedItems(child) : [`${inlineEmbed(p, child)} AS ${identifier(child.link.name)}`],
  );
  const columns = [...selected, ...forOrder, ...shown];
  return (
    `SELECT ${columns.length === 0 ? '1' : columns.join(', ')}${from(plan)}${joins}${where(p, plan)}` +
    groupBy(plan, children, grouped) +
    orderBy(of, plan.order) +
    limit(p, plan)
  );
};

const from = ({ source, link }: ReadPlan): string => {
  const junction = link?.junction;
  const middle =
    junction === undefined
      ? ''
      : `, ${qualified(junction.table)}${junction.alias === undefined ? '' : ` AS ${identifier(junction.alias)}`}`;
  switch (source.kind) {
    case 'table':
      return ` FROM ${qualified(source.table)}${source.alias === undefined ? '' : ` AS ${identifier(source.alias)}`}${middle}`;
    case 'result':
      return ` FROM ${resultName} AS ${identifier(source.alias)}`;
    case 'computed':
      // The cast picks the overload, as a mutation's rows have no named type of their own.
      return ` FROM ${qualified(source.function)}(${identifier(source.argument)}::${qualified(source.argumentType)}) AS ${identifier(source.alias)}`;
  }
};

const joinTerm = ({ here, there }: JoinCondition): string =>
  `${column(here.of, here.column)} = ${column(there.of, there.column)}`;

const where = (p: Printer, plan: ReadPlan): string => {
  const of = qualifierOf(plan.source);
  const terms = [...plan.where.map((logic) => logicTerm(p, of, logic)), ...(plan.link?.conditions.map(joinTerm) ?? [])];
  return terms.length === 0 ? '' : ` WHERE ${terms.join(' AND ')}`;
};

const limit = (p: Printer, { range, maxRows }: ReadPlan): string => {
  const most = range.limit === undefined ? maxRows : p.param(range.limit);
  const skipped = range.offset === undefined ? '' : ` OFFSET ${p.param(range.offset)}`;
  return (most === undefined ? '' : ` LIMIT ${most}`) + skipped;
};

const mentions = (logic: readonly PlannedLogic[], label: string): boolean =>
  logic.some((term) =>
    term.kind === 'group' ? mentions(term.members, label) : term.kind === 'embedPresence' && term.label === label,
  );

/**
 * An embed that nothing but the result needs is a subquery in the select list: PostgreSQL then evaluates it for the rows
 * of the page only, after sorting and limiting, while a lateral join is made for every row that is sorted.
 * A to-one embed must be known to find one row at most, which only a table's unique key promises.
 */
const isInline = (parent: ReadPlan, { link }: Child, grouped: boolean): boolean => {
  if (grouped || link.join === 'inner' || link.hidden) return false;
  if (link.output === 'spread' || link.output === 'spreadMany') return false;
  if (link.output === 'object' && (link.relationship.kind === 'computed' || link.relationship.toIsView)) return false;
  if (parent.order.some((term) => term.of === link.label)) return false;
  if (parent.link?.ordering?.extra.some((extra) => extra.of === link.label)) return false;
  return !mentions(parent.where, link.label);
};

const inlineEmbed = (p: Printer, child: Child): string => {
  const label = identifier(child.link.label);
  const rows = `(${selectStatement(p, child)}) ${label}`;
  return child.link.output === 'object'
    ? `(SELECT row_to_json(${label}.*) FROM ${rows})`
    : `(SELECT coalesce(json_agg(${label}), '[]') FROM ${rows})`;
};

const lateralJoin = (p: Printer, child: Child, grouped: boolean): string => {
  const { link } = child;
  const label = identifier(link.label);
  const inner = link.join === 'inner';
  const kind = inner ? ' INNER JOIN LATERAL (' : ' LEFT JOIN LATERAL (';
  const rows = selectStatement(p, child);
  if (link.output === 'object' || link.output === 'spread') return `${kind}${rows}) ${label} ON TRUE`;
  // Rows can be grouped by jsonb, not by json.
  const collected = `json_agg(${label})${grouped ? '::jsonb' : ''} AS ${label}`;
  const spread = link.spread.map((field) => collectedItem(link, field.name, grouped));
  const found = `SELECT ${[collected, ...spread].join(', ')} FROM (${rows}) ${label}`;
  return `${kind}${found}) ${label} ON ${inner ? `${label} IS NOT NULL` : 'TRUE'}`;
};

/** The values of one column of a to-many spread. */
const collectedItem = (link: EmbedLink, name: string, grouped: boolean): string => {
  const of = { alias: link.label };
  const values = `json_agg(${column(of, name)}${orderBy(of, link.ordering?.order ?? [])})`;
  return `coalesce(${values}, '[]')${grouped ? '::jsonb' : ''} AS ${identifier(name)}`;
};

/** What the parent shows of a joined embed. */
const embedItems = ({ link }: Child): string[] => {
  const label = identifier(link.label);
  switch (link.output) {
    case 'spread':
    case 'spreadMany':
      return link.spread.map((field) => spreadItem(link.label, field));
    case 'object':
      return link.hidden ? [] : [`row_to_json(${label}.*)::jsonb AS ${identifier(link.name)}`];
    case 'array':
      return link.hidden ? [] : [`coalesce(${label}.${label}, '[]') AS ${identifier(link.name)}`];
  }
};

const isGrouped = (plan: ReadPlan, children: readonly Child[]): boolean =>
  plan.select.some(({ aggregate }) => aggregate !== undefined) ||
  children.some(({ link }) => link.spread.some(({ aggregate }) => aggregate !== undefined));

const groupBy = (plan: ReadPlan, children: readonly Child[], grouped: boolean): string => {
  if (!grouped) return '';
  const of = qualifierOf(plan.source);
  const own = plan.select.flatMap(({ field, aggregate, alias }) => {
    if (aggregate !== undefined) return [];
    return [alias === undefined ? fieldValue(of, field) : identifier(alias)];
  });
  const embedded = children.flatMap(({ link }) => {
    if (link.output === 'object' || link.output === 'array') return link.hidden ? [] : [identifier(link.name)];
    const plain = link.spread.filter(({ aggregate }) => aggregate === undefined);
    return plain.map(({ name, alias }) => column({ alias: link.label }, alias ?? name));
  });
  const terms = [...own, ...embedded];
  return terms.length === 0 ? '' : ` GROUP BY ${terms.join(', ')}`;
};

/** Rows of the top level without range and embeds. Embeds that must exist become conditions. */
export const countStatement = (p: Printer, plan: ReadPlan): string => {
  const of = qualifierOf(plan.source);
  const children = plan.children.filter(isChild);
  const required = children.filter(({ link }) => link.join === 'inner');
  const terms = [
    ...plan.where.map((logic) => countTerm(p, plan, children, logic)),
    ...(plan.link?.conditions.map(joinTerm) ?? []),
    ...required.map((child) => `EXISTS (${countStatement(p, child)})`),
  ];
  return `SELECT 1${from(plan)}${terms.length === 0 ? '' : ` WHERE ${terms.join(' AND ')}`}`;

  function countTerm(printer: Printer, level: ReadPlan, below: readonly Child[], logic: PlannedLogic): string {
    if (logic.kind === 'group') {
      const members = logic.members.map((member) => countTerm(printer, level, below, member));
      return `${logic.negated ? 'NOT ' : ''}(${members.join(logic.operator === 'and' ? ' AND ' : ' OR ')})`;
    }
    if (logic.kind !== 'embedPresence') return logicTerm(printer, of, logic);
    const child = below.find(({ link }) => link.label === logic.label);
    if (child === undefined) return 'TRUE';
    return `${logic.present ? '' : 'NOT '}EXISTS (${countStatement(printer, child)})`;
  }
};
