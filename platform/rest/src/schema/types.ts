/** What the engine knows of a database: everything it may name in SQL comes from here. */

export interface QualifiedName {
  schema: string;
  name: string;
}

export interface Column {
  name: string;
  description: string | null;
  nullable: boolean;
  /** As declared, modifiers included: `character varying(20)`, a domain's own name. */
  type: string;
  /** The type behind a domain of a system type, without modifiers. */
  baseType: string;
  maxLength: number | null;
  /** The default's SQL expression. */
  default: string | null;
  enumValues: readonly string[];
}

export interface Table extends QualifiedName {
  description: string | null;
  isView: boolean;
  insertable: boolean;
  updatable: boolean;
  deletable: boolean;
  primaryKey: readonly string[];
  columns: ReadonlyMap<string, Column>;
}

/** Pairs of a column here and the column there that it equals. */
export type ColumnPairs = readonly (readonly [string, string])[];

export interface Junction {
  table: QualifiedName;
  /** The two foreign keys: from the junction to this table, and to the other. */
  constraints: readonly [string, string];
  /** This table's column, the junction's column. */
  here: ColumnPairs;
  /** The other table's column, the junction's column. */
  there: ColumnPairs;
}

export type Link =
  | { kind: 'manyToOne' | 'oneToMany' | 'oneToOne'; constraint: string; columns: ColumnPairs; isParent?: boolean }
  | { kind: 'manyToMany'; junction: Junction };

/** A way from one table or view to another by foreign keys. */
export interface KeyRelationship {
  kind: 'key';
  from: QualifiedName;
  to: QualifiedName;
  isSelf: boolean;
  link: Link;
  fromIsView: boolean;
  toIsView: boolean;
}

/** A function from a row of one table to rows of another. */
export interface ComputedRelationship {
  kind: 'computed';
  function: QualifiedName;
  from: QualifiedName;
  to: QualifiedName;
  toOne: boolean;
  isSelf: boolean;
}
export type Relationship = KeyRelationship | ComputedRelationship;

export interface Parameter {
  /** Empty for an unnamed one. */
  name: string;
  type: string;
  /** The type without a length that would cut values short. */
  looseType: string;
  required: boolean;
  variadic: boolean;
}

export type Volatility = 'volatile' | 'stable' | 'immutable';

export interface Routine extends QualifiedName {
  description: string | null;
  parameters: readonly Parameter[];
  returns: {
    set: boolean;
    composite: boolean;
    /** The returned type, or the table behind a composite. */
    type: QualifiedName;
  };
  volatility: Volatility;
  isolation: string | null;
  /** Settings that must hold for the whole transaction: name, value. */
  settings: readonly (readonly [string, string])[];
}

/** A database function that renders rows of `target` (or of anything) as a media type. */
export interface MediaHandler {
  function: QualifiedName;
  /** Undefined for a handler of any rows. */
  target?: QualifiedName;
  /** As declared: what `Accept` must ask for. */
  mediaType: string;
  /** What the answer is labelled as. */
  produces: string;
}

/** A cast between a domain and json or text: how values of the domain are shown and read. */
export interface Representation {
  from: string;
  to: string;
  function: string;
}

export interface SchemaCache {
  /** Grows with every load. */
  readonly generation: number;
  /** The search path of the login, as SQL. */
  readonly searchPath: string;
  readonly schemas: readonly string[];
  /** By `keyOf`. */
  readonly tables: ReadonlyMap<string, Table>;
  /** By `keyOf` of the table they start from. */
  readonly relationships: ReadonlyMap<string, readonly Relationship[]>;
  /** Overloads by `keyOf`. */
  readonly routines: ReadonlyMap<string, readonly Routine[]>;
  readonly handlers: readonly MediaHandler[];
  /** By `from + ' ' + to`. */
  readonly representations: ReadonlyMap<string, Representation>;
  /** Settings by role, isolation level apart. */
  readonly roles: ReadonlyMap<string, { settings: Readonly<Record<string, string>>; isolation?: string }>;
}

/** A qualified name as a map key; NUL cannot be part of a name. */
export const keyOf = ({ schema, name }: QualifiedName): string => `${schema}\0${name}`;

export const sameName = (a: QualifiedName, b: QualifiedName): boolean => a.schema === b.schema && a.name === b.name;

export const isToOne = (relationship: Relationship): boolean =>
  relationship.kind === 'computed'
    ? relationship.toOne
    : relationship.link.kind === 'manyToOne' || relationship.link.kind === 'oneToOne';
