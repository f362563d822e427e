import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { Logger } from 'pino';
import { DatabaseUnavailable } from '../errors.ts';
import { scramVerifier } from '../scramVerifier.ts';
import type { Account } from './account.ts';
import { type Binaries, completeBinaries, copyBinaries, installedBinaries } from './binaries.ts';
import { type Credentials, createCredentials, readCredentials } from './credentials.ts';
import { lockFolder } from './folderLock.ts';
import { checkMajor, initialise, majorOf } from './initialise.ts';
import { choosePlace, type Place, publicFolder } from './place.ts';
import { reclaim } from './reclaim.ts';
import { type RunningServer, startServer } from './server.ts';

export interface EmbeddedOptions {
  /** Folder for everything that belongs to the server, made where missing. */
  folder: string;
  /** Port on 127.0.0.1; 0 for any free one; default: the one used last, or one from a fixed range. A taken one is replaced. */
  port?: number;
  maxConnections?: number;
  durable?: boolean;
  log: Logger;
}

export interface EmbeddedServer {
  /** Connection string of `connectgain`, who owns the database of the same name. */
  url: string;
  /** Connection string of the administrator, database `postgres`. */
  administratorUrl: string;
  /** PGDATA. */
  data: string;
  /** Resolves when the server has ended, for whatever reason. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL for a folder: takes the folder's lock, clears what an earlier run left, makes the database on the first start,
 * and resolves when it accepts connections. Every failure is a DatabaseUnavailable with a sentence for the operator.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const place = await choosePlace(options.folder, options.log);
  const lock = await lockFolder(place.control);
  let server: RunningServer | undefined;
  try {
    const binaries = await usableBinaries(place);
    await reclaim(place.data, options.log);
    const credentials = await prepareData(place, binaries, options);
    server = await startServer({
      data: place.data,
      binaries,
      account: place.account,
      port: options.port ?? (await usualPort(place.control)),
      maxConnections: options.maxConnections ?? 100,
      durable: options.durable ?? true,
      log: options.log,
    });
    await writeFile(join(place.control, 'port'), `${server.port}\n`, { mode: 0o600 });
    const administratorUrl = connectionString('postgres', credentials.administrator, server.port, 'postgres');
    await ensureOwner(administratorUrl, credentials);
    const { stop, ended } = server;
    return {
      url: connectionString('connectgain', credentials.owner, server.port, 'connectgain'),
      administratorUrl,
      data: place.data,
      ended,
      async stop() {
        await stop();
        await lock.release();
      },
    };
  } catch (error) {
    await server?.stop();
    await lock.release();
    throw error;
  }
}

/** Connection string of the embedded database in a folder as of its last start, or null where none was made yet. */
export async function embeddedUrl(folder: string): Promise<string | null> {
  const credentials = await readCredentials(folder);
  const port = await readPort(folder);
  return credentials && port ? connectionString('connectgain', credentials.owner, port, 'connectgain') : null;
}

function connectionString(user: string, password: string, port: number, database: string): string {
  return `postgresql://${user}:${password}@127.0.0.1:${port}/${database}`;
}

async function readPort(folder: string): Promise<number | null> {
  const text = await readFile(join(folder, 'port'), 'utf8').catch(() => '');
  const port = Number.parseInt(text, 10);
  return port > 0 && port < 65536 ? port : null;
}

/** Below the range from which systems take ports for outgoing connections, and different for every folder. */
async function usualPort(folder: string): Promise<number> {
  return (await readPort(folder)) ?? 25_000 + (createHash('sha256').update(folder).digest().readUInt16BE(0) % 2_000);
}

/** The installed programs, or a copy where the server's account can run it. */
async function usableBinaries(place: Place): Promise<Binaries> {
  const installed = await installedBinaries();
  if ((await completeBinaries(installed)) && (await versionFrom(installed, place.account)) === '') return installed;
  const copied = await copyBinaries(installed, place.account ? await publicFolder(place.account) : place.control);
  const complaint = await versionFrom(copied, place.account);
  if (complaint === '') return copied;
  throw new DatabaseUnavailable(
    'binaries',
    `The PostgreSQL programs do not run on this machine (${complaint}): install PostgreSQL and set DATABASE_URL.`,
  );
}

/** Runs `postgres --version` as the account; returns the complaint, empty where it works. */
function versionFrom(binaries: Binaries, account: Account): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(binaries.postgres, ['--version'], {
      ...account,
      cwd: '/',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let complaint = '';
    child.stderr.on('data', (chunk) => {
      complaint += chunk;
    });
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => resolve(code === 0 ? '' : complaint.trim() || `ended with ${code}`));
  });
}

async function prepareData(place: Place, binaries: Binaries, { log, durable }: EmbeddedOptions): Promise<Credentials> {
  const major = await majorOf(place.data);
  if (major === null) {
    const credentials = await createCredentials(place.control);
    await initialise({ ...place, binaries, password: credentials.administrator, durable: durable ?? true });
    log.info({ data: place.data }, 'made a new database');
    return credentials;
  }
  checkMajor(place.data, major);
  const known = await readCredentials(place.control);
  if (known) return known;
  log.warn('the database passwords are missing, setting new ones');
  const credentials = await createCredentials(place.control);
  await resetAdministrator(place, binaries, credentials.administrator);
  return credentials;
}

/** Sets the administrator's password without logging in, in the server's single-user mode. */
async function resetAdministrator(place: Place, binaries: Binaries, password: string): Promise<void> {
  const child = spawn(binaries.postgres, ['--single', '-D', place.data, 'postgres'], {
    ...place.account,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(`alter role postgres password '${scramVerifier(password)}';\n`);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) {
    throw new DatabaseUnavailable(
      'start',
      `The database in ${place.data} does not start: ${output.trim().split('\n').at(-1)}.`,
      {
        cause: output,
      },
    );
  }
}

/**
 * The owner's login and database, made where missing. The owner is no superuser, so that the embedded database refuses what a hosted
 * one would refuse; BYPASSRLS lets it hand that right on to service_role.
 */
async function ensureOwner(administratorUrl: string, credentials: Credentials): Promise<void> {
  const client = new pg.Client({ connectionString: administratorUrl, application_name: 'connectgain setup' });
  await client.connect();
  try {
    const found = await client.query<{ role: boolean; database: boolean }>(
      `select exists (select from pg_roles where rolname = 'connectgain') as role,
              exists (select from pg_database where datname = 'connectgain') as database`,
    );
    const verb = found.rows[0]?.role ? 'alter' : 'create';
    if (verb === 'create' || !(await mayLogIn(administratorUrl, credentials))) {
      await client.query(
        `${verb} role connectgain login nosuperuser createdb createrole bypassrls password '${scramVerifier(credentials.owner)}'`,
      );
    }
    if (!found.rows[0]?.database) await client.query('create database connectgain owner connectgain');
  } finally {
    await client.end();
  }
}

async function mayLogIn(administratorUrl: string, credentials: Credentials): Promise<boolean> {
  const url = new URL(administratorUrl);
  url.username = 'connectgain';
  url.password = credentials.owner;
  const client = new pg.Client({ connectionString: url.href });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
