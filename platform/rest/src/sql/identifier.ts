/** The only places where names and constants become SQL text. */
import type { Qualifier } from '../plan/types.ts';
import type { QualifiedName } from '../schema/types.ts';

/** A name, always quoted. NUL, which the protocol takes for the end of the statement, and what follows is dropped. */
export const identifier = (name: string): string => {
  const end = name.indexOf('\0');
  return `"${(end === -1 ? name : name.slice(0, end)).replaceAll('"', '""')}"`;
};

export const identifiers = (names: readonly string[]): string => names.map(identifier).join(', ');

export const qualified = ({ schema, name }: QualifiedName): string => `${identifier(schema)}.${identifier(name)}`;

export const qualifier = (of: Qualifier): string => ('alias' in of ? identifier(of.alias) : qualified(of));

/** A column of something; `*` for all of them. */
export const column = (of: Qualifier, name: string): string =>
  `${qualifier(of)}.${name === '*' ? '*' : identifier(name)}`;

/** A text constant, for what is part of a request's shape: json keys, languages, names in messages. */
export const literal = (text: string): string => {
  const end = text.indexOf('\0');
  const doubled = (end === -1 ? text : text.slice(0, end)).replaceAll("'", "''");
  return doubled.includes('\\') ? ` E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`;
};

/** Types whose names are grammar rather than identifiers, so that quoting would change what they mean. */
const grammarTypes = new Set([
  'bigint',
  'bit',
  'bit varying',
  'boolean',
  'char',
  'char varying',
  'character',
  'character varying',
  'dec',
  'decimal',
  'double precision',
  'float',
  'int',
  'integer',
  'interval',
  'national char',
  'national char varying',
  'national character',
  'national character varying',
  'nchar',
  'nchar varying',
  'numeric',
  'real',
  'smallint',
  'time',
  'time with time zone',
  'time without time zone',
  'timestamp',
  'timestamp with time zone',
  'timestamp without time zone',
  'varchar',
]);

/** A type that a request casts to: folded to lower case like an unquoted name, and quoted unless it is grammar. */
export const typeName = (written: string): string => {
  const name = written.trim().replace(/\s+/g, ' ').toLowerCase();
  return grammarTypes.has(name) ? name : identifier(name);
};
