import pg from 'pg';
import { againWhenConcurrent } from './againWhenConcurrent.ts';

/** Types such as citext and operators such as `%` of pg_trgm live in `extensions` and are written without it. */
const searchPath = 'public, extensions';

/**
 * Makes the search path the default of the database, for every login. It is kept beside the database in the server, so a copy
 * (CREATE DATABASE ... TEMPLATE) or a restored dump lacks it: seen to at every opening.
 */
export async function ensureSearchPath(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'connectgain search path' });
  await client.connect();
  try {
    await againWhenConcurrent(async () => {
      const found = await client.query<{ search_path: string; database: string }>(
        "select current_setting('search_path') as search_path, current_database() as database",
      );
      const row = found.rows[0];
      if (!row || row.search_path === searchPath) return;
      await client.query(`alter database ${pg.escapeIdentifier(row.database)} set search_path = ${searchPath}`);
    });
  } finally {
    await client.end();
  }
}
