/** Settings that the database itself holds: of the login's role, and what a function sets. */
import type { Pool } from 'pg';
import { z } from 'zod';
import type { QualifiedName } from '../schema/types.ts';
import { qualified } from '../sql/identifier.ts';
import { databaseSettings } from './settings.ts';

/** Those of the whole role, then those of the role in this database, which win. */
const roleSql = `
select substr(s, 1, strpos(s, '=') - 1) as name, substr(s, strpos(s, '=') + 1) as value
from pg_db_role_setting d cross join lateral unnest(d.setconfig) s
where d.setrole = (select oid from pg_roles where rolname = current_user)
  and d.setdatabase in (0, (select oid from pg_database where datname = current_database()))
  and s like 'pgrst.%'
order by d.setdatabase`;

const settingsSql = `
select name, value
from unnest($1::text[]) name cross join lateral (select current_setting(name, true)) as s(value)
where value <> ''`;

const rows = z.array(z.object({ name: z.string(), value: z.string() }));

/** By the name of their variable, `PGRST_DB_SCHEMAS`. */
export const readDatabaseConfig = async (
  pool: Pool,
  preConfig: QualifiedName | undefined,
): Promise<Record<string, string>> => {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const ofRole = rows.parse((await client.query(roleSql)).rows);
    if (preConfig !== undefined) await client.query(`select ${qualified(preConfig)}()`);
    const set = preConfig === undefined ? [] : rows.parse((await client.query(settingsSql, [databaseSettings])).rows);
    await client.query('rollback');
    client.release();
    return Object.fromEntries([...ofRole, ...set].map(({ name, value }) => [variableOf(name), value]));
  } catch (error) {
    client.release(true);
    throw error;
  }
};

const variableOf = (setting: string): string => `PGRST_${setting.slice('pgrst.'.length).toUpperCase()}`;
