/** Foreign keys of tables, and what the columns of views stand for. */
import type { ClientBase } from 'pg';
import { z } from 'zod';
import type { KeyRelationship } from './types.ts';
import { viewColumns } from './viewDefinition.ts';

const foreignKeySql = `
select k.conname as constraint,
  n1.nspname as "fromSchema", c1.relname as "fromName",
  n2.nspname as "toSchema", c2.relname as "toName",
  k.conrelid = k.confrelid as "isSelf",
  pairs.columns,
  -- One row there per row here at most, where exactly these columns are unique.
  exists (
    select from pg_constraint u
    where u.conrelid = k.conrelid and u.contype in ('p', 'u')
      and u.conkey @> k.conkey and u.conkey <@ k.conkey
  ) as "isOneToOne"
from pg_constraint k
join pg_class c1 on c1.oid = k.conrelid
join pg_namespace n1 on n1.oid = c1.relnamespace
join pg_class c2 on c2.oid = k.confrelid
join pg_namespace n2 on n2.oid = c2.relnamespace
cross join lateral (
  select json_agg(json_build_array(a1.attname, a2.attname) order by p.position) as columns
  from unnest(k.conkey, k.confkey) with ordinality as p(here, there, position)
  join pg_attribute a1 on a1.attrelid = k.conrelid and a1.attnum = p.here
  join pg_attribute a2 on a2.attrelid = k.confrelid and a2.attnum = p.there
) pairs
-- Partitions repeat the key of their parent.
where k.contype = 'f' and k.conparentid = 0
order by n1.nspname, c1.relname, k.conname`;

const foreignKeyRow = z.object({
  constraint: z.string(),
  fromSchema: z.string(),
  fromName: z.string(),
  toSchema: z.string(),
  toName: z.string(),
  isSelf: z.boolean(),
  columns: z.array(z.tuple([z.string(), z.string()])),
  isOneToOne: z.boolean(),
});

/** Relationships of tables in the direction of their foreign keys. */
export const loadForeignKeys = async (client: ClientBase): Promise<KeyRelationship[]> => {
  const { rows } = await client.query(foreignKeySql);
  return z
    .array(foreignKeyRow)
    .parse(rows)
    .map((k) => ({
      kind: 'key',
      from: { schema: k.fromSchema, name: k.fromName },
      to: { schema: k.toSchema, name: k.toName },
      isSelf: k.isSelf,
      link: k.isOneToOne
        ? { kind: 'oneToOne', constraint: k.constraint, columns: k.columns, isParent: false }
        : { kind: 'manyToOne', constraint: k.constraint, columns: k.columns },
      fromIsView: false,
      toIsView: false,
    }));
};

const viewSql = `
select c.oid::text as id, n.nspname as schema, c.relname as name, r.ev_action::text as definition
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_rewrite r on r.ev_class = c.oid and r.rulename = '_RETURN'
where c.relkind in ('v', 'm') and n.nspname not in ('pg_catalog', 'information_schema')`;

/** Key columns: 'p' of a primary key, 'f' that refer, 'f_ref' that are referred to. */
const keySql = `
select k.conname as constraint, k.contype::text as type, n.nspname as schema, c.relname as name, c.oid::text as id,
  (select json_agg(json_build_array(p.number, a.attname) order by p.position)
   from unnest(k.conkey) with ordinality as p(number, position)
   join pg_attribute a on a.attrelid = k.conrelid and a.attnum = p.number) as columns
from pg_constraint k
join pg_class c on c.oid = k.conrelid
join pg_namespace n on n.oid = c.relnamespace
where k.contype in ('p', 'f') and k.conparentid = 0
union all
select k.conname, 'f_ref', n.nspname, c.relname, c.oid::text,
  (select json_agg(json_build_array(p.number, a.attname) order by p.position)
   from unnest(k.confkey) with ordinality as p(number, position)
   join pg_attribute a on a.attrelid = k.confrelid and a.attnum = p.number)
from pg_constraint k
join pg_class c on c.oid = k.confrelid
join pg_namespace n on n.oid = c.relnamespace
where k.contype = 'f' and k.conparentid = 0`;

const attributeSql = `
select a.attrelid::text as id, a.attnum as number, a.attname as name
from pg_attribute a join pg_class c on c.oid = a.attrelid
where c.relkind in ('v', 'm') and a.attnum > 0 and not a.attisdropped`;

const viewRow = z.object({ id: z.string(), schema: z.string(), name: z.string(), definition: z.string() });
const keyRow = z.object({
  constraint: z.string(),
  type: z.enum(['p', 'f', 'f_ref']),
  schema: z.string(),
  name: z.string(),
  id: z.string(),
  columns: z.array(z.tuple([z.number(), z.string()])),
});
const attributeRow = z.object({ id: z.string(), number: z.number(), name: z.string() });

/** A key of a table all of whose columns a view shows. */
export interface ViewKey {
  view: { schema: string; name: string };
  table: { schema: string; name: string };
  constraint: string;
  type: 'p' | 'f' | 'f_ref';
  /** Per key column: its name in the table, and the columns of the view that show it. */
  columns: readonly { table: string; view: readonly string[] }[];
}

/** Which keys views show, through other views as well. */
export const loadViewKeys = async (client: ClientBase): Promise<ViewKey[]> => {
  const views = z.array(viewRow).parse((await client.query(viewSql)).rows);
  if (views.length === 0) return [];
  const keys = z.array(keyRow).parse((await client.query(keySql)).rows);
  const attributes = z.array(attributeRow).parse((await client.query(attributeSql)).rows);
  return viewKeys(
    views.map((view) => ({ ...view, columns: viewColumns(view.definition) })),
    keys,
    new Map(attributes.map(({ id, number, name }) => [`${id}.${number}`, name])),
  );
};

interface View {
  id: string;
  schema: string;
  name: string;
  columns: readonly { number: number; table: string; column: number }[];
}

/** @param columnNames by `<view id>.<column number>` */
const viewKeys = (
  views: readonly View[],
  keys: readonly z.infer<typeof keyRow>[],
  columnNames: ReadonlyMap<string, string>,
): ViewKey[] => {
  const byId = new Map(views.map((view) => [view.id, view]));
  /** The table columns behind a column, following views; a view that refers to itself ends the search. */
  const origins = (table: string, column: number, seen: readonly string[]): string[] => {
    const view = byId.get(table);
    if (view === undefined || seen.includes(table)) return [`${table}.${column}`];
    const shown = view.columns.filter(({ number }) => number === column);
    return shown.flatMap((c) => origins(c.table, c.column, [...seen, table]));
  };
  const found: ViewKey[] = [];
  for (const view of views) {
    const shownBy = new Map<string, string[]>();
    for (const { number, table, column } of view.columns) {
      const name = columnNames.get(`${view.id}.${number}`);
      if (name === undefined) continue;
      for (const origin of origins(table, column, [view.id])) {
        shownBy.set(origin, [...(shownBy.get(origin) ?? []), name]);
      }
    }
    for (const key of keys) {
      const columns = key.columns.map(([number, name]) => ({
        table: name,
        view: shownBy.get(`${key.id}.${number}`) ?? [],
      }));
      if (columns.some(({ view: shown }) => shown.length === 0)) continue;
      found.push({
        view: { schema: view.schema, name: view.name },
        table: { schema: key.schema, name: key.name },
        constraint: key.constraint,
        type: key.type,
        columns,
      });
    }
  }
  return found;
};
