/** The only place that takes a connection: settings, checks before the request, and the statement, in one round trip. */
import { type RunsAs, runAs, type Settings, type Statement } from '@connectgain/postgres';
import type { Pool, QueryResult, QueryResultRow } from 'pg';
import type { QualifiedName } from '../schema/types.ts';
import { qualified } from '../sql/identifier.ts';
import type { Bind, Printed } from '../sql/printer.ts';
import type { PrintedRequest } from '../sql/statement.ts';
import { runExplicitly } from './explicitTransaction.ts';

export interface Execution {
  pool: Pool;
  principal: RunsAs;
  settings: Settings;
  readOnly: boolean;
  rollback: boolean;
  isolation?: string;
  /** Function called before the statement, which may refuse the request. */
  preRequest?: QualifiedName;
  signal?: AbortSignal;
}

/** The one row of the main statement, all columns as text. */
export interface Outcome {
  total: number | undefined;
  /** Rows of this answer. */
  page: number;
  /** Undefined where nothing is shown. */
  body: string | Buffer | undefined;
  headers: string | undefined;
  status: string | undefined;
  /** Primary key of the row inserted, as JSON. */
  location: string | undefined;
  /** Rows that an upsert inserted. */
  inserted: number | undefined;
  /** Rows that the planner expects. */
  estimate: number | undefined;
}

type Values = readonly (string | Buffer | null)[];

const bound = (values: Values, bind: Bind): unknown =>
  typeof bind === 'number' ? values[bind] : bind.map((slot) => values[slot]);

const statementOf = ({ text, binds }: Printed, values: Values, name?: string): Statement => ({
  text,
  values: binds.map((bind) => bound(values, bind)),
  name,
});

/** Statements of anything else that runs as the caller. Rejects with pg's error. */
export const executeStatements = async (
  execution: Execution,
  statements: readonly Statement[],
): Promise<QueryResult[]> => {
  const { pool, principal, settings, readOnly, rollback, isolation, preRequest, signal } = execution;
  const before: Statement[] =
    preRequest === undefined ? [] : [{ text: `select ${qualified(preRequest)}()`, name: 'rest_pre_request' }];
  const all = [...before, ...statements];
  const results =
    rollback || isolation !== undefined
      ? await runExplicitly(pool, all, { principal, settings, readOnly, isolation, rollback })
      : await runAs(pool, principal, all, { settings, readOnly, signal, raw: true });
  return results.slice(before.length);
};

/** Runs a request's statement. @returns its row, or the execution plan that was asked for */
export const executeRequest = async (
  execution: Execution,
  printed: PrintedRequest,
  values: Values,
  name: string | undefined,
): Promise<Outcome | { plan: string }> => {
  const { main, estimate, explains } = printed;
  const statements = [statementOf(main, values, name)];
  if (estimate !== undefined) statements.push(statementOf(estimate, values, name && `${name}_estimate`));
  const [result, estimated] = await executeStatements(execution, statements);
  if (result === undefined) throw new TypeError('the main statement gave no result');
  if (explains) return { plan: planText(result) };
  return outcomeOf(result, estimated);
};

const text = (row: QueryResultRow | undefined, column: string): string | undefined => {
  const value: unknown = row?.[column];
  return typeof value === 'string' ? value : undefined;
};

const number = (row: QueryResultRow | undefined, column: string): number | undefined => {
  const value = text(row, column);
  return value === undefined || value === '' ? undefined : Number(value);
};

const bytea = 17;

const outcomeOf = (result: QueryResult, estimated: QueryResult | undefined): Outcome => {
  const [row] = result.rows;
  const body = text(row, 'body');
  const isBytes = result.fields.some((field) => field.name === 'body' && field.dataTypeID === bytea);
  return {
    total: number(row, 'total'),
    page: number(row, 'page') ?? 0,
    body: isBytes && body !== undefined ? Buffer.from(body.slice(2), 'hex') : body,
    headers: text(row, 'headers'),
    status: text(row, 'status'),
    location: text(row, 'location'),
    inserted: number(row, 'inserted'),
    estimate: estimated === undefined ? undefined : estimatedRows(estimated),
  };
};

const planText = (result: QueryResult): string =>
  `${result.rows.map((row) => text(row, 'QUERY PLAN') ?? '').join('\n')}\n`;

const estimatedRows = (result: QueryResult): number | undefined => {
  const plan: unknown = JSON.parse(text(result.rows[0], 'QUERY PLAN') ?? '[]');
  const rows = isRecord(plan) ? undefined : Array.isArray(plan) ? plan[0] : undefined;
  const top = isRecord(rows) ? rows.Plan : undefined;
  const found = isRecord(top) ? top['Plan Rows'] : undefined;
  return typeof found === 'number' ? Math.round(found) : undefined;
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
