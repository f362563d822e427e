/** What a request says, once parsed. Values that strangers sent are not in here: they sit in `ApiRequest.values`, and
 * the tree refers to them by position (`Slot`), so that two requests of one shape share one plan. */

/** Position of a value in `ApiRequest.values`. */
export type Slot = number;

/** One `->` or `->>` step into a json or composite value. */
export interface JsonStep {
  arrow: '->' | '->>';
  /** An object key, or an array position as written (`-1`, `+0`). */
  operand: { key: string } | { index: string };
}

export interface Field {
  name: string;
  path: readonly JsonStep[];
}

export type Aggregate = 'sum' | 'avg' | 'max' | 'min' | 'count';
export type Join = 'inner' | 'left';

export interface SelectField {
  kind: 'field';
  field: Field;
  aggregate?: Aggregate;
  aggregateCast?: string;
  cast?: string;
  alias?: string;
}
export interface SelectRelation {
  kind: 'relation';
  name: string;
  alias?: string;
  hint?: string;
  join?: Join;
  children: readonly SelectItem[];
}
export interface SelectSpread {
  kind: 'spread';
  name: string;
  hint?: string;
  join?: Join;
  children: readonly SelectItem[];
}
export type SelectItem = SelectField | SelectRelation | SelectSpread;

export type PlainOperator = 'neq' | 'cs' | 'cd' | 'ov' | 'sl' | 'sr' | 'nxr' | 'nxl' | 'adj';
export type QuantifiableOperator = 'eq' | 'gte' | 'gt' | 'lte' | 'lt' | 'like' | 'ilike' | 'match' | 'imatch';
export type FtsOperator = 'fts' | 'plfts' | 'phfts' | 'wfts';
export type Quantifier = 'any' | 'all';
export type IsValue = 'null' | 'not_null' | 'true' | 'false' | 'unknown';

/** An operator with its operand; `V` is the written text while parsing and a `Slot` afterwards. */
export type Operation<V> =
  | { kind: 'compare'; operator: PlainOperator | QuantifiableOperator; quantifier?: Quantifier; value: V }
  | { kind: 'column'; operator: PlainOperator | QuantifiableOperator; column: string }
  | { kind: 'in'; value: V }
  | { kind: 'is'; value: IsValue }
  | { kind: 'isdistinct'; value: V }
  | { kind: 'fts'; operator: FtsOperator; language?: string; value: V };

export interface Filter<V> {
  kind: 'filter';
  field: Field;
  negated: boolean;
  operation: Operation<V>;
}
export interface LogicGroup<V> {
  kind: 'group';
  negated: boolean;
  operator: 'and' | 'or';
  members: readonly Logic<V>[];
}
export type Logic<V> = Filter<V> | LogicGroup<V>;

/** The names of the embeds on the way to the level meant, outermost first; empty for the root. */
export type EmbedPath = readonly string[];
export interface At<T> {
  path: EmbedPath;
  item: T;
}

export type Direction = 'asc' | 'desc';
export type Nulls = 'nullsfirst' | 'nullslast';
export interface OrderTerm {
  field: Field;
  /** Set when ordering by a column of an embedded to-one resource. */
  relation?: string;
  direction?: Direction;
  nulls?: Nulls;
}

/** Rows wanted of one level. `undefined` limit: all. */
export interface Range {
  limit?: Slot;
  offset?: Slot;
}

export interface Query {
  select: readonly SelectItem[];
  filters: readonly At<Filter<Slot>>[];
  logic: readonly At<Logic<Slot>>[];
  order: readonly At<readonly OrderTerm[]>[];
  /** Ranges of the embedded levels; the root's is `ApiRequest.range`. */
  ranges: readonly At<Range>[];
  columns?: readonly string[];
  onConflict?: readonly string[];
  /** Arguments of a function called by GET, in the order written. */
  arguments: readonly Argument[];
}

export interface Argument {
  name: string;
  value: Slot;
}
