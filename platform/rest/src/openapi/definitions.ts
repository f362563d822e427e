/** Tables and their columns as JSON schemas. */
import { type Column, type KeyRelationship, keyOf, type SchemaCache, type Table } from '../schema/types.ts';

type SwaggerType = 'string' | 'boolean' | 'integer' | 'number' | 'array';

/** Undefined for json, which may be anything. */
export const swaggerType = (type: string): SwaggerType | undefined => {
  switch (type) {
    case 'boolean':
      return 'boolean';
    case 'smallint':
    case 'integer':
    case 'bigint':
      return 'integer';
    case 'numeric':
    case 'real':
    case 'double precision':
      return 'number';
    case 'json':
    case 'jsonb':
      return undefined;
    default:
      return type.endsWith('[]') ? 'array' : 'string';
  }
};

export const swaggerFormat = (type: string): string => {
  switch (type) {
    case 'smallint':
    case 'integer':
      return 'int32';
    case 'bigint':
      return 'int64';
    default:
      return type;
  }
};

/** Type, format and, of arrays, what they hold. */
export const typeSchema = (type: string): Record<string, unknown> => {
  const shown = swaggerType(type);
  return {
    ...(shown === undefined ? {} : { type: shown }),
    format: swaggerFormat(type),
    ...(shown === 'array' ? { items: { type: swaggerType(type.slice(0, -2)) } } : {}),
  };
};

export const tableDefinition = (table: Table, cache: SchemaCache): Record<string, unknown> => {
  const columns = [...table.columns.values()];
  const required = columns.filter(({ nullable }) => !nullable).map(({ name }) => name);
  return {
    ...(table.description === null ? {} : { description: table.description }),
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(columns.map((column) => [column.name, property(table, column, cache)])),
    type: 'object',
  };
};

const property = (table: Table, column: Column, cache: SchemaCache): Record<string, unknown> => {
  const shown = defaultOf(column);
  const description = describe(table, column, cache);
  return {
    ...(shown === undefined ? {} : { default: shown }),
    ...(description === undefined ? {} : { description }),
    ...(column.enumValues.length === 0 ? {} : { enum: column.enumValues }),
    ...typeSchema(column.baseType),
    ...(column.maxLength === null ? {} : { maxLength: column.maxLength }),
  };
};

const defaultOf = ({ default: sql, baseType }: Column): unknown => {
  if (sql === null) return undefined;
  if (swaggerType(baseType) === 'string') {
    const plain = sql.endsWith(`::${baseType}`) ? sql.slice(0, -baseType.length - 2) : undefined;
    return plain === undefined ? sql : plain.replace(/^'+|'+$/g, '');
  }
  try {
    return JSON.parse(sql);
  } catch {
    return undefined;
  }
};

/** The column's comment with notes on its keys, which generators of clients read. */
const describe = (table: Table, column: Column, cache: SchemaCache): string | undefined => {
  const notes = [
    ...(table.primaryKey.includes(column.name) ? ['This is a Primary Key.<pk/>'] : []),
    ...foreignKeyNote(table, column, cache),
  ];
  if (notes.length === 0) return column.description ?? undefined;
  const comment = column.description === null ? '' : `${column.description}\n\n`;
  return `${comment}Note:\n${notes.join('\n')}`;
};

const foreignKeyNote = (table: Table, column: Column, cache: SchemaCache): string[] => {
  const keys = (cache.relationships.get(keyOf(table)) ?? []).filter((r): r is KeyRelationship => r.kind === 'key');
  const tablesFirst = keys.toSorted((a, b) => Number(a.toIsView) - Number(b.toIsView));
  for (const { to, link } of tablesFirst) {
    const refers = link.kind === 'manyToOne' || (link.kind === 'oneToOne' && link.isParent !== true);
    if (!refers) continue;
    const [pair, ...others] = link.columns;
    if (pair === undefined || others.length > 0 || pair[0] !== column.name) continue;
    return [`This is a Foreign Key to \`${to.name}.${pair[1]}\`.<fk table='${to.name}' column='${pair[1]}'/>`];
  }
  return [];
};
