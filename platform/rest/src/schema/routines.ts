/** Functions that can be called, and those that relate tables or render answers. */
import type { ClientBase } from 'pg';
import { z } from 'zod';
import { type ComputedRelationship, keyOf, type MediaHandler, type Routine } from './types.ts';

const routineSql = `
with recursive base as (
  select oid as type, oid as base, typbasetype as next from pg_type
  union all
  select base.type, t.oid, t.typbasetype from base join pg_type t on t.oid = base.next
),
base_type as (select type, base from base where next = 0),
parameter as (
  select p.oid as routine,
    json_agg(json_build_object(
      'name', coalesce(a.name, ''),
      'type', format_type(a.type, null),
      -- A length would cut arguments short without a word.
      'looseType', case a.type
        when 'bit'::regtype then 'bit varying'
        when 'bit[]'::regtype then 'bit varying[]'
        when 'character'::regtype then 'character varying'
        when 'character[]'::regtype then 'character varying[]'
        else format_type(a.type, null)
      end,
      'required', a.position <= p.pronargs - p.pronargdefaults,
      'variadic', coalesce(a.mode = 'v', false)
    ) order by a.position) as parameters,
    count(*) filter (where coalesce(a.name, '') = '') as unnamed,
    bool_or(coalesce(a.name, '') = ''
      and a.type in ('bytea'::regtype, 'json'::regtype, 'jsonb'::regtype, 'text'::regtype, 'xml'::regtype)) as fits
  from pg_proc p
  cross join lateral unnest(p.proargnames, p.proargtypes, p.proargmodes)
    with ordinality as a(name, type, mode, position)
  where a.type is not null
  group by p.oid
)
select n.nspname as schema, p.proname as name,
  obj_description(p.oid, 'pg_proc') as description,
  coalesce(a.parameters, '[]') as parameters,
  json_build_object(
    'set', p.proretset,
    'composite', t.typtype = 'c' or coalesce(p.proargmodes::text[] && '{t,b,o}', false),
    'type', json_build_object('schema', tn.nspname, 'name', coalesce(c.relname, t.typname))
  ) as returns,
  case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end as volatility,
  (select split_part(s, '=', 2) from unnest(p.proconfig) s where s like 'default_transaction_isolation=%') as isolation,
  coalesce((
    select json_agg(json_build_array(substr(s, 1, strpos(s, '=') - 1), substr(s, strpos(s, '=') + 1)))
    from unnest(p.proconfig) s
    where split_part(s, '=', 1) = any($2)
  ), '[]') as settings
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
left join parameter a on a.routine = p.oid
join base_type b on b.type = p.prorettype
join pg_type t on t.oid = b.base
join pg_namespace tn on tn.oid = t.typnamespace
left join pg_class c on c.oid = t.typrelid
where p.prokind = 'f' and t.oid <> 'trigger'::regtype
  -- A parameter without a name can only be filled by a whole body.
  and (a.unnamed is null or a.unnamed = 0 or (a.unnamed = 1 and a.fits))
  and n.nspname = any($1)
order by n.nspname, p.proname, p.pronargs, p.oid`;

const routineRow = z.object({
  schema: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  parameters: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      looseType: z.string(),
      required: z.boolean(),
      variadic: z.boolean(),
    }),
  ),
  returns: z.object({
    set: z.boolean(),
    composite: z.boolean(),
    type: z.object({ schema: z.string(), name: z.string() }),
  }),
  volatility: z.enum(['volatile', 'stable', 'immutable']),
  isolation: z.string().nullable(),
  settings: z.array(z.tuple([z.string(), z.string()])),
});

/** Functions of the exposed schemas. @param hoisted settings of functions that are to hold for the whole transaction */
export const loadRoutines = async (
  client: ClientBase,
  schemas: readonly string[],
  hoisted: readonly string[],
): Promise<Map<string, Routine[]>> => {
  const { rows } = await client.query(routineSql, [schemas, hoisted]);
  return Map.groupBy<string, Routine>(z.array(routineRow).parse(rows), keyOf);
};

const computedSql = `
select fn.nspname as "functionSchema", p.proname as "functionName",
  an.nspname as "fromSchema", a.typname as "fromName",
  rn.nspname as "toSchema", r.typname as "toName",
  not p.proretset or p.prorows = 1 as "toOne",
  a.oid = r.oid as "isSelf"
from pg_proc p
join pg_namespace fn on fn.oid = p.pronamespace
join pg_type a on a.oid = p.proargtypes[0]
join pg_class ac on ac.reltype = a.oid and ac.relkind in ('r', 'v', 'm', 'f', 'p')
join pg_namespace an on an.oid = a.typnamespace
join pg_type r on r.oid = p.prorettype
join pg_class rc on rc.reltype = r.oid and rc.relkind in ('r', 'v', 'm', 'f', 'p')
join pg_namespace rn on rn.oid = r.typnamespace
where p.pronargs = 1 and p.prokind = 'f'`;

const computedRow = z.object({
  functionSchema: z.string(),
  functionName: z.string(),
  fromSchema: z.string(),
  fromName: z.string(),
  toSchema: z.string(),
  toName: z.string(),
  toOne: z.boolean(),
  isSelf: z.boolean(),
});

/** Functions from a table's row to another table's rows. */
export const loadComputedRelationships = async (client: ClientBase): Promise<ComputedRelationship[]> => {
  const { rows } = await client.query(computedSql);
  return z
    .array(computedRow)
    .parse(rows)
    .map((r) => ({
      kind: 'computed',
      function: { schema: r.functionSchema, name: r.functionName },
      from: { schema: r.fromSchema, name: r.fromName },
      to: { schema: r.toSchema, name: r.toName },
      toOne: r.toOne,
      isSelf: r.isSelf,
    }));
};

/** Domains named like media types, aggregates over rows that return them, and functions that return them outright. */
const handlerSql = `
with media as (
  select t.oid, lower(t.typname) as type, tn.nspname as schema, t.typname as name,
    case t.typname when '*/*' then 'application/octet-stream' else t.typname end as produces
  from pg_type t
  join pg_namespace tn on tn.oid = t.typnamespace
  where t.typbasetype <> 0 and (t.typname ~* '^[A-Za-z0-9.-]+/[A-Za-z0-9.+-]+$' or t.typname = '*/*')
)
select pn.nspname as "functionSchema", p.proname as "functionName",
  an.nspname as "targetSchema", a.typname as "targetName", m.type as "mediaType", m.produces
from media m
join pg_proc p on p.prorettype = m.oid and p.prokind = 'a' and p.pronargs = 1
join pg_namespace pn on pn.oid = p.pronamespace
join pg_type a on a.oid = p.proargtypes[0]
join pg_namespace an on an.oid = a.typnamespace
where pn.nspname = any($1)
  and (a.typname = 'anyelement' or exists (
    select from pg_class c where c.reltype = a.oid and c.relkind in ('r', 'v', 'm', 'f', 'p')))
union
select m.schema, m.name, pn.nspname, p.proname, m.type, m.produces
from media m
join pg_proc p on p.prorettype = m.oid and p.prokind = 'f' and not p.proretset
join pg_namespace pn on pn.oid = p.pronamespace
where pn.nspname = any($1)`;

const handlerRow = z.object({
  functionSchema: z.string(),
  functionName: z.string(),
  targetSchema: z.string(),
  targetName: z.string(),
  mediaType: z.string(),
  produces: z.string(),
});

export const loadMediaHandlers = async (client: ClientBase, schemas: readonly string[]): Promise<MediaHandler[]> => {
  const { rows } = await client.query(handlerSql, [schemas]);
  return z
    .array(handlerRow)
    .parse(rows)
    .map((r) => ({
      function: { schema: r.functionSchema, name: r.functionName },
      target:
        r.targetSchema === 'pg_catalog' && r.targetName === 'anyelement'
          ? undefined
          : { schema: r.targetSchema, name: r.targetName },
      mediaType: r.mediaType,
      produces: r.produces,
    }));
};
