/** All the ways between tables and views, derived from the foreign keys of tables. Pure. */
import type { ViewKey } from './foreignKeys.ts';
import {
  type ColumnPairs,
  type ComputedRelationship,
  type KeyRelationship,
  keyOf,
  type Link,
  type Relationship,
  sameName,
  type Table,
} from './types.ts';

export interface RelationshipSources {
  tables: ReadonlyMap<string, Table>;
  foreignKeys: readonly KeyRelationship[];
  viewKeys: readonly ViewKey[];
  computed: readonly ComputedRelationship[];
  schemas: readonly string[];
}

/** Relationships by the table or view that they start from, in a stable order; only between exposed ones. */
export const deriveRelationships = (sources: RelationshipSources): Map<string, Relationship[]> => {
  const { schemas } = sources;
  const direct = [...sources.foreignKeys, ...throughViews(sources.foreignKeys, sources.viewKeys)];
  const all = [...direct, ...manyToMany(direct, sources.tables), ...inverse(direct)];
  const byOrigin = new Map<string, Relationship[]>();
  const exposed = (relationship: Relationship): boolean =>
    schemas.includes(relationship.from.schema) && schemas.includes(relationship.to.schema);
  for (const relationship of all) {
    if (!exposed(relationship)) continue;
    const { link } = relationship;
    if (link.kind === 'manyToMany' && !schemas.includes(link.junction.table.schema)) continue;
    if (overridden(relationship, sources.computed)) continue;
    push(byOrigin, relationship);
  }
  for (const relationship of sources.computed) if (exposed(relationship)) push(byOrigin, relationship);
  for (const [origin, found] of byOrigin) byOrigin.set(origin, found.toSorted(byTargetAndKind));
  return byOrigin;
};

const push = (byOrigin: Map<string, Relationship[]>, relationship: Relationship): void => {
  const key = keyOf(relationship.from);
  const known = byOrigin.get(key);
  if (known === undefined) byOrigin.set(key, [relationship]);
  else known.push(relationship);
};

/** A function named like the target table takes the place of the detected relationships to it. */
const overridden = (relationship: KeyRelationship, computed: readonly ComputedRelationship[]): boolean =>
  computed.some((c) => sameName(c.from, relationship.from) && sameName(c.function, relationship.to));

/** One list per way of choosing a view's column for each key column. */
const choices = (columns: ViewKey['columns']): ColumnPairs[] =>
  columns.reduce<ColumnPairs[]>(
    (made, { table, view }) => made.flatMap((pairs) => view.map((name) => [...pairs, [table, name] as const])),
    [[]],
  );

const groupBy = <T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> => Map.groupBy(items, key);

const keyLink = (link: Link): Exclude<Link, { kind: 'manyToMany' }> | undefined =>
  link.kind === 'manyToMany' ? undefined : link;

/** The foreign keys again, with a view in the place of either table or of both. */
const throughViews = (foreignKeys: readonly KeyRelationship[], viewKeys: readonly ViewKey[]): KeyRelationship[] => {
  const indexed = groupBy(viewKeys, (key) => `${key.type}\0${key.constraint}\0${keyOf(key.table)}`);
  const found: KeyRelationship[] = [];
  for (const foreignKey of foreignKeys) {
    const link = keyLink(foreignKey.link);
    if (link === undefined) continue;
    const referring = indexed.get(`f\0${link.constraint}\0${keyOf(foreignKey.from)}`) ?? [];
    const referred = indexed.get(`f_ref\0${link.constraint}\0${keyOf(foreignKey.to)}`) ?? [];
    const ends = {
      from: [
        { name: foreignKey.from, isView: false, columns: link.columns.map(([here]) => here) },
        ...referring.flatMap((key) => viewEnds(key)),
      ],
      to: [
        { name: foreignKey.to, isView: false, columns: link.columns.map(([, there]) => there) },
        ...referred.flatMap((key) => viewEnds(key)),
      ],
    };
    for (const from of ends.from) {
      for (const to of ends.to) {
        if (!from.isView && !to.isView) continue;
        found.push({
          kind: 'key',
          from: from.name,
          to: to.name,
          isSelf: sameName(from.name, to.name),
          link: { ...link, columns: from.columns.map((here, i) => [here, to.columns[i] ?? ''] as const) },
          fromIsView: from.isView,
          toIsView: to.isView,
        });
      }
    }
  }
  return found;
};

const viewEnds = (key: ViewKey): { name: ViewKey['view']; isView: true; columns: string[] }[] =>
  choices(key.columns).map((pairs) => ({ name: key.view, isView: true, columns: pairs.map(([, view]) => view) }));

const turned = (columns: ColumnPairs): ColumnPairs => columns.map(([here, there]) => [there, here] as const);

/** The same ways backwards. */
const inverse = (relationships: readonly KeyRelationship[]): KeyRelationship[] =>
  relationships.flatMap((r) => {
    const link = keyLink(r.link);
    if (link === undefined) return [];
    const back: Link =
      link.kind === 'oneToOne'
        ? { ...link, columns: turned(link.columns), isParent: true }
        : { kind: 'oneToMany', constraint: link.constraint, columns: turned(link.columns) };
    return [{ ...r, from: r.to, to: r.from, fromIsView: r.toIsView, toIsView: r.fromIsView, link: back }];
  });

/** A table is a junction of two others when the columns of its two foreign keys are part of its primary key. */
const manyToMany = (
  relationships: readonly KeyRelationship[],
  tables: ReadonlyMap<string, Table>,
): KeyRelationship[] => {
  const byJunction = groupBy(
    relationships.filter(({ link }) => link.kind === 'manyToOne'),
    ({ from }) => keyOf(from),
  );
  const found: KeyRelationship[] = [];
  for (const [junction, keys] of byJunction) {
    const primaryKey = tables.get(junction)?.primaryKey ?? [];
    for (const one of keys) {
      for (const other of keys) {
        const first = keyLink(one.link);
        const second = keyLink(other.link);
        if (first === undefined || second === undefined || first.constraint === second.constraint) continue;
        if (![...first.columns, ...second.columns].every(([column]) => primaryKey.includes(column))) continue;
        found.push({
          kind: 'key',
          from: one.to,
          to: other.to,
          isSelf: sameName(one.to, other.to),
          link: {
            kind: 'manyToMany',
            junction: {
              table: one.from,
              constraints: [first.constraint, second.constraint],
              here: turned(first.columns),
              there: turned(second.columns),
            },
          },
          fromIsView: one.toIsView,
          toIsView: other.toIsView,
        });
      }
    }
  }
  return found;
};

const kinds: readonly Link['kind'][] = ['oneToMany', 'manyToOne', 'oneToOne', 'manyToMany'];

const orderKey = (r: Relationship): string => {
  const to = keyOf(r.to);
  if (r.kind === 'computed') return `1\0${to}\0${r.function.name}`;
  const name =
    r.link.kind === 'manyToMany'
      ? `${keyOf(r.link.junction.table)}\0${r.link.junction.constraints.join('\0')}`
      : r.link.constraint;
  return `0\0${to}\0${kinds.indexOf(r.link.kind)}\0${name}`;
};

const byTargetAndKind = (a: Relationship, b: Relationship): number => {
  const [x, y] = [orderKey(a), orderKey(b)];
  return x < y ? -1 : x > y ? 1 : 0;
};

/** Primary keys of views: those of the tables they show, where a view shows them whole. */
export const viewPrimaryKeys = (viewKeys: readonly ViewKey[]): Map<string, string[]> => {
  const found = new Map<string, string[]>();
  for (const key of viewKeys) {
    if (key.type !== 'p') continue;
    const columns = key.columns.flatMap(({ view }) => view.slice(0, 1));
    found.set(keyOf(key.view), [...(found.get(keyOf(key.view)) ?? []), ...columns]);
  }
  return found;
};
