import type { MigrationSet } from '@connectgain/postgres';
import { Logger, runMigrations } from 'graphile-worker';

/**
 * Makes or upgrades Graphile Worker's own schema, `graphile_worker`. Safe to repeat and to run from several nodes. It needs nothing from
 * other sets, so it runs as the first step of ours: later sets may add jobs while they migrate.
 */
export async function installGraphileWorker(database: { url: string }): Promise<void> {
  await runMigrations({ connectionString: database.url, maxPoolSize: 1, logger: new Logger(() => () => {}) });
}

/** Schema `jobs` with `jobs.add`, on top of Graphile Worker's schema. */
export const migrations: MigrationSet = {
  name: 'jobs',
  directory: new URL('../migrations/', import.meta.url),
  prepare: installGraphileWorker,
};
