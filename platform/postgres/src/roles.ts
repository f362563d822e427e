import pg from 'pg';
import { againWhenConcurrent } from './againWhenConcurrent.ts';
import { codeOf, DatabaseUnavailable, reasonOf } from './errors.ts';
import { authenticatorPassword, urlAs } from './pools.ts';
import { scramVerifier } from './scramVerifier.ts';

const requestRoles = ['anon', 'authenticated', 'service_role'] as const;
const lockKey = 'connectgain roles';

/**
 * Makes the roles that requests run as, or what is missing of them: `anon`, `authenticated`, `service_role` (which row level
 * security lets through where the server allows us to say so) and the login `authenticator` that may become each of them
 * but inherits nothing. Roles belong to the whole server, so this is done at every opening and not by a migration:
 * a restored dump on a new server finds them too.
 */
export async function ensureRoles(url: string, secret: string): Promise<void> {
  const password = authenticatorPassword(secret);
  const client = new pg.Client({ connectionString: url, application_name: 'connectgain roles' });
  await client.connect();
  try {
    await againWhenConcurrent(async () => {
      if (!(await createInTransaction(client, password))) await ensurePassword(client, url, password);
    });
  } catch (error) {
    if (codeOf(error) === '42501') throw lacksRight(client.user ?? '', error);
    throw error;
  } finally {
    await client.end();
  }
}

async function createInTransaction(client: pg.Client, password: string): Promise<boolean> {
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [lockKey]);
    const isNew = await createMissing(client, password);
    await client.query('commit');
    return isNew;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

/** Returns whether the authenticator is a new one. */
async function createMissing(client: pg.Client, password: string): Promise<boolean> {
  const found = await client.query<{ rolname: string }>(
    "select rolname from pg_roles where rolname in ('anon', 'authenticated', 'service_role', 'authenticator')",
  );
  const existing = new Set(found.rows.map((row) => row.rolname));
  for (const role of requestRoles) {
    if (existing.has(role)) continue;
    const bypass = role === 'service_role' && (await mayGrantBypass(client)) ? ' bypassrls' : '';
    await client.query(`create role ${role} nologin noinherit${bypass}`);
  }
  if (!existing.has('authenticator')) {
    await client.query(`create role authenticator login noinherit password '${scramVerifier(password)}'`);
  }
  await grantMissing(client, 'authenticator');
  await grantMissing(client, null);
  return !existing.has('authenticator');
}

/** PostgreSQL lets a superuser, from 16 on also a role with BYPASSRLS itself, make another role that has it. */
async function mayGrantBypass(client: pg.Client): Promise<boolean> {
  const result = await client.query<{ may: boolean }>(
    `select rolsuper or (rolbypassrls and current_setting('server_version_num')::int >= 160000) as may
     from pg_roles where rolname = current_user`,
  );
  return result.rows[0]?.may === true;
}

/** `member` null is the owner: it must be able to become each role too, for jobs that act for a user. */
async function grantMissing(client: pg.Client, member: string | null): Promise<void> {
  const right = "case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end";
  const missing = await client.query<{ role: string; member: string }>(
    `select role, coalesce($2, current_user) as member from unnest($1::text[]) as role
     where not pg_has_role(coalesce($2, current_user), role, ${right})`,
    [[...requestRoles], member],
  );
  for (const { role, member: name } of missing.rows)
    await client.query(`grant ${role} to ${pg.escapeIdentifier(name)}`);
}

/** Logs in as the authenticator; where that fails for the password, sets the one that belongs to the secret. */
async function ensurePassword(owner: pg.Client, url: string, password: string): Promise<void> {
  const loginUrl = urlAs(url, 'authenticator', password);
  if (await mayLogIn(loginUrl)) return;
  await owner.query(`alter role authenticator login password '${scramVerifier(password)}'`);
  if (!(await mayLogIn(loginUrl))) {
    throw new DatabaseUnavailable(
      'roles',
      'The server does not let the role "authenticator" log in with its password: allow it in pg_hba.conf (scram-sha-256).',
    );
  }
}

async function mayLogIn(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, application_name: 'connectgain roles' });
  try {
    await client.connect();
    return true;
  } catch (error) {
    const code = codeOf(error);
    // 28P01 wrong password, 28000 no such login or no matching line in pg_hba.conf.
    if (code === '28P01' || code === '28000') return false;
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function lacksRight(user: string, cause: unknown): DatabaseUnavailable {
  return new DatabaseUnavailable(
    'roles',
    `The database user "${user}" may not set up the roles anon, authenticated, service_role and authenticator ` +
      `(${reasonOf(cause)}): run ALTER ROLE ${pg.escapeIdentifier(user)} CREATEROLE as an administrator, then start again.`,
    { cause },
  );
}
