import type { ClientBase, Connection, FieldDef, QueryResult, QueryResultRow } from 'pg';
import pg from 'pg';
import { encodeValue } from './encodeValue.ts';
import { codeOf } from './errors.ts';
import { type PreparedStatements, preparedStatements } from './preparedStatements.ts';

/** One SQL statement with its parameters `$1`, `$2`, ... */
export interface Statement {
  text: string;
  values?: readonly unknown[];
  /** Prepared statement name: parsed once per connection, then only bound. One name always means one text. */
  name?: string;
}

export interface PipelineOptions {
  /** Leave every value as PostgreSQL's text (or null) instead of turning numbers, dates, JSON into JavaScript values. */
  raw?: boolean;
  /** Called with the command tag (`SELECT`, `SET`) of every statement that completes, also when a later one fails. */
  onComplete?(command: string): void;
}

/** What pg's parser hands over; declared here because pg's types leave the message events out. */
interface RowDescription {
  fields: FieldDef[];
}
interface DataRow {
  fields: (string | null)[];
}
interface CommandComplete {
  text: string;
}

/**
 * Sends all statements and one Sync: one round trip, and one implicit transaction that ends at the Sync
 * (PostgreSQL documentation, "Frontend/Backend Protocol", section "Pipelining"). `set_config(..., true)` in the first
 * statement therefore holds for the following ones and is gone afterwards, on success and on error.
 *
 * Resolves with one result per statement after the commit. Rejects with pg's `DatabaseError` after the rollback is complete,
 * so locks are free and settings are back when the caller continues. Statements must not contain BEGIN or COMMIT.
 * On a client inside an explicit transaction the statements join that transaction.
 *
 * A prepared statement whose result type changed under it (after DDL) or that the server forgot is parsed again, once.
 */
export async function pipeline(
  client: ClientBase,
  statements: readonly Statement[],
  options: PipelineOptions = {},
): Promise<QueryResult[]> {
  if (statements.length === 0) return [];
  const alone = client.getTransactionStatus() === 'I';
  try {
    return await run(client, statements, options);
  } catch (error) {
    const names = statements.flatMap((statement) => (statement.name === undefined ? [] : [statement.name]));
    if (!alone || names.length === 0 || !isStale(error)) throw error;
    return await run(client, statements, options, names);
  }
}

/** 0A000 "cached plan must not change result type", 26000 "prepared statement does not exist". */
function isStale(error: unknown): boolean {
  const code = codeOf(error);
  if (code === '26000') return true;
  return code === '0A000' && error instanceof pg.DatabaseError && error.routine === 'RevalidateCachedQuery';
}

function run(
  client: ClientBase,
  statements: readonly Statement[],
  options: PipelineOptions,
  stale: readonly string[] = [],
): Promise<QueryResult[]> {
  return new Promise((resolve, reject) => {
    client.query(
      new Batch({
        onComplete: options.onComplete,
        steps: statements.map((statement) => ({ ...statement, encoded: (statement.values ?? []).map(encodeValue) })),
        stale,
        parserOf: options.raw ? null : (type) => client.getTypeParser(type, 'text'),
        resolve,
        reject,
      }),
    );
  });
}

interface Step extends Statement {
  encoded: (string | Buffer | null)[];
}

interface BatchOptions {
  steps: Step[];
  stale: readonly string[];
  parserOf: ((type: number) => (text: string) => unknown) | null;
  onComplete?(command: string): void;
  resolve(results: QueryResult[]): void;
  reject(error: unknown): void;
}

const emptyResult = (): QueryResult => ({ command: '', rowCount: null, oid: 0, fields: [], rows: [] });

/**
 * The batch as pg's query queue sees it: the `handle...` methods are the ones pg calls on its active query.
 * A class because that is the interface of pg; nothing outside this file touches it.
 */
class Batch {
  readonly #options: BatchOptions;
  readonly #results: QueryResult[] = [];
  #current = emptyResult();
  #parsers: ((text: string) => unknown)[] = [];
  #prepared: PreparedStatements | undefined;
  #failed = false;

  constructor(options: BatchOptions) {
    this.#options = options;
  }

  submit(connection: Connection): Error | null {
    const prepared = preparedStatements(connection);
    this.#prepared = prepared;
    const { steps, stale } = this.#options;
    connection.stream.cork();
    try {
      const named = steps.filter((step) => step.name !== undefined);
      for (const name of [...stale, ...prepared.surplus(named.length)]) {
        connection.close({ type: 'S', name: wireName(name) }, true);
        prepared.forget(name);
      }
      const parsedHere = new Map<string, string>();
      for (const step of steps) send(connection, prepared, parsedHere, step);
    } catch (error) {
      // Nothing was executed without its Sync: the Sync below ends an empty or partial batch, the caller gets the error.
      this.#failed = true;
      this.#options.reject(error);
    } finally {
      connection.sync();
      connection.stream.uncork();
    }
    return null;
  }

  handleRowDescription(message: RowDescription): void {
    this.#current.fields = message.fields;
    const { parserOf } = this.#options;
    if (parserOf) this.#parsers = message.fields.map((field) => parserOf(field.dataTypeID));
  }

  handleDataRow(message: DataRow): void {
    const { fields, rows } = this.#current;
    const row: QueryResultRow = {};
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i];
      const text = message.fields[i] ?? null;
      if (!field) continue;
      const parser = this.#parsers[i];
      row[field.name] = text === null || !parser ? text : parser(text);
    }
    rows.push(row);
  }

  handleCommandComplete(message: CommandComplete): void {
    const words = message.text.split(' ');
    const last = words.at(-1) ?? '';
    this.#current.command = words[0] ?? '';
    this.#current.rowCount = /^\d+$/.test(last) ? Number(last) : null;
    this.#finishStatement();
  }

  handleEmptyQuery(): void {
    this.#finishStatement();
  }

  handlePortalSuspended(): void {
    this.#finishStatement();
  }

  /**
   * The server waits for data and swallows our Sync, so that it needs another one behind the refusal. With statements after
   * the COPY it takes their messages for data of a wrong kind and fails by itself.
   */
  handleCopyInResponse(connection: Connection & { sendCopyFail?(reason: string): void }): void {
    if (this.#results.length < this.#options.steps.length - 1) return;
    connection.sendCopyFail?.('COPY FROM STDIN is not possible in a pipeline');
    connection.sync();
  }

  handleCopyData(): void {}

  /** pg forgets the query at an error; the caller may only go on once the server has rolled back (ReadyForQuery) or is gone. */
  handleError(error: unknown, connection: Connection): void {
    if (this.#failed) return;
    this.#failed = true;
    const settle = () => {
      connection.off('readyForQuery', settle);
      connection.off('end', settle);
      this.#prepared?.settle();
      this.#options.reject(error);
    };
    if (!connection.stream.writable) {
      settle();
      return;
    }
    connection.once('readyForQuery', settle);
    connection.once('end', settle);
  }

  handleReadyForQuery(): void {
    this.#prepared?.settle();
    if (!this.#failed) this.#options.resolve(this.#results);
  }

  #finishStatement(): void {
    this.#results.push(this.#current);
    this.#options.onComplete?.(this.#current.command);
    this.#current = emptyResult();
    this.#parsers = [];
  }
}

/** Keeps our names apart from statements that somebody names through `client.query` on the same connection. */
function wireName(name: string): string {
  return `p.${name}`;
}

function send(
  connection: Connection,
  prepared: PreparedStatements,
  parsedHere: Map<string, string>,
  { name, text, encoded }: Step,
): void {
  const known = name === undefined ? undefined : (parsedHere.get(name) ?? prepared.get(name));
  if (known !== undefined && known !== text) {
    throw new Error(`Prepared statement "${name}" was used for two different texts`);
  }
  const statement = name === undefined ? '' : wireName(name);
  if (known === undefined) {
    connection.parse({ name: statement, text, types: [] }, true);
    prepared.sent(name, text);
    if (name !== undefined) parsedHere.set(name, text);
  }
  connection.bind({ statement, values: encoded }, true);
  connection.describe({ type: 'P' }, true);
  connection.execute(null, true);
}
