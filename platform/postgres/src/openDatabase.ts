import { join, resolve } from 'node:path';
import pg from 'pg';
import type { Logger } from 'pino';
import type { Database } from './database.ts';
import { embeddedUrl } from './embedded/connection.ts';
import { startEmbedded } from './embedded/startEmbedded.ts';
import { codeOf, DatabaseUnavailable, reasonOf } from './errors.ts';
import { createPools } from './pools.ts';
import { ensureRoles } from './roles.ts';
import { ensureSearchPath } from './searchPath.ts';

export interface OpenDatabaseOptions {
  /** Connection string of an external PostgreSQL 15 or newer (DATABASE_URL). Absent: the embedded one in `dataDir`. */
  url?: string;
  /** The embedded database lives in `${dataDir}/postgres`. */
  dataDir: string;
  /** Port of the embedded server, see EmbeddedOptions. */
  port?: number;
  /** The instance's secret, from which the authenticator's password comes. */
  secret: string;
  log: Logger;
  /** Connections of both pools together; default 40. */
  maxConnections?: number;
  /** False in tests only: no fsync. Default true. */
  durable?: boolean;
}

const oldestMajor = 15;
const defaultConnections = 40;
/** Beside the pools: LISTEN, workers, a psql, setting up. */
const spareConnections = 20;

/**
 * Opens the database: starts the embedded server, or reaches the external one, sees to roles and search path, and makes the pools.
 * Rejects with DatabaseUnavailable, whose message is a sentence for the operator. Migrations are a step of their own (`migrate`).
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const maxConnections = options.maxConnections ?? defaultConnections;
  if (options.url !== undefined)
    return await connectDatabase(options.url, { ...options, maxConnections, embedded: false });

  const server = await startEmbedded({
    folder: databaseFolder(options.dataDir),
    port: options.port,
    maxConnections: maxConnections + spareConnections,
    durable: options.durable,
    log: options.log,
  });
  try {
    const database = await connectDatabase(server.url, { ...options, maxConnections, embedded: true });
    let closing: Promise<void> | undefined;
    const closeAll = async () => {
      await database.close();
      await server.stop();
    };
    return {
      ...database,
      close() {
        closing ??= closeAll();
        return closing;
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Connection string of the embedded database below a data folder, or null where it was never started. */
export function embeddedDatabaseUrl(dataDir: string): Promise<string | null> {
  return embeddedUrl(databaseFolder(dataDir));
}

function databaseFolder(dataDir: string): string {
  return join(resolve(dataDir), 'postgres');
}

export interface ConnectOptions {
  secret: string;
  log: Logger;
  maxConnections: number;
  embedded: boolean;
}

/** The second half of opening: a server that runs already. */
export async function connectDatabase(url: string, options: ConnectOptions): Promise<Database> {
  const serverVersion = await probe(url);
  await ensureRoles(url, options.secret);
  await ensureSearchPath(url);
  const pools = createPools({ ...options, url });
  let closing: Promise<void> | undefined;
  const closeAll = async () => {
    await Promise.all([pools.requests.end(), pools.owner.end()]);
  };
  return {
    ...pools,
    url,
    embedded: options.embedded,
    serverVersion,
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}

/** Connects once; returns the major version or says in a sentence why the server cannot be used. */
async function probe(url: string): Promise<number> {
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) {
    throw new DatabaseUnavailable(
      'unreachable',
      'DATABASE_URL is not a connection string: write it as postgresql://user:password@host:5432/database.',
    );
  }
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    application_name: 'connectgain',
  });
  try {
    await client.connect();
    const result = await client.query<{ version: number }>(
      "select current_setting('server_version_num')::int / 10000 as version",
    );
    const version = result.rows[0]?.version ?? 0;
    if (version >= oldestMajor) return version;
    throw new DatabaseUnavailable(
      'too_old',
      `The database server at ${placeOf(url)} is PostgreSQL ${version}: version ${oldestMajor} or newer is needed.`,
    );
  } catch (error) {
    if (error instanceof DatabaseUnavailable) throw error;
    throw new DatabaseUnavailable('unreachable', unreachable(url, error), { cause: error });
  } finally {
    await client.end().catch(() => undefined);
  }
}

function unreachable(url: string, error: unknown): string {
  const place = placeOf(url);
  switch (codeOf(error)) {
    case 'ECONNREFUSED':
      return `No database server answers at ${place}: start it, or correct DATABASE_URL.`;
    case 'ENOTFOUND':
      return `The host of DATABASE_URL (${place}) is not known: correct it.`;
    case '28P01':
    case '28000':
      return `The database server at ${place} refuses the user or password of DATABASE_URL: correct them.`;
    case '3D000':
      return `There is no such database at ${place}: create it, or correct DATABASE_URL.`;
    default:
      return `The database at ${place} cannot be reached (${reasonOf(error)}): see that DATABASE_URL is right and the server runs.`;
  }
}

/** Host, port and database, without the login. */
function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}
