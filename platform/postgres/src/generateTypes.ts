import type {
  Catalog,
  CatalogColumn,
  CatalogComposite,
  CatalogEnum,
  CatalogForeignKey,
  CatalogFunction,
  CatalogRelation,
  TypeReference,
} from './catalog.ts';

/**
 * TypeScript source with a type `Database` in the shape that supabase-js expects of generated types
 * (`createClient<Database>`): per schema Tables, Views, Functions, Enums and CompositeTypes; and short names for rows.
 * The same catalog always gives the same text.
 */
export function generateTypes(catalog: Catalog): string {
  const schemas = catalog.schemas.map((schema) => `  ${key(schema)}: ${block(schemaEntries(catalog, schema), 2)};`);
  return `// Generated from the migrations by \`npm run types\`; never edited by hand.

export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[];

export type Database = {
  // Lets supabase-js type spreads and aggregates as PostgREST 13 answers them.
  __InternalSupabase: { PostgrestVersion: '13' };
${schemas.join('\n')}
};

type PublicSchema = Database['public'];

/** A row as a SELECT returns it. */
export type Tables<Name extends keyof PublicSchema['Tables'] | keyof PublicSchema['Views']> = (PublicSchema['Tables'] &
  PublicSchema['Views'])[Name]['Row'];

/** A row as an INSERT takes it. */
export type TablesInsert<Name extends keyof PublicSchema['Tables']> = PublicSchema['Tables'][Name]['Insert'];

/** The columns that an UPDATE changes. */
export type TablesUpdate<Name extends keyof PublicSchema['Tables']> = PublicSchema['Tables'][Name]['Update'];

export type Enums<Name extends keyof PublicSchema['Enums']> = PublicSchema['Enums'][Name];

${constants(catalog)}`;
}

/** \`[name, type]\` pairs of an object type. */
type Entries = [string, string][];

function schemaEntries(catalog: Catalog, schema: string): Entries {
  const own = <T extends { schema: string }>(objects: readonly T[]) =>
    objects.filter((object) => object.schema === schema);
  const relations = own(catalog.relations);
  const tables = relations.filter((relation) => relation.kind === 'table' || relation.kind === 'foreign_table');
  const views = relations.filter((relation) => relation.kind === 'view' || relation.kind === 'materialized_view');
  const byName = Map.groupBy(own(catalog.functions), (candidate) => candidate.name);
  const functions: Entries = [...byName].map(([name, overloads]) => [
    name,
    overloads.map((overload) => block(functionEntries(catalog, overload), 6)).join(' | '),
  ]);
  return [
    ['Tables', group(tables.map((table) => [table.name, block(relationEntries(catalog, table), 6)]))],
    ['Views', group(views.map((view) => [view.name, block(relationEntries(catalog, view), 6)]))],
    ['Functions', group(functions)],
    ['Enums', group(own(catalog.enums).map((entry) => [entry.name, unionOf(entry)]))],
    ['CompositeTypes', group(own(catalog.composites).map((entry) => [entry.name, composite(catalog, entry)]))],
  ];
}

function group(entries: Entries): string {
  return entries.length === 0 ? 'Record<never, never>' : block(entries, 4);
}

function relationEntries(catalog: Catalog, relation: CatalogRelation): Entries {
  const columns = [...relation.columns].sort((a, b) => compare(a.name, b.name));
  const isView = relation.kind === 'view' || relation.kind === 'materialized_view';
  const computed = computedFields(catalog, relation);
  const row: Entries = [
    ...columns.map((column): [string, string] => [column.name, valueType(catalog, column, isView)]),
    ...computed.map((field): [string, string] => [field.name, `${typeName(catalog, field.result)} | null`]),
  ];
  const entries: Entries = [['Row', block(row, 8)]];
  if (computed.length > 0) entries.push(['ComputedFields', computed.map((field) => quote(field.name)).join(' | ')]);
  if (relation.insertable)
    entries.push([
      'Insert',
      block(
        columns.map((column) => insertEntry(catalog, column, isView)),
        8,
      ),
    ]);
  if (relation.updatable)
    entries.push([
      'Update',
      block(
        columns.map((column) => updateEntry(catalog, column, isView)),
        8,
      ),
    ]);
  entries.push(['Relationships', relationships(catalog, relation.foreignKeys)]);
  return entries;
}

/** What PostgREST calls computed fields: functions of one argument, which is a row of the table. */
function computedFields(catalog: Catalog, relation: CatalogRelation): CatalogFunction[] {
  return catalog.functions.filter((candidate) => {
    const [argument, ...more] = candidate.arguments;
    return (
      argument &&
      more.length === 0 &&
      isRowOf(argument.type, relation) &&
      !candidate.returnsSet &&
      !rowResult(catalog, candidate)
    );
  });
}

function isRowOf(type: TypeReference, relation: CatalogRelation): boolean {
  return type.kind === 'composite' && !type.array && type.schema === relation.schema && type.name === relation.name;
}

/** PostgreSQL does not know which columns of a view can be null: all may. */
function valueType(catalog: Catalog, column: CatalogColumn, isView: boolean): string {
  const type = typeName(catalog, column.type);
  return column.nullable || isView ? `${type} | null` : type;
}

function insertEntry(catalog: Catalog, column: CatalogColumn, isView: boolean): [string, string] {
  if (isWrittenByServer(column)) return [`${column.name}?`, 'never'];
  const optional = column.nullable || isView || column.default !== null || column.identity !== null;
  return [optional ? `${column.name}?` : column.name, valueType(catalog, column, isView)];
}

function updateEntry(catalog: Catalog, column: CatalogColumn, isView: boolean): [string, string] {
  return [`${column.name}?`, isWrittenByServer(column) ? 'never' : valueType(catalog, column, isView)];
}

function isWrittenByServer(column: CatalogColumn): boolean {
  return column.generated || column.identity === 'always';
}

function relationships(catalog: Catalog, foreignKeys: readonly CatalogForeignKey[]): string {
  const known = foreignKeys.filter((foreignKey) => catalog.schemas.includes(foreignKey.referencedSchema));
  if (known.length === 0) return '[]';
  const items = known.map((foreignKey) =>
    block(
      [
        ['foreignKeyName', quote(foreignKey.name)],
        ['columns', tuple(foreignKey.columns)],
        ['isOneToOne', String(foreignKey.isOneToOne)],
        ['referencedRelation', quote(foreignKey.referencedRelation)],
        ['referencedColumns', tuple(foreignKey.referencedColumns)],
      ],
      10,
    ),
  );
  return `[\n${items.map((item) => `          ${item},`).join('\n')}\n        ]`;
}

function functionEntries(catalog: Catalog, overload: CatalogFunction): Entries {
  const relation = rowResult(catalog, overload);
  const entries: Entries = [
    ['Args', argumentsOf(catalog, overload)],
    ['Returns', resultOf(catalog, overload)],
  ];
  if (relation) {
    const from = catalog.relations.find((candidate) =>
      overload.arguments.some((argument) => isRowOf(argument.type, candidate)),
    );
    entries.push([
      'SetofOptions',
      block(
        [
          ['from', quote(from?.name ?? '*')],
          ['to', quote(relation.name)],
          ['isOneToOne', String(!overload.returnsSet)],
          ['isSetofReturn', String(overload.returnsSet)],
        ],
        8,
      ),
    ]);
  }
  return entries;
}

/** PostgREST takes arguments by name; a single one without a name is the whole body. */
function argumentsOf(catalog: Catalog, overload: CatalogFunction): string {
  if (overload.arguments.length === 0) return 'never';
  return block(
    overload.arguments.map((argument) => [
      argument.hasDefault || argument.variadic ? `${argument.name}?` : argument.name,
      typeName(catalog, argument.type),
    ]),
    8,
  );
}

function resultOf(catalog: Catalog, overload: CatalogFunction): string {
  const [first, ...more] = overload.resultColumns;
  // One OUT argument of a plain function is returned bare; RETURNS TABLE always gives rows.
  const bare = !first || (more.length === 0 && !overload.returnsSet);
  const one = bare
    ? typeName(catalog, overload.result)
    : block(
        overload.resultColumns.map((column) => [column.name, typeName(catalog, column.type)]),
        8,
      );
  return overload.returnsSet ? `${parenthesised(one)}[]` : one;
}

/** The table or view whose rows the function returns. */
function rowResult(catalog: Catalog, overload: CatalogFunction): CatalogRelation | undefined {
  return catalog.relations.find((relation) => isRowOf(overload.result, relation));
}

function composite(catalog: Catalog, entry: CatalogComposite): string {
  return block(
    entry.attributes.map((attribute) => [attribute.name, `${typeName(catalog, attribute.type)} | null`]),
    6,
  );
}

/** How values of a type arrive in JSON. */
function typeName(catalog: Catalog, type: TypeReference): string {
  const element = elementName(catalog, type);
  return type.array ? `${parenthesised(element)}[]` : element;
}

function elementName(catalog: Catalog, type: TypeReference): string {
  if (type.schema === 'pg_catalog' || type.kind === 'base') return scalars[type.name] ?? 'string';
  if (type.kind === 'range') return 'string';
  if (!catalog.schemas.includes(type.schema)) return 'unknown';
  if (type.kind === 'enum') return `Database[${quote(type.schema)}]['Enums'][${quote(type.name)}]`;
  const relation = catalog.relations.find(
    (candidate) => candidate.schema === type.schema && candidate.name === type.name,
  );
  if (!relation) return `Database[${quote(type.schema)}]['CompositeTypes'][${quote(type.name)}]`;
  const kind = relation.kind === 'table' || relation.kind === 'foreign_table' ? 'Tables' : 'Views';
  return `Database[${quote(type.schema)}]['${kind}'][${quote(type.name)}]['Row']`;
}

/** Types that are not a string in JSON. int8 and numeric are JSON numbers as PostgreSQL writes them. */
const scalars: Record<string, string> = {
  bool: 'boolean',
  int2: 'number',
  int4: 'number',
  int8: 'number',
  float4: 'number',
  float8: 'number',
  numeric: 'number',
  oid: 'number',
  json: 'Json',
  jsonb: 'Json',
  void: 'undefined',
  record: 'Record<string, unknown>',
  anyelement: 'unknown',
  unknown: 'unknown',
};

/** The values of each enum, for forms and checks at run time. */
function constants(catalog: Catalog): string {
  const schemas = catalog.schemas.map((schema) => {
    const enums = catalog.enums.filter((entry) => entry.schema === schema);
    const lines = enums.map((entry) => `      ${key(entry.name)}: ${tuple(entry.values)},`);
    return `  ${key(schema)}: {\n    Enums: {${lines.length > 0 ? `\n${lines.join('\n')}\n    ` : ''}},\n  },`;
  });
  return `export const Constants = {\n${schemas.join('\n')}\n} as const;\n`;
}

function unionOf(entry: CatalogEnum): string {
  return entry.values.map(quote).join(' | ');
}

function block(entries: Entries, indent: number): string {
  if (entries.length === 0) return 'Record<never, never>';
  const space = ' '.repeat(indent);
  return `{\n${entries.map(([name, type]) => `${space}  ${key(name)}: ${type};`).join('\n')}\n${space}}`;
}

function key(name: string): string {
  const optional = name.endsWith('?');
  const bare = optional ? name.slice(0, -1) : name;
  return `${/^[A-Za-z_$][\w$]*$/.test(bare) ? bare : quote(bare)}${optional ? '?' : ''}`;
}

function parenthesised(type: string): string {
  return type.includes(' | ') && !type.startsWith('{') ? `(${type})` : type;
}

function tuple(names: readonly string[]): string {
  return `[${names.map(quote).join(', ')}]`;
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
