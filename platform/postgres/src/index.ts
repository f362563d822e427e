import type { MigrationSet } from './migrationFiles.ts';

export type * from './catalog.ts';
export type { Database } from './database.ts';
export { type DatabaseProblem, DatabaseUnavailable, MigrationError } from './errors.ts';
export { generateTypes } from './generateTypes.ts';
export { introspect } from './introspect.ts';
export { type Listener, type ListenOptions, listen } from './listen.ts';
export { type MigrationReport, migrate } from './migrate.ts';
export type { MigrationSet } from './migrationFiles.ts';
export { embeddedDatabaseUrl, type OpenDatabaseOptions, openDatabase } from './openDatabase.ts';
export { type PipelineOptions, pipeline, type Statement } from './pipeline.ts';
export type { Principal, RunsAs, Settings } from './principal.ts';
export { type RunAsOptions, runAs, transaction, transactionAs } from './runAs.ts';

/** Extensions, schema `extensions`, `extensions.uuid_v7()`: the first set of every database. */
export const migrations: MigrationSet = { name: 'postgres', directory: new URL('../migrations/', import.meta.url) };
