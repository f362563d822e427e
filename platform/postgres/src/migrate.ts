import pg from 'pg';
import type { Logger } from 'pino';
import type { Database } from './database.ts';
import { MigrationError, reasonOf } from './errors.ts';
import { type MigrationFile, type MigrationSet, readMigrations } from './migrationFiles.ts';
import { openToServiceRole } from './serviceRole.ts';

export interface MigrationReport {
  /** What this run applied, in order; empty where the database was up to date. */
  applied: { set: string; file: string; milliseconds: number }[];
  /** Migrations of these sets in the database by now. */
  total: number;
}

interface AppliedRow {
  number: number;
  name: string;
  checksum: string;
}

const lockKey = 'connectgain migrations';

/**
 * Brings the database up to the newest migration of every set, in the order given. Several nodes may call it at once: one works,
 * the others wait and find nothing to do. Each file runs in a transaction of its own, so an interrupted run leaves whole files only.
 * Rejects with MigrationError: on an SQL error (with line and column), on a file that was changed or removed after it was applied,
 * and on a new file numbered below an applied one.
 */
export async function migrate(
  database: Pick<Database, 'url'>,
  sets: readonly MigrationSet[],
  log: Logger,
): Promise<MigrationReport> {
  const client = new pg.Client({ connectionString: database.url, application_name: 'connectgain migrate' });
  client.on('error', (error) => log.warn({ reason: error.message }, 'migration connection lost'));
  await client.connect();
  try {
    await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [lockKey]);
    await client.query(`
      create schema if not exists migrations;
      create table if not exists migrations.applied (
        set_name text not null,
        number int not null,
        name text not null,
        checksum text not null,
        applied_at timestamptz not null default now(),
        primary key (set_name, number)
      )`);
    const report: MigrationReport = { applied: [], total: 0 };
    for (const set of sets) await migrateSet(client, database, set, report, log);
    await openToServiceRole(client);
    return report;
  } finally {
    await client.end();
  }
}

async function migrateSet(
  client: pg.Client,
  database: Pick<Database, 'url'>,
  set: MigrationSet,
  report: MigrationReport,
  log: Logger,
): Promise<void> {
  const files = await readMigrations(set);
  const { rows } = await client.query<AppliedRow>(
    'select number, name, checksum from migrations.applied where set_name = $1 order by number',
    [set.name],
  );
  const pending = pendingOf(set.name, files, rows);
  await set.prepare?.(database);
  for (const file of pending) {
    const started = performance.now();
    await apply(client, file);
    const milliseconds = Math.round(performance.now() - started);
    report.applied.push({ set: set.name, file: file.file, milliseconds });
    log.info({ set: set.name, file: file.file, milliseconds }, 'applied migration');
  }
  report.total += files.length;
}

/** The files still to be applied; throws where the applied ones are not the ones we have. */
function pendingOf(set: string, files: MigrationFile[], applied: AppliedRow[]): MigrationFile[] {
  const byNumber = new Map(files.map((file) => [file.number, file]));
  for (const row of applied) {
    const file = byNumber.get(row.number);
    if (!file) {
      throw new MigrationError(
        set,
        row.name,
        `The database has the migration ${set}/${row.name}, which this version of the program lacks: start the version that brought it, or a newer one.`,
      );
    }
    if (file.checksum !== row.checksum) {
      throw new MigrationError(
        set,
        file.file,
        `${set}/${file.file} was changed after it was applied: undo the change and put it into a new migration.`,
      );
    }
  }
  const newest = applied.at(-1)?.number ?? 0;
  const done = new Set(applied.map((row) => row.number));
  const pending = files.filter((file) => !done.has(file.number));
  const late = pending.find((file) => file.number < newest);
  if (late) {
    throw new MigrationError(
      set,
      late.file,
      `${set}/${late.file} comes before migration ${newest}, which is applied already: give it the next free number.`,
    );
  }
  return pending;
}

async function apply(client: pg.Client, file: MigrationFile): Promise<void> {
  try {
    await client.query('begin');
    await client.query("set local search_path = public, extensions; set local lock_timeout = '30s'");
    const before = await transactionId(client);
    await client.query(file.sql);
    if (client.getTransactionStatus() !== 'T' || (await transactionId(client)) !== before) {
      throw new MigrationError(
        file.set,
        file.file,
        `${file.set}/${file.file} ends its own transaction: remove BEGIN, COMMIT and ROLLBACK, each file already runs in one.`,
      );
    }
    await client.query('reset role; set local search_path = pg_catalog');
    await client.query('insert into migrations.applied (set_name, number, name, checksum) values ($1, $2, $3, $4)', [
      file.set,
      file.number,
      file.file,
      file.checksum,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error instanceof MigrationError ? error : describe(file, error);
  }
}

async function transactionId(client: pg.Client): Promise<string> {
  const result = await client.query<{ id: string }>('select pg_current_xact_id()::text as id');
  return result.rows[0]?.id ?? '';
}

/** The error with the place in the file: PostgreSQL counts characters from the beginning of what was sent, from 1. */
function describe(file: MigrationFile, error: unknown): MigrationError {
  const name = `${file.set}/${file.file}`;
  if (!(error instanceof pg.DatabaseError)) {
    return new MigrationError(file.set, file.file, `${name} failed: ${reasonOf(error)}`, { cause: error });
  }
  const details = [error.detail, error.hint, error.where]
    .filter((text) => text !== undefined)
    .map((text) => `\n  ${text}`);
  const place = error.position === undefined ? null : placeIn(file.sql, Number(error.position));
  const where = place ? ` at line ${place.line}, column ${place.column}` : '';
  const source = place ? `\n  ${place.line} | ${place.text}` : '';
  return new MigrationError(
    file.set,
    file.file,
    `${name} failed${where}: ${error.message} (${error.code ?? 'no code'})${source}${details.join('')}`,
    { cause: error },
  );
}

function placeIn(sql: string, position: number): { line: number; column: number; text: string } {
  // PostgreSQL counts code points, JavaScript UTF-16 units.
  const before = [...sql]
    .slice(0, position - 1)
    .join('')
    .split('\n');
  const line = before.length;
  return { line, column: (before.at(-1) ?? '').length + 1, text: sql.split('\n')[line - 1] ?? '' };
}
