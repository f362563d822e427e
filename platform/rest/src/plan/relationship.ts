/** Which relationship an embed means. */
import { ambiguousRelationship, noRelationship, type RelationshipChoice } from '../errors.ts';
import { nearest } from '../schema/nearMiss.ts';
import {
  type ColumnPairs,
  type KeyRelationship,
  keyOf,
  type QualifiedName,
  type Relationship,
  type SchemaCache,
} from '../schema/types.ts';

export interface Wanted {
  schema: string;
  origin: QualifiedName;
  /** A table, a view, a foreign key, a column of one, or a function. */
  target: string;
  hint?: string;
}

/** Throws PGRST200 when there is none and PGRST201 when there are several. */
export const findRelationship = (cache: SchemaCache, wanted: Wanted): Relationship => {
  const { schema, origin, target, hint } = wanted;
  const candidates = (cache.relationships.get(keyOf(origin)) ?? []).filter((r) => targetSchema(r) === schema);
  const found = candidates.filter((r) => matches(r, target, hint));
  const [only, ...others] = found;
  if (only === undefined) {
    throw noRelationship({ origin: origin.name, target, schema, hint, suggestion: suggest(cache, wanted, candidates) });
  }
  if (others.length === 0) return only;
  const keys = found.filter((r) => r.kind === 'key');
  throw ambiguousRelationship({
    origin: origin.name,
    target,
    choices: keys.map(describe),
    spellings: keys.map((r) => `${r.to.name}!${hintOf(r)}`),
  });
};

const targetSchema = (r: Relationship): string => (r.kind === 'computed' ? r.function.schema : r.to.schema);

const singleHere = (columns: ColumnPairs): string | undefined => (columns.length === 1 ? columns[0]?.[0] : undefined);
const singleThere = (columns: ColumnPairs): string | undefined => (columns.length === 1 ? columns[0]?.[1] : undefined);

const matches = (r: Relationship, target: string, hint: string | undefined): boolean => {
  if (r.kind === 'computed') return target === r.function.name;
  if (r.isSelf) return matchesSelf(r, target, hint);
  const { link } = r;
  if (hint === undefined) {
    if (target === r.to.name) return true;
    // Names of keys and of their columns stand for the table, never for a view of it, or all would be ambiguous.
    if (link.kind === 'manyToMany' || r.toIsView) return false;
    return target === link.constraint || target === singleHere(link.columns);
  }
  if (target !== r.to.name) return false;
  if (link.kind === 'manyToMany') return hint === link.junction.table.name;
  return hint === link.constraint || hint === singleHere(link.columns) || hint === singleThere(link.columns);
};

/**
 * One foreign key of a table to itself gives two relationships: the table's name means the many that refer to a row, the
 * key's column means the one that is referred to. With a hint it is the many again, by the column they refer with.
 */
const matchesSelf = ({ to, link }: KeyRelationship, target: string, hint: string | undefined): boolean => {
  if (link.kind === 'manyToMany') return hint !== undefined && target === to.name && hint === link.junction.table.name;
  if (hint !== undefined) {
    return target === to.name && link.kind === 'oneToMany' && hint === singleThere(link.columns);
  }
  if (link.kind === 'oneToMany') return target === to.name;
  return link.isParent !== true && target === singleHere(link.columns);
};

const hintOf = ({ link }: KeyRelationship): string =>
  link.kind === 'manyToMany' ? link.junction.table.name : link.constraint;

const cardinalities = {
  manyToOne: 'many-to-one',
  oneToMany: 'one-to-many',
  oneToOne: 'one-to-one',
  manyToMany: 'many-to-many',
} as const;

const columnList = (columns: readonly string[]): string => `(${columns.join(', ')})`;

const describe = ({ from, to, link }: KeyRelationship): RelationshipChoice => ({
  cardinality: cardinalities[link.kind],
  embedding: `${from.name} with ${to.name}`,
  relationship:
    link.kind === 'manyToMany'
      ? `${link.junction.table.name} using ` +
        `${link.junction.constraints[0]}${columnList(link.junction.here.map(([, column]) => column))} and ` +
        `${link.junction.constraints[1]}${columnList(link.junction.there.map(([, column]) => column))}`
      : `${link.constraint} using ${from.name}${columnList(link.columns.map(([here]) => here))} and ` +
        `${to.name}${columnList(link.columns.map(([, there]) => there))}`,
});

/** A likely misspelling: of the target, or of the origin where nothing at all starts. None where both names exist. */
const suggest = (
  cache: SchemaCache,
  { schema, origin, target }: Wanted,
  candidates: readonly Relationship[],
): string | undefined => {
  if (candidates.length > 0) {
    const near = nearest(target, new Set(candidates.map((r) => r.to.name)));
    return near === undefined ? undefined : `Perhaps you meant '${near}' instead of '${target}'.`;
  }
  const origins = new Set<string>();
  for (const [first] of cache.relationships.values()) {
    if (first !== undefined && first.from.schema === schema) origins.add(first.from.name);
  }
  const near = nearest(origin.name, origins);
  return near === undefined ? undefined : `Perhaps you meant '${near}' instead of '${origin.name}'.`;
};
