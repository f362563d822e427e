/** Objects that came with an extension belong to it, not to us. `%s` stands for the catalog and the row's alias. */
const notOfExtension = (catalog: string, alias: string) =>
  `not exists (select from pg_depend d where d.classid = '${catalog}'::regclass and d.objid = ${alias}.oid and d.deptype = 'e')`;

/** Every type once, domains resolved to their base: relations, functions and composites refer to them by number. */
export const typesQuery = `
with recursive resolved as (
  select t.oid, t.oid as base from pg_type t where t.typtype <> 'd'
  union all
  select d.oid, r.base from pg_type d join resolved r on r.oid = d.typbasetype where d.typtype = 'd'
)
select r.oid::int8::float8 as oid,
  namespace.nspname as schema,
  element.typname as name,
  case element.typtype
    when 'e' then 'enum' when 'c' then 'composite' when 'r' then 'range' when 'm' then 'range' when 'p' then 'pseudo' else 'base'
  end as kind,
  base.typcategory = 'A' as "array",
  format_type(r.oid, null) as formatted
from resolved r
join pg_type base on base.oid = r.base
left join resolved inner_type on inner_type.oid = base.typelem and base.typcategory = 'A'
join pg_type element on element.oid = coalesce(inner_type.base, base.oid)
join pg_namespace namespace on namespace.oid = element.typnamespace`;

const columns = `(
  select coalesce(json_agg(json_build_object(
    'name', a.attname,
    'type', a.atttypid::int8,
    'formatted', format_type(a.atttypid, a.atttypmod),
    'nullable', not (a.attnotnull or (t.typtype = 'd' and t.typnotnull)),
    'default', case when a.attgenerated = '' then pg_get_expr(def.adbin, def.adrelid) end,
    'identity', case a.attidentity when 'a' then 'always' when 'd' then 'by_default' end,
    'generated', a.attgenerated <> '',
    'comment', col_description(c.oid, a.attnum)
  ) order by a.attnum), '[]')
  from pg_attribute a
  join pg_type t on t.oid = a.atttypid
  left join pg_attrdef def on def.adrelid = a.attrelid and def.adnum = a.attnum
  where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)`;

const columnNames = (relation: string, numbers: string) => `(
  select json_agg(a.attname order by key.position)
  from unnest(${numbers}) with ordinality key (number, position)
  join pg_attribute a on a.attrelid = ${relation} and a.attnum = key.number)`;

/** pg_relation_is_updatable: bit 3 INSERT, bit 2 UPDATE. */
const insertBit = 1 << 3;
const updateBit = 1 << 2;

export const relationsQuery = `
select n.nspname as schema, c.relname as name,
  case c.relkind when 'v' then 'view' when 'm' then 'materialized_view' when 'f' then 'foreign_table' else 'table' end as kind,
  obj_description(c.oid, 'pg_class') as comment,
  ${columns} as columns,
  coalesce((select ${columnNames('c.oid', 'k.conkey')} from pg_constraint k where k.conrelid = c.oid and k.contype = 'p'), '[]')
    as "primaryKey",
  coalesce((
    select json_agg(${columnNames('c.oid', "string_to_array(i.indkey::text, ' ')::int2[]")} order by i.indexrelid)
    from pg_index i
    where i.indrelid = c.oid and i.indisunique and not i.indisprimary and i.indpred is null and i.indexprs is null
      and i.indnkeyatts = i.indnatts
  ), '[]') as uniques,
  pg_relation_is_updatable(c.oid, true) & ${insertBit} <> 0 as insertable,
  pg_relation_is_updatable(c.oid, true) & ${updateBit} <> 0 as updatable
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where n.nspname = any ($1) and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
  and ${notOfExtension('pg_class', 'c')}
order by 1, 2`;

export const foreignKeysQuery = `
select n.nspname as schema, c.relname as relation, k.conname as name,
  ${columnNames('k.conrelid', 'k.conkey')} as columns,
  rn.nspname as "referencedSchema", r.relname as "referencedRelation",
  ${columnNames('k.confrelid', 'k.confkey')} as "referencedColumns"
from pg_constraint k
join pg_class c on c.oid = k.conrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_class r on r.oid = k.confrelid
join pg_namespace rn on rn.oid = r.relnamespace
where n.nspname = any ($1) and k.contype = 'f' and k.conparentid = 0
order by 1, 2, 3`;

/** proargtypes holds IN, INOUT and VARIADIC arguments; proallargtypes, where there is any OUT or TABLE column, all of them. */
export const functionsQuery = `
select n.nspname as schema, p.proname as name, obj_description(p.oid, 'pg_proc') as comment,
  coalesce((
    select json_agg(json_build_object(
      'name', coalesce(a.name, ''),
      'type', a.type::int8,
      'hasDefault', a.position > p.pronargs - p.pronargdefaults,
      'variadic', a.mode = 'v'
    ) order by a.position)
    from (
      select g.name, g.type, g.mode, row_number() over (order by g.place) as position
      from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargnames, p.proargmodes::text[])
        with ordinality g (type, name, mode, place)
      where g.type is not null and coalesce(g.mode, 'i') in ('i', 'b', 'v')
    ) a
  ), '[]') as arguments,
  coalesce((
    select json_agg(json_build_object('name', coalesce(g.name, ''), 'type', g.type::int8) order by g.place)
    from unnest(p.proallargtypes, p.proargnames, p.proargmodes::text[]) with ordinality g (type, name, mode, place)
    where g.mode in ('o', 'b', 't')
  ), '[]') as "resultColumns",
  p.prorettype::int8::float8 as result,
  p.proretset as "returnsSet",
  case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end as volatility,
  p.prosecdef as "securityDefiner"
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
where n.nspname = any ($1) and p.prokind = 'f' and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
  and ${notOfExtension('pg_proc', 'p')}
order by 1, 2, pg_get_function_identity_arguments(p.oid)`;

export const enumsQuery = `
select n.nspname as schema, t.typname as name, obj_description(t.oid, 'pg_type') as comment,
  (select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid) as values
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
where n.nspname = any ($1) and t.typtype = 'e' and ${notOfExtension('pg_type', 't')}
order by 1, 2`;

export const compositesQuery = `
select n.nspname as schema, t.typname as name,
  coalesce((
    select json_agg(json_build_object('name', a.attname, 'type', a.atttypid::int8) order by a.attnum)
    from pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
  ), '[]') as attributes
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
join pg_class c on c.oid = t.typrelid and c.relkind = 'c'
where n.nspname = any ($1) and ${notOfExtension('pg_type', 't')}
order by 1, 2`;
