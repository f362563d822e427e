/** The current schema cache of a running engine, loaded at the start and whenever the database says that it changed. */
import { type Listener, listen } from '@connectgain/postgres';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { z } from 'zod';
import { type LoadOptions, loadSchemaCache } from './load.ts';
import type { SchemaCache } from './types.ts';

export interface SchemaSource<T> {
  /** What was made of the latest cache; undefined until the first load succeeds. */
  current(): T | undefined;
  /** Loads again. Calls during a load share the next one. Rejects when the database cannot be read. */
  reload(): Promise<void>;
  /** Names that PostgreSQL takes for time zones, read when first asked for. */
  timezones(): Promise<ReadonlySet<string>>;
  /** Starts to listen. Does nothing without a connection string. */
  listen(): Promise<void>;
  close(): Promise<void>;
}

export interface SchemaSourceOptions<T> extends LoadOptions {
  pool: Pool;
  /** Connection string for LISTEN. */
  url?: string;
  channel: string;
  log: Logger;
  /** What every load is turned into. */
  make: (cache: SchemaCache) => T;
}

const pauseMs = 1000;

export const createSchemaSource = <T>(options: SchemaSourceOptions<T>): SchemaSource<T> => {
  const { pool, log } = options;
  let made: T | undefined;
  let generation = 0;
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  let zones: Promise<ReadonlySet<string>> | undefined;
  let listener: Listener | undefined;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;

  const load = async (): Promise<void> => {
    const started = performance.now();
    const cache = await loadSchemaCache(pool, options, ++generation);
    made = options.make(cache);
    const ms = Math.round(performance.now() - started);
    log.info({ tables: cache.tables.size, functions: cache.routines.size, ms }, 'schema cache loaded');
  };

  const start = (): Promise<void> => {
    const work = load().finally(() => {
      if (running === work) running = undefined;
    });
    running = work;
    return work;
  };

  const reload = (): Promise<void> => {
    if (running === undefined) return start();
    // A load that has begun may have read the catalogs before the change: one more follows it.
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return start();
      });
    return next;
  };

  const reloadUntilDone = (): void => {
    reload().catch((error: unknown) => {
      log.error({ err: error }, 'the schema cache could not be loaded; trying again');
      clearTimeout(retry);
      if (!closed) retry = setTimeout(reloadUntilDone, pauseMs).unref();
    });
  };

  return {
    current: () => made,
    reload,
    timezones() {
      zones ??= loadTimezones(pool).catch((error: unknown) => {
        zones = undefined;
        throw error;
      });
      return zones;
    },
    async listen() {
      if (options.url === undefined || listener !== undefined) return;
      listener = await listen(options.url, [options.channel], reloadUntilDone, { onReconnect: reloadUntilDone, log });
      if (closed) await listener.close();
    },
    async close() {
      closed = true;
      clearTimeout(retry);
      await Promise.allSettled([listener?.close(), running, next]);
    },
  };
};

const loadTimezones = async (pool: Pool): Promise<ReadonlySet<string>> => {
  const { rows } = await pool.query('select name from pg_timezone_names');
  return new Set(
    z
      .array(z.object({ name: z.string() }))
      .parse(rows)
      .map(({ name }) => name),
  );
};
