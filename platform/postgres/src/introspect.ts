import type { ClientBase, QueryResult } from 'pg';
import type {
  Catalog,
  CatalogComposite,
  CatalogEnum,
  CatalogForeignKey,
  CatalogFunction,
  CatalogRelation,
  TypeReference,
} from './catalog.ts';
import {
  compositesQuery,
  enumsQuery,
  foreignKeysQuery,
  functionsQuery,
  relationsQuery,
  typesQuery,
} from './introspectQueries.ts';
import { pipeline } from './pipeline.ts';

interface TypeRow extends TypeReference {
  oid: number;
}
type RelationRow = Omit<CatalogRelation, 'columns' | 'foreignKeys'> & {
  columns: (Omit<CatalogRelation['columns'][number], 'type'> & { type: number; formatted: string })[];
};
type FunctionRow = Omit<CatalogFunction, 'arguments' | 'resultColumns' | 'result'> & {
  arguments: (Omit<CatalogFunction['arguments'][number], 'type'> & { type: number })[];
  resultColumns: { name: string; type: number }[];
  result: number;
};
type CompositeRow = Omit<CatalogComposite, 'attributes'> & { attributes: { name: string; type: number }[] };
type ForeignKeyRow = Omit<CatalogForeignKey, 'isOneToOne'> & { schema: string; relation: string };

/**
 * Reads the catalog of the given schemas in one round trip, as the connected role sees it. Partitions, objects of extensions and
 * trigger functions are left out. Everything is ordered by name, columns by their place in the table.
 */
export async function introspect(client: ClientBase, schemas: readonly string[]): Promise<Catalog> {
  const values = [[...schemas]];
  const [types, relations, foreignKeys, functions, enums, composites] = await pipeline(client, [
    { text: typesQuery },
    { text: relationsQuery, values },
    { text: foreignKeysQuery, values },
    { text: functionsQuery, values },
    { text: enumsQuery, values },
    { text: compositesQuery, values },
  ]);
  const typeByOid = new Map(rowsOf<TypeRow>(types).map(({ oid, ...type }) => [oid, type]));
  const typeOf = (oid: number, formatted?: string): TypeReference => {
    const type = typeByOid.get(oid) ?? {
      schema: 'pg_catalog',
      name: 'unknown',
      kind: 'pseudo',
      array: false,
      formatted: 'unknown',
    };
    return formatted === undefined ? type : { ...type, formatted };
  };
  const typed = <T extends { type: number }>(entry: T) => ({ ...entry, type: typeOf(entry.type) });
  return {
    schemas: [...schemas],
    relations: attachForeignKeys(
      rowsOf<RelationRow>(relations).map((row) => ({
        ...row,
        columns: row.columns.map(({ formatted, ...column }) => ({ ...column, type: typeOf(column.type, formatted) })),
        foreignKeys: [],
      })),
      rowsOf<ForeignKeyRow>(foreignKeys),
    ),
    functions: rowsOf<FunctionRow>(functions).map((row) => ({
      ...row,
      arguments: row.arguments.map(typed),
      resultColumns: row.resultColumns.map(typed),
      result: typeOf(row.result),
    })),
    enums: rowsOf<CatalogEnum>(enums),
    composites: rowsOf<CompositeRow>(composites).map((row) => ({ ...row, attributes: row.attributes.map(typed) })),
  };
}

function attachForeignKeys(relations: CatalogRelation[], rows: ForeignKeyRow[]): CatalogRelation[] {
  const byName = new Map(relations.map((relation) => [`${relation.schema}.${relation.name}`, relation]));
  for (const { schema, relation: name, ...key } of rows) {
    const relation = byName.get(`${schema}.${name}`);
    if (!relation) continue;
    const isOneToOne = [relation.primaryKey, ...relation.uniques].some((unique) => sameColumns(unique, key.columns));
    relation.foreignKeys.push({ ...key, isOneToOne });
  }
  return relations;
}

function sameColumns(a: readonly string[], b: readonly string[]): boolean {
  return a.length > 0 && a.length === b.length && a.every((column) => b.includes(column));
}

function rowsOf<T>(result: QueryResult | undefined): T[] {
  return result?.rows ?? [];
}
