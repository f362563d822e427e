/** The tree of what is selected, every embed joined to its parent by a relationship. */
import type { SelectItem, SelectRelation, SelectSpread } from '../request/types.ts';
import { isToOne, type KeyRelationship, type QualifiedName, type SchemaCache } from '../schema/types.ts';
import { outputField } from './field.ts';
import { findRelationship } from './relationship.ts';
import type { EmbedLink, JoinCondition, PlannedSelect, Qualifier, ReadPlan, Source } from './types.ts';

export interface TreeContext {
  cache: SchemaCache;
  schema: string;
}

/** The name under which columns of a source are written. */
export const qualifierOf = (source: Source): Qualifier => {
  if (source.kind === 'table' && source.alias === undefined) return source.table;
  return { alias: source.alias ?? '' };
};

const visibleName = (source: Source): string =>
  source.kind === 'table' ? (source.alias ?? source.table.name) : source.alias;

interface Scope {
  /** Names that an embed's subquery could mistake for its own. */
  taken: readonly string[];
  nextLabel: () => string;
}

export const embedTree = (
  context: TreeContext,
  select: readonly SelectItem[],
  table: QualifiedName,
  source: Source,
): ReadPlan => {
  let labels = 0;
  const scope: Scope = { taken: [visibleName(source)], nextLabel: () => `pgrst_embed_${++labels}` };
  const root: ReadPlan = emptyPlan(table.name, table, source, 0);
  return fill(context, root, select, scope);
};

const emptyPlan = (name: string, table: QualifiedName, source: Source, depth: number): ReadPlan => ({
  name,
  table,
  source,
  depth,
  select: [],
  where: [],
  order: [],
  range: {},
  children: [],
});

const fill = (context: TreeContext, plan: ReadPlan, items: readonly SelectItem[], scope: Scope): ReadPlan => {
  const select: PlannedSelect[] = [];
  const children: ReadPlan[] = [];
  for (const item of items) {
    if (item.kind === 'field') {
      const { field, aggregate, aggregateCast, cast, alias } = item;
      select.push({ field: outputField(context.cache, plan.table, field), aggregate, aggregateCast, cast, alias });
    } else children.push(embed(context, plan, item, scope));
  }
  return { ...plan, select, children };
};

const embed = (context: TreeContext, parent: ReadPlan, item: SelectRelation | SelectSpread, scope: Scope): ReadPlan => {
  const relationship = findRelationship(context.cache, {
    schema: context.schema,
    origin: parent.table,
    target: item.name,
    hint: item.hint,
  });
  const depth = parent.depth + 1;
  const alias = item.kind === 'relation' ? item.alias : undefined;
  const toOne = isToOne(relationship);
  const base = {
    relationship,
    name: alias ?? item.name,
    alias,
    join: item.join,
    label: scope.nextLabel(),
    output: outputOf(item, toOne),
    hidden: false,
    spread: [],
  };
  const { source, link } =
    relationship.kind === 'computed'
      ? computedSource(parent, base, freshName(relationship.to.name, depth, scope.taken, true))
      : keySource(parent, base, relationship, depth, scope);
  const names = [visibleName(source), ...(link.junction ? [link.junction.alias ?? link.junction.table.name] : [])];
  const plan = { ...emptyPlan(item.name, relationship.to, source, depth), link };
  return fill(context, plan, item.children, { ...scope, taken: [...scope.taken, ...names] });
};

const outputOf = (item: SelectRelation | SelectSpread, toOne: boolean): EmbedLink['output'] => {
  if (item.kind === 'spread') return toOne ? 'spread' : 'spreadMany';
  return toOne ? 'object' : 'array';
};

/** `clients_1`, which error messages of the dialect show; longer when an outer level uses that name already. */
const freshName = (name: string, depth: number, taken: readonly string[], always: boolean): string => {
  let candidate = always ? `${name}_${depth}` : name;
  while (taken.includes(candidate)) candidate = candidate === name ? `${name}_${depth}` : `${candidate}_`;
  return candidate;
};

type UnlinkedEmbed = Omit<EmbedLink, 'conditions' | 'junction'>;

const computedSource = (parent: ReadPlan, link: UnlinkedEmbed, alias: string): { source: Source; link: EmbedLink } => {
  if (link.relationship.kind !== 'computed') throw new TypeError('not a computed relationship');
  return {
    source: {
      kind: 'computed',
      function: link.relationship.function,
      argument: visibleName(parent.source),
      argumentType: link.relationship.from,
      alias,
    },
    link: { ...link, conditions: [] },
  };
};

const keySource = (
  parent: ReadPlan,
  embedLink: UnlinkedEmbed,
  relationship: KeyRelationship,
  depth: number,
  scope: Scope,
): { source: Source; link: EmbedLink } => {
  const { to, link } = relationship;
  const outer = qualifierOf(parent.source);
  if (link.kind !== 'manyToMany') {
    const alias = freshName(to.name, depth, scope.taken, true);
    const conditions = link.columns.map(([here, there]) => equal({ alias }, there, outer, here));
    return { source: { kind: 'table', table: to, alias }, link: { ...embedLink, conditions } };
  }
  const { junction } = link;
  // The junction is part of the same FROM, so its name must differ from the target's too.
  const targetName = freshName(to.name, depth, scope.taken, false);
  const junctionName = freshName(junction.table.name, depth, [...scope.taken, targetName], false);
  const target: Source = { kind: 'table', table: to, alias: targetName === to.name ? undefined : targetName };
  const junctionAlias = junctionName === junction.table.name ? undefined : junctionName;
  const middle: Qualifier = junctionAlias === undefined ? junction.table : { alias: junctionAlias };
  const conditions: JoinCondition[] = [
    ...junction.there.map(([there, column]) => equal(middle, column, qualifierOf(target), there)),
    ...junction.here.map(([here, column]) => equal(middle, column, outer, here)),
  ];
  return {
    source: target,
    link: { ...embedLink, junction: { table: junction.table, alias: junctionAlias }, conditions },
  };
};

const equal = (of: Qualifier, column: string, otherOf: Qualifier, otherColumn: string): JoinCondition => ({
  here: { of, column },
  there: { of: otherOf, column: otherColumn },
});
