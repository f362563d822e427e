/** Fields of a request resolved to columns, with the conversions that their types ask for. */
import type { Field, Operation } from '../request/types.ts';
import { type Column, keyOf, type QualifiedName, type SchemaCache } from '../schema/types.ts';
import type { PlannedField } from './types.ts';

const unknownField = ({ name, path }: Field): PlannedField => ({ name, path, type: '', toJson: path.length > 0 });

const columnOf = (cache: SchemaCache, table: QualifiedName, name: string): Column | undefined =>
  cache.tables.get(keyOf(table))?.columns.get(name);

/** Columns that the cache does not know may still be computed ones; PostgreSQL decides. */
export const plainField = (cache: SchemaCache, table: QualifiedName, field: Field): PlannedField => {
  const column = columnOf(cache, table, field.name);
  if (column === undefined) return unknownField(field);
  return {
    name: field.name,
    path: field.path,
    type: column.type,
    // json needs no conversion, and converting it would keep expression indexes from being used.
    toJson: field.path.length > 0 && column.type !== 'json' && column.type !== 'jsonb',
    default: column.default ?? undefined,
  };
};

/** A field to show. */
export const outputField = (cache: SchemaCache, table: QualifiedName, field: Field): PlannedField =>
  withTransform(cache, plainField(cache, table, field), (type) => `${type} json`);

/** A column to show. */
export const outputColumn = (cache: SchemaCache, table: QualifiedName, column: Column): PlannedField =>
  outputField(cache, table, { name: column.name, path: [] });

export const showsAsJson = (cache: SchemaCache, column: Column): boolean =>
  cache.representations.has(`${column.type} json`);

/** A field to compare with a value from the query string. */
export const comparedField = (
  cache: SchemaCache,
  table: QualifiedName,
  field: Field,
  operation: Operation<unknown>,
): PlannedField => {
  const plain = withTransform(cache, plainField(cache, table, field), (type) => `text ${type}`);
  const column = columnOf(cache, table, field.name);
  if (operation.kind !== 'fts' || column === undefined || column.baseType === 'tsvector') return plain;
  return { ...plain, tsvector: { language: operation.language } };
};

/** A column to fill from a JSON body. Undefined when there is no such column. */
export const inputColumn = (cache: SchemaCache, table: QualifiedName, name: string): PlannedField | undefined => {
  if (columnOf(cache, table, name) === undefined) return undefined;
  const plain = plainField(cache, table, { name, path: [] });
  const found = cache.representations.get(`json ${plain.type}`);
  return found === undefined ? plain : { ...plain, type: 'json', transform: found.function };
};

const withTransform = (cache: SchemaCache, field: PlannedField, key: (type: string) => string): PlannedField => {
  if (field.type === '' || cache.representations.size === 0) return field;
  const found = cache.representations.get(key(field.type));
  return found === undefined ? field : { ...field, transform: found.function };
};
