import { createHmac } from 'node:crypto';
import pg from 'pg';
import type { Logger } from 'pino';

export interface PoolsOptions {
  /** Owner connection string. */
  url: string;
  /** The instance's secret; the authenticator's password comes from it. */
  secret: string;
  log: Logger;
  /** Connections of both pools together. */
  maxConnections: number;
}

/** The password of `authenticator`: derived, so that every node with the same secret knows it and nobody has to store it. */
export function authenticatorPassword(secret: string): string {
  return createHmac('sha256', secret).update('authenticator').digest('base64url');
}

/** The owner's connection string with another login. */
export function urlAs(url: string, user: string, password: string): string {
  const changed = new URL(url);
  changed.username = encodeURIComponent(user);
  changed.password = encodeURIComponent(password);
  return changed.href;
}

/** Both pools, without connecting yet. Requests get three quarters of the connections. */
export function createPools(options: PoolsOptions): { owner: pg.Pool; requests: pg.Pool } {
  const requestsMax = Math.max(1, Math.floor(options.maxConnections * 0.75));
  const ownerMax = Math.max(1, options.maxConnections - requestsMax);
  const requestsUrl = urlAs(options.url, 'authenticator', authenticatorPassword(options.secret));
  return {
    owner: createPool(options.url, ownerMax, 'connectgain', options.log),
    requests: createPool(requestsUrl, requestsMax, 'connectgain requests', options.log),
  };
}

function createPool(url: string, max: number, name: string, log: Logger): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: name,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    idle_in_transaction_session_timeout: 60_000,
    types: { getTypeParser },
  });
  pool.on('error', (error) => {
    // The error itself holds the client with its cancel key: only its words go into the log. A pool that ends closes its sockets later.
    if (!pool.ending) log.warn({ reason: error.message, pool: name }, 'idle database connection lost');
  });
  // A server that dies also tells connections which are lent and between two statements; unheard that would end the process.
  pool.on('connect', (client) => {
    client.on('error', (error) => log.debug({ reason: error.message, pool: name }, 'lent database connection lost'));
  });
  return pool;
}

const dateOid = 1082;

/** pg's parsers, but a `date` stays text: as a JavaScript Date it would move by a day with the time zone of the machine. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  return oid === dateOid ? String : pg.types.getTypeParser(oid, format);
}
