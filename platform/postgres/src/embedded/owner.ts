import { spawn } from 'node:child_process';
import pg from 'pg';
import { DatabaseUnavailable } from '../errors.ts';
import { urlAs } from '../pools.ts';
import { scramVerifier } from '../scramVerifier.ts';
import { type Account, namedAccount } from './account.ts';
import type { Binaries } from './binaries.ts';
import { chownTree } from './chownTree.ts';
import type { Place } from './place.ts';

/** Name of the login that owns the embedded database, and of the database. */
export const ownerName = 'connectgain';

/**
 * The owner's login and database, made where missing. The owner is no superuser, so that the embedded database refuses what a hosted
 * one would refuse; BYPASSRLS lets it hand that right on to service_role.
 */
export async function ensureOwner(administratorUrl: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: administratorUrl, application_name: 'connectgain setup' });
  await client.connect();
  try {
    const found = await client.query<{ role: boolean; database: boolean }>(
      `select exists (select from pg_roles where rolname = $1) as role,
              exists (select from pg_database where datname = $1) as database`,
      [ownerName],
    );
    const exists = found.rows[0] ?? { role: false, database: false };
    const attributes = `login nosuperuser createdb createrole bypassrls password '${scramVerifier(password)}'`;
    if (!exists.role) await client.query(`create role ${ownerName} ${attributes}`);
    else if (!(await mayLogIn(administratorUrl, password))) await client.query(`alter role ${ownerName} ${attributes}`);
    if (!exists.database) {
      await markLeakproof(administratorUrl);
      await client.query(`create database ${ownerName} owner ${ownerName}`);
    }
  } finally {
    await client.end();
  }
}

/**
 * Row level security lets a condition into an index only where its operator is leakproof, which only a superuser may say. Those of arrays are:
 * they compare elements by the equality of their type and fail for no value, only for types that do not go together. Said in
 * template1, so that every database made from now on knows it.
 */
async function markLeakproof(administratorUrl: string): Promise<void> {
  const template = new URL(administratorUrl);
  template.pathname = '/template1';
  const client = new pg.Client({ connectionString: template.href, application_name: 'connectgain setup' });
  await client.connect();
  try {
    await client.query(
      `alter function pg_catalog.arraycontains(anyarray, anyarray) leakproof;
       alter function pg_catalog.arrayoverlap(anyarray, anyarray) leakproof`,
    );
  } finally {
    await client.end();
  }
}

async function mayLogIn(administratorUrl: string, password: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: urlAs(administratorUrl, ownerName, password) });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Sets the administrator's password without logging in, in the server's single-user mode: for when the old one is lost. That mode wants
 * an account with a name, so that as root the data are lent to one that has it.
 */
export async function resetAdministrator(place: Place, binaries: Binaries, password: string): Promise<void> {
  const named = await namedAccount();
  if (named) await chownTree(place.data, named);
  const { code, output } = await runSingleUser(binaries, named, place.data, [
    `alter role postgres password '${scramVerifier(password)}'`,
  ]);
  if (place.account) await chownTree(place.data, place.account);
  if (code === 0) return;
  throw new DatabaseUnavailable(
    'start',
    `The database in ${place.data} does not start: ${output.trim().split('\n').at(-1)}.`,
    { cause: output },
  );
}

/** Runs one statement per line in the database `postgres`. */
async function runSingleUser(
  binaries: Binaries,
  account: Account,
  data: string,
  statements: readonly string[],
): Promise<{ code: number | null; output: string }> {
  const child = spawn(binaries.postgres, ['--single', '-D', data, 'postgres'], {
    ...account,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(`${statements.join('\n')}\n`);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { code, output };
}
