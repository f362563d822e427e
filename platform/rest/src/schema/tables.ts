/** Tables, views and their columns, read from the system catalogs. */
import type { ClientBase } from 'pg';
import { z } from 'zod';
import { type Column, keyOf, type Table } from './types.ts';

/**
 * One row per relation, columns as JSON. `search_path` must be empty, so that types and defaults come out qualified.
 * Base types of domains: pg_basetype() exists from 17 on only, hence the recursion.
 */
const sql = `
with recursive base as (
  select oid as type, oid as base, typnamespace as namespace, typbasetype as next from pg_type
  union all
  select base.type, t.oid, t.typnamespace, t.typbasetype from base join pg_type t on t.oid = base.next
),
base_type as (select type, base, namespace from base where next = 0),
-- Columns of all tables, not of exposed schemas only: junctions and targets of foreign keys may live elsewhere.
relation as (
  select c.oid, c.relname, c.relkind, n.nspname
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'v', 'm', 'f', 'p')
    and not c.relispartition
    and not pg_is_other_temp_schema(n.oid)
    and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
),
exposed as (select * from relation where nspname = any($1)),
col as (
  select a.attrelid as relation, json_agg(json_build_object(
    'name', a.attname,
    'description', col_description(a.attrelid, a.attnum),
    'nullable', not (a.attnotnull or (t.typtype = 'd' and t.typnotnull)),
    'type', format_type(a.atttypid, a.atttypmod),
    'baseType', case
      when t.typtype = 'd' and b.namespace = 'pg_catalog'::regnamespace then format_type(b.base, null)
      when t.typtype <> 'd' and t.typnamespace = 'pg_catalog'::regnamespace then format_type(a.atttypid, null)
      else format_type(a.atttypid, a.atttypmod)
    end,
    'maxLength', case
      when b.base in ('bpchar'::regtype, 'varchar'::regtype) and l.modifier > 4 then l.modifier - 4
      when b.base in ('bit'::regtype, 'varbit'::regtype) and l.modifier > 0 then l.modifier
    end,
    'default', case
      when a.attidentity = 'd' then (
        select format('nextval(%L)', s.objid::regclass)
        from pg_depend s
        where s.classid = 'pg_class'::regclass and s.refobjid = a.attrelid and s.refobjsubid = a.attnum and s.deptype = 'i'
      )
      when a.attgenerated <> '' then null
      when d.adbin is null and t.typtype = 'd' then pg_get_expr(t.typdefaultbin, 0)
      else pg_get_expr(d.adbin, d.adrelid)
    end,
    'enumValues', coalesce((select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = b.base), '[]')
  ) order by a.attnum) as columns
  from exposed r
  join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  join base_type b on b.type = t.oid
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  cross join lateral (select case when t.typtype = 'd' then t.typtypmod else a.atttypmod end as modifier) l
  group by a.attrelid
),
-- Bits of pg_relation_is_updatable: 4 update, 8 insert, 16 delete (1 << CmdType).
writable as (
  select r.oid, case
    when r.relkind in ('r', 'p') then 28
    when r.relkind in ('v', 'f') then pg_relation_is_updatable(r.oid::regclass, true)
    else 0
  end as bits
  from exposed r
)
select r.nspname as schema, r.relname as name,
  obj_description(r.oid, 'pg_class') as description,
  r.relkind in ('v', 'm') as "isView",
  coalesce(w.bits & 8, 0) > 0 as insertable,
  coalesce(w.bits & 4, 0) > 0 as updatable,
  coalesce(w.bits & 16, 0) > 0 as deletable,
  coalesce((
    select json_agg(a.attname order by a.attname)
    from pg_constraint k
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any(k.conkey)
    where k.conrelid = r.oid and k.contype = 'p'
  ), '[]') as "primaryKey",
  coalesce(col.columns, '[]') as columns
from relation r
left join writable w on w.oid = r.oid
left join col on col.relation = r.oid
order by r.nspname, r.relname`;

const row = z.object({
  schema: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  isView: z.boolean(),
  insertable: z.boolean(),
  updatable: z.boolean(),
  deletable: z.boolean(),
  primaryKey: z.array(z.string()),
  columns: z.array(
    z.object({
      name: z.string(),
      description: z.string().nullable(),
      nullable: z.boolean(),
      type: z.string(),
      baseType: z.string(),
      maxLength: z.number().nullable(),
      default: z.string().nullable(),
      enumValues: z.array(z.string()),
    }),
  ),
});

/** All tables and views; columns only of those in `schemas`. */
export const loadTables = async (client: ClientBase, schemas: readonly string[]): Promise<Map<string, Table>> => {
  const { rows } = await client.query(sql, [schemas]);
  const tables = new Map<string, Table>();
  for (const found of z.array(row).parse(rows)) {
    const columns = new Map<string, Column>(found.columns.map((column) => [column.name, column]));
    tables.set(keyOf(found), { ...found, columns });
  }
  return tables;
};
