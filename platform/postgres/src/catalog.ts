/** What a database holds in some schemas, as far as types, REST and documentation need to know. */
export interface Catalog {
  schemas: string[];
  relations: CatalogRelation[];
  functions: CatalogFunction[];
  enums: CatalogEnum[];
  composites: CatalogComposite[];
}

export interface CatalogRelation {
  schema: string;
  name: string;
  kind: 'table' | 'view' | 'materialized_view' | 'foreign_table';
  comment: string | null;
  /** In the order of the table. */
  columns: CatalogColumn[];
  /** Columns of the primary key, in its order; empty without one. */
  primaryKey: string[];
  foreignKeys: CatalogForeignKey[];
  /** Column lists of unique constraints and of unique indexes over plain columns without a condition, the primary key not among them. */
  uniques: string[][];
  /** Whether INSERT and UPDATE are possible: always for tables, for views where PostgreSQL or a trigger can do it. */
  insertable: boolean;
  updatable: boolean;
}

export interface CatalogColumn {
  name: string;
  type: TypeReference;
  nullable: boolean;
  /** SQL of the default, or null. A generated column has none. */
  default: string | null;
  identity: 'always' | 'by_default' | null;
  generated: boolean;
  comment: string | null;
}

/** A type as it matters to a reader of values: domains are resolved to what they are based on. */
export interface TypeReference {
  schema: string;
  /** Internal name: `int4`, `text`, the name of an enum. */
  name: string;
  kind: 'base' | 'enum' | 'composite' | 'range' | 'pseudo';
  /** Number of array levels: PostgreSQL knows only "an array", so 0 or 1. */
  array: boolean;
  /** As SQL writes it, before resolving: `character varying(20)`, `email[]`. */
  formatted: string;
}

export interface CatalogForeignKey {
  name: string;
  columns: string[];
  referencedSchema: string;
  referencedRelation: string;
  referencedColumns: string[];
  /** The columns are unique here too: at most one row refers to each. */
  isOneToOne: boolean;
}

export interface CatalogFunction {
  schema: string;
  name: string;
  comment: string | null;
  arguments: CatalogArgument[];
  /** Columns of RETURNS TABLE or of OUT arguments; empty where the function returns one type. */
  resultColumns: { name: string; type: TypeReference }[];
  result: TypeReference;
  returnsSet: boolean;
  volatility: 'immutable' | 'stable' | 'volatile';
  securityDefiner: boolean;
}

export interface CatalogArgument {
  /** Empty where the argument has no name. */
  name: string;
  type: TypeReference;
  hasDefault: boolean;
  variadic: boolean;
}

export interface CatalogEnum {
  schema: string;
  name: string;
  values: string[];
  comment: string | null;
}

export interface CatalogComposite {
  schema: string;
  name: string;
  attributes: { name: string; type: TypeReference }[];
}
