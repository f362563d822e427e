import { spawn } from 'node:child_process';
import { chmod, mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf, DatabaseUnavailable } from '../errors.ts';
import { type Account, namedAccount } from './account.ts';
import { type Binaries, embeddedMajor } from './binaries.ts';
import { chownTree } from './chownTree.ts';

/** Password logins over loopback and nothing else. */
const hostAccess = ['host all all 127.0.0.1/32 scram-sha-256', ''].join('\n');

/** The major version of the data folder, or null where there is no whole one yet. */
export async function majorOf(data: string): Promise<number | null> {
  const text = await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => null);
  return text === null ? null : Number.parseInt(text, 10);
}

/** Stops with a sentence where the data folder is of another major version than the programs. */
export function checkMajor(data: string, major: number): void {
  if (major === embeddedMajor) return;
  throw new DatabaseUnavailable(
    'other_major_version',
    `The database in ${data} was written by PostgreSQL ${major} and this program brings ${embeddedMajor}: ` +
      `dump it with pg_dump ${major}, move that folder away, start, and restore the dump.`,
  );
}

export interface InitialiseOptions {
  data: string;
  binaries: Binaries;
  account: Account;
  /** Of the administrator `postgres`. */
  password: string;
  /** False in tests: the files are not forced to the disk. */
  durable: boolean;
  /** Arguments of initdb; default: the built-in C.UTF-8, which every machine has and no update of the system changes (17 and newer). */
  locale?: readonly string[];
}

/**
 * pg_trgm asks the operating system, not the built-in locale, which characters are letters (ts_locale.c). Below LC_CTYPE=C none but those
 * of ASCII are, and a search for an Arabic name reads the whole table.
 */
const builtinLocale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
const builtinLocales = [
  ...['C.UTF-8', 'en_US.UTF-8'].map((name) => [...builtinLocale, `--lc-ctype=${name}`]),
  builtinLocale,
];

/**
 * Makes a new, empty data folder whose administrator `postgres` has the given password. It is made beside its final place and
 * moved there when complete: what an interrupted attempt left is never mistaken for a database, and is removed here.
 */
export async function initialise(options: InitialiseOptions): Promise<void> {
  const { data, binaries, account, password, durable, locale } = options;
  const workshop = `${data}.new`;
  const partial = join(workshop, 'data');
  await rm(workshop, { recursive: true, force: true });
  await removeEmpty(data);
  await mkdir(partial, { recursive: true, mode: 0o700 });
  await writeFile(join(workshop, 'password'), password, { mode: 0o600 });
  const builder = await namedAccount();
  if (builder) await chownTree(workshop, builder);
  await chmod(workshop, 0o700);
  const common = [`--pwfile=${join(workshop, 'password')}`, ...(durable ? [] : ['--no-sync'])];
  await runInitdb(
    binaries,
    builder,
    partial,
    (locale ? [locale] : builtinLocales).map((wanted) => [...common, ...wanted]),
  );
  await writeFile(join(partial, 'pg_hba.conf'), hostAccess);
  if (account) await chownTree(partial, account);
  await mkdir(dirname(data), { recursive: true });
  await rename(partial, data);
  await rm(workshop, { recursive: true, force: true });
}

/** A folder with anything in it may be somebody's database that lost a file: never removed. */
async function removeEmpty(data: string): Promise<void> {
  try {
    await rmdir(data);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw new DatabaseUnavailable(
      'initdb',
      `${data} holds something, but no database (PG_VERSION is missing): restore it from a backup, or move it away to begin anew.`,
      { cause: error },
    );
  }
}

/** Tries one set of arguments after another while the machine lacks the locale that they name. */
async function runInitdb(
  binaries: Binaries,
  builder: Account,
  data: string,
  attempts: readonly (readonly string[])[],
): Promise<void> {
  let code: number | null = null;
  let output = '';
  for (const more of attempts) {
    ({ code, output } = await initdb(binaries, builder, data, more));
    if (code === 0) return;
    if (!output.includes('invalid locale name')) break;
  }
  throw new DatabaseUnavailable(
    'initdb',
    `The new database in ${dirname(dirname(data))} cannot be made (${output.trim().split('\n').at(-1) || `initdb ended with ${code}`}): ` +
      'see that the disk has 100 MB free and the folder is writable, then start again.',
    { cause: output },
  );
}

async function initdb(
  binaries: Binaries,
  builder: Account,
  data: string,
  more: readonly string[],
): Promise<{ code: number | null; output: string }> {
  const child = spawn(
    binaries.initdb,
    [
      `--pgdata=${data}`,
      '--username=postgres',
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--no-instructions',
      ...more,
    ],
    { ...builder, cwd: '/', env: { PATH: process.env.PATH, TZ: 'UTC' }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let output = '';
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { code, output };
}
