/** Reads the whole schema cache from a database, in one snapshot. */
import type { ClientBase, Pool } from 'pg';
import { z } from 'zod';
import { loadForeignKeys, loadViewKeys } from './foreignKeys.ts';
import { deriveRelationships, viewPrimaryKeys } from './relationships.ts';
import { loadComputedRelationships, loadMediaHandlers, loadRoutines } from './routines.ts';
import { loadTables } from './tables.ts';
import { keyOf, type Representation, type SchemaCache, type Table } from './types.ts';

export interface LoadOptions {
  schemas: readonly string[];
  /** Settings of functions that are to hold for the whole transaction. */
  hoistedSettings: readonly string[];
}

/** Settings of functions that PostgREST takes to the transaction unless told otherwise. */
export const defaultHoistedSettings = [
  'statement_timeout',
  'plan_filter.statement_cost_limit',
  'default_transaction_isolation',
];

/** Any login can read what is needed: the catalogs are open to everybody. Rejects with pg's error. */
export const loadSchemaCache = async (pool: Pool, options: LoadOptions, generation: number): Promise<SchemaCache> => {
  const client = await pool.connect();
  try {
    await client.query('begin isolation level repeatable read, read only');
    const found = await client.query("select current_setting('search_path') as path");
    const [{ path }] = z.tuple([z.object({ path: z.string() })]).parse(found.rows);
    await client.query("set local search_path to ''");
    const cache = await read(client, options, { generation, searchPath: path });
    await client.query('commit');
    client.release();
    return cache;
  } catch (error) {
    client.release(true);
    throw error;
  }
};

const read = async (
  client: ClientBase,
  options: LoadOptions,
  { generation, searchPath }: Pick<SchemaCache, 'generation' | 'searchPath'>,
): Promise<SchemaCache> => {
  const { schemas } = options;
  const tables = await loadTables(client, schemas);
  const viewKeys = await loadViewKeys(client);
  const complete = withViewKeys(tables, viewPrimaryKeys(viewKeys));
  const relationships = deriveRelationships({
    tables: complete,
    foreignKeys: await loadForeignKeys(client),
    viewKeys,
    computed: await loadComputedRelationships(client),
    schemas,
  });
  return {
    generation,
    searchPath,
    schemas,
    tables: new Map([...complete].filter(([, table]) => schemas.includes(table.schema))),
    relationships,
    routines: await loadRoutines(client, schemas, options.hoistedSettings),
    handlers: await loadMediaHandlers(client, schemas),
    representations: await loadRepresentations(client),
    roles: await loadRoles(client),
  };
};

const withViewKeys = (
  tables: ReadonlyMap<string, Table>,
  primaryKeys: ReadonlyMap<string, readonly string[]>,
): Map<string, Table> =>
  new Map(
    [...tables].map(([key, table]) => [
      key,
      table.isView ? { ...table, primaryKey: primaryKeys.get(keyOf(table)) ?? [] } : table,
    ]),
  );

/** Casts between domains and json or text that run by themselves. */
const representationSql = `
select format_type(k.castsource, null) as "from", format_type(k.casttarget, null) as "to",
  k.castfunc::regproc::text as function
from pg_cast k
join pg_type s on s.oid = k.castsource
join pg_type t on t.oid = k.casttarget
where k.castcontext = 'i' and k.castmethod = 'f' and has_function_privilege(k.castfunc, 'execute')
  and ((s.typtype = 'd' and k.casttarget in ('json'::regtype, 'text'::regtype))
    or (t.typtype = 'd' and k.castsource in ('json'::regtype, 'text'::regtype)))`;

const loadRepresentations = async (client: ClientBase): Promise<Map<string, Representation>> => {
  const { rows } = await client.query(representationSql);
  const found = z.array(z.object({ from: z.string(), to: z.string(), function: z.string() })).parse(rows);
  return new Map(found.map((r) => [`${r.from} ${r.to}`, r]));
};

/** Settings of the roles that this login may become, as far as it may set them itself. */
const roleSql = `
select r.rolname as role,
  json_agg(json_build_array(substr(s, 1, strpos(s, '=') - 1), substr(s, strpos(s, '=') + 1))) as settings
from pg_db_role_setting d
join pg_roles r on r.oid = d.setrole
cross join lateral unnest(d.setconfig) s
left join pg_settings g on g.name = split_part(s, '=', 1)
where d.setdatabase in (0, (select oid from pg_database where datname = current_database()))
  and pg_has_role(current_user, r.oid, 'member')
  and (g.context = 'user' or (g.context = 'superuser' and current_setting('is_superuser') = 'on'))
group by r.rolname`;

const loadRoles = async (client: ClientBase): Promise<SchemaCache['roles']> => {
  const { rows } = await client.query(roleSql);
  const found = z
    .array(z.object({ role: z.string(), settings: z.array(z.tuple([z.string(), z.string()])) }))
    .parse(rows);
  return new Map(
    found.map(({ role, settings }) => {
      const isolation = settings.find(([name]) => name === 'default_transaction_isolation')?.[1];
      const others = settings.filter(([name]) => name !== 'default_transaction_isolation');
      return [role, { settings: Object.fromEntries(others), isolation }];
    }),
  );
};
