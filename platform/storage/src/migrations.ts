import type { MigrationSet } from '@connectgain/postgres';

/** Schema `storage`: buckets, objects, path functions, listing. Needs the set `postgres` before it. */
export const migrations: MigrationSet = { name: 'storage', directory: new URL('../migrations/', import.meta.url) };
