import type { ClientBase, Connection, FieldDef, QueryResult, QueryResultRow } from 'pg';
import pg from 'pg';
import { type EncodedBatch, encodeBatch } from './encodeBatch.ts';
import { codeOf } from './errors.ts';
import { type PreparedStatements, preparedStatements } from './preparedStatements.ts';

/** One SQL statement with its parameters `$1`, `$2`, ... */
export interface Statement {
  text: string;
  values?: readonly unknown[];
  /** Prepared statement name: parsed once per connection, then only bound. One name always means one text. */
  name?: string;
  /** The rows are not wanted: not described, not kept. */
  discardRows?: boolean;
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
        steps: statements,
        stale,
        parserOf: options.raw ? null : (type) => client.getTypeParser(type, 'text'),
        resolve,
        reject,
      }),
    );
  });
}

interface BatchOptions {
  steps: readonly Statement[];
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

  /** All messages in one write, or an error and nothing on the wire. */
  submit(connection: Connection): Error | null {
    const prepared = preparedStatements(connection);
    const { steps, stale } = this.#options;
    const names = steps.filter((step) => step.name !== undefined).length;
    const closing = [...stale, ...prepared.surplus(names)];
    const forgotten = new Set(closing);
    let encoded: EncodedBatch;
    try {
      encoded = encodeBatch(closing, steps, (name) => (forgotten.has(name) ? undefined : prepared.get(name)));
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
    for (const name of closing) prepared.forget(name);
    for (const { name, text } of encoded.parsed) prepared.sent(name, text);
    this.#prepared = prepared;
    connection.stream.write(encoded.bytes);
    return null;
  }

  handleRowDescription(message: RowDescription): void {
    this.#current.fields = message.fields;
    const { parserOf } = this.#options;
    if (parserOf) this.#parsers = message.fields.map((field) => parserOf(field.dataTypeID));
  }

  handleDataRow(message: DataRow): void {
    const { fields, rows } = this.#current;
    if (fields.length === 0 && message.fields.length > 0) return;
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
    if (!this.#prepared) {
      this.#options.reject(error);
      return;
    }
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
