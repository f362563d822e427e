import { pipeline } from '@connectgain/postgres';
import type { Pool } from 'pg';
import { lendClient } from '../lendClient.ts';
import type { PolicyRow } from './policies.ts';

export interface ColumnRow {
  name: string;
  /** As pg_type names it (`int4`, `_text`): what clients decode by. */
  type: string;
  /** As SQL writes it, qualified. */
  sqlType: string;
  /** The type under a domain, and its category (pg_type.typcategory). */
  baseType: string;
  category: string;
  key: boolean;
}

export interface RoleRow {
  name: string;
  /** Row level security does not bind this role here. */
  bypass: boolean;
  columns: string[] | null;
  mayInsert: boolean;
}

export interface TableRow {
  oid: number;
  schema: string;
  name: string;
  quoted: string;
  rowSecurity: boolean;
  identityFull: boolean;
  columns: ColumnRow[] | null;
  roles: RoleRow[] | null;
  policies: PolicyRow[] | null;
}

/** Everything about tracked tables (and realtime.messages) that decides who sees what, in one query. */
const catalogQuery = `
select c.oid::int8 as oid, n.nspname as schema, c.relname as name, format('%I.%I', n.nspname, c.relname) as quoted,
  c.relrowsecurity as "rowSecurity", c.relreplident = 'f' as "identityFull",
  (select json_agg(json_build_object('name', a.attname, 'type', t.typname, 'sqlType', format_type(a.atttypid, null),
      'baseType', b.typname, 'category', b.typcategory, 'key', coalesce(a.attnum = any (i.indkey), false))
      order by array_position(i.indkey::int2[], a.attnum), a.attnum)
    from pg_attribute a
    join pg_type t on t.oid = a.atttypid
    join pg_type b on b.oid = coalesce(nullif(t.typbasetype, 0), t.oid)
    left join pg_index i on i.indrelid = c.oid and i.indisprimary
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
  (select json_agg(json_build_object('name', r.rolname,
      'bypass', r.rolbypassrls or r.rolsuper or (pg_has_role(r.oid, c.relowner, 'USAGE') and not c.relforcerowsecurity),
      'columns', (select json_agg(a.attname) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
          and has_schema_privilege(r.oid, n.oid, 'USAGE') and has_column_privilege(r.oid, c.oid, a.attnum, 'SELECT')),
      'mayInsert', has_schema_privilege(r.oid, n.oid, 'USAGE') and has_table_privilege(r.oid, c.oid, 'INSERT')))
    from pg_roles r where r.rolname = any ($1)) as roles,
  (select json_agg(json_build_object('permissive', p.polpermissive, 'command', p.polcmd,
      'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid),
      'roles', (select json_agg(r.rolname) from pg_roles r where r.rolname = any ($1)
        and (0 = any (p.polroles) or exists (select from unnest(p.polroles) granted where pg_has_role(r.oid, granted, 'USAGE'))))))
    from pg_policy p where p.polrelid = c.oid) as policies
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.oid in (select relation from realtime.tracked) or c.oid = 'realtime.messages'::regclass`;

/** Reads the catalog as the owner. With an empty search path PostgreSQL writes every name in a policy qualified. */
export async function queryCatalog(owner: Pool, roles: readonly string[]): Promise<TableRow[]> {
  const [, result] = await lendClient(owner, (client) =>
    pipeline(client, [
      { text: "select set_config('search_path', '', true)" },
      { name: 'realtime_catalog', text: catalogQuery, values: [roles] },
    ]),
  );
  const rows: TableRow[] = result?.rows ?? [];
  return rows.map((row) => ({ ...row, oid: Number(row.oid) }));
}
