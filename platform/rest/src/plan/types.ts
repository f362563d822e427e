/** Plans: a request resolved against the schema cache, without any value. Printing one gives the SQL of every request of
 * the same shape. */
import type { Aggregate, Direction, Join, JsonStep, Nulls, Operation, Range, Slot } from '../request/types.ts';
import type { QualifiedName, Relationship, Routine } from '../schema/types.ts';

/** What stands before the dot of a column: an alias, or a table by its full name. */
export type Qualifier = { alias: string } | QualifiedName;

/** A column, or what a json path reaches in it, with what must be done to read or compare it. */
export interface PlannedField {
  name: string;
  path: readonly JsonStep[];
  /** Declared type; empty when unknown, as of a function's result. */
  type: string;
  /** Becomes jsonb before the path is followed. */
  toJson: boolean;
  /** Becomes a tsvector, in that language if one is named. */
  tsvector?: { language?: string };
  /** Function that shows or reads values of the column's domain. */
  transform?: string;
  /** SQL of the column's default. */
  default?: string;
  /** The row as a whole, for counting rows of a spread. */
  wholeRow?: boolean;
}

export interface PlannedSelect {
  field: PlannedField;
  aggregate?: Aggregate;
  aggregateCast?: string;
  cast?: string;
  alias?: string;
}

export type PlannedLogic =
  | { kind: 'group'; negated: boolean; operator: 'and' | 'or'; members: readonly PlannedLogic[] }
  | { kind: 'filter'; field: PlannedField; negated: boolean; operation: Operation<Slot> }
  /** Whether an embed found anything; by the embed's `label`. */
  | { kind: 'embedPresence'; label: string; present: boolean };

export interface PlannedOrder {
  field: PlannedField;
  /** `label` of the embed that the field belongs to. */
  of?: string;
  direction?: Direction;
  nulls?: Nulls;
}

export type Source =
  | { kind: 'table'; table: QualifiedName; alias?: string }
  /** What a mutation or a function gave, under the name of its table. */
  | { kind: 'result'; alias: string }
  /** Rows that a function finds for a row of the parent. */
  | { kind: 'computed'; function: QualifiedName; argument: string; argumentType: QualifiedName; alias: string };

export interface JoinCondition {
  here: { of: Qualifier; column: string };
  there: { of: Qualifier; column: string };
}

/** A column that the parent of a spread takes from it. */
export interface SpreadField {
  name: string;
  aggregate?: Aggregate;
  aggregateCast?: string;
  alias?: string;
}

/** How an embed hangs on its parent. */
export interface EmbedLink {
  relationship: Relationship;
  /** Key in the parent's object, unless spread. */
  name: string;
  alias?: string;
  join?: Join;
  /** Name of the joined subquery in the parent's statement. */
  label: string;
  junction?: { table: QualifiedName; alias?: string };
  conditions: readonly JoinCondition[];
  output: 'object' | 'array' | 'spread' | 'spreadMany';
  /** Nothing of it is shown; it only filters. */
  hidden: boolean;
  spread: readonly SpreadField[];
  /** Of a to-many spread: columns to order the aggregated values by, and that order. */
  ordering?: { extra: readonly { of?: string; select: PlannedSelect }[]; order: readonly PlannedOrder[] };
}

export interface ReadPlan {
  /** As asked for. */
  name: string;
  /** The table that the columns are of. */
  table: QualifiedName;
  source: Source;
  depth: number;
  select: readonly PlannedSelect[];
  where: readonly PlannedLogic[];
  order: readonly PlannedOrder[];
  range: Range;
  /** Rows at most, where `range` has no limit of its own. */
  maxRows?: number;
  link?: EmbedLink;
  children: readonly ReadPlan[];
}

export interface InsertPlan {
  kind: 'insert';
  table: QualifiedName;
  columns: readonly PlannedField[];
  /** The body is one object, not a list. */
  bodyIsObject: boolean;
  body: Slot;
  applyDefaults: boolean;
  conflict?: { resolution: 'merge-duplicates' | 'ignore-duplicates'; columns: readonly string[] };
  /** Conditions that the body must meet: PUT names the key in the URL as well. */
  where: readonly PlannedLogic[];
  returning: readonly string[];
  primaryKey: readonly string[];
}
export interface UpdatePlan {
  kind: 'update';
  table: QualifiedName;
  columns: readonly PlannedField[];
  bodyIsObject: boolean;
  body: Slot;
  applyDefaults: boolean;
  where: readonly PlannedLogic[];
  returning: readonly string[];
}
export interface DeletePlan {
  kind: 'delete';
  table: QualifiedName;
  where: readonly PlannedLogic[];
  returning: readonly string[];
}
export type MutatePlan = InsertPlan | UpdatePlan | DeletePlan;

export type CallArguments =
  | { kind: 'none' }
  /** One value without a name: the whole body. */
  | { kind: 'body'; type: string; slot: Slot }
  /** Named, each from its own value; several values fill a variadic parameter. */
  | { kind: 'named'; values: readonly { name: string; type: string; variadic: boolean; slots: readonly Slot[] }[] }
  /** Named, taken out of a JSON body. */
  | {
      kind: 'json';
      slot: Slot;
      bodyIsObject: boolean;
      parameters: readonly { name: string; type: string; variadic: boolean }[];
    };

export interface CallPlan {
  kind: 'call';
  routine: Routine;
  arguments: CallArguments;
  /** Columns of the result that the rest of the statement needs; `*` for all. */
  returning: readonly string[];
}

/** How the rows become the body. */
export type Rendering =
  | { kind: 'array'; stripped: boolean }
  | { kind: 'object'; stripped: boolean }
  | { kind: 'csv' }
  | { kind: 'geojson' }
  | { kind: 'custom'; function: QualifiedName; target?: QualifiedName }
  | { kind: 'none' };
