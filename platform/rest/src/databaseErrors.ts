/** What PostgreSQL and the driver report, as answers. Source: https://docs.postgrest.org/en/v14/references/errors.html#status-codes */
import pg from 'pg';
import {
  badRaise,
  connectionFailed,
  connectionLost,
  noConnectionInTime,
  notSingular,
  putKeyMismatch,
  RestError,
  tooManyAffected,
} from './errors.ts';
import { brokenGuard } from './sql/statement.ts';

/**
 * @param authenticated whether somebody signed in: a lack of rights is 403 for them and 401 for strangers
 * @returns undefined for errors that are not about the database
 */
export const fromDatabase = (error: unknown, authenticated: boolean): RestError | undefined => {
  if (error instanceof pg.DatabaseError) return fromServer(error, authenticated);
  if (!(error instanceof Error)) return undefined;
  if (error.message.startsWith('timeout exceeded when trying to connect')) return noConnectionInTime(error);
  if (/^Connection terminated|^Client has encountered a connection error|not queryable/.test(error.message)) {
    return retryLater(connectionLost(error));
  }
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && connectionCodes.has(code)) return retryLater(connectionFailed(error));
  return undefined;
};

/** A text that is no value of the type wanted. */
export const isInvalidConstant = (error: unknown): boolean =>
  error instanceof pg.DatabaseError &&
  (error.code === '22P02' || error.code === '22007') &&
  brokenGuard(error) === undefined;

const connectionCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'EAI_AGAIN',
]);

const retryLater = (error: RestError): RestError => {
  error.headers['retry-after'] = '1';
  return error;
};

const fromServer = (error: pg.DatabaseError, authenticated: boolean): RestError => {
  const guard = brokenGuard(error);
  if (guard !== undefined) return fromGuard(guard);
  if (error.code === 'PGRST') return fromRaise(error);
  const status = statusOf(error, authenticated);
  const found = new RestError({
    status,
    code: error.code ?? 'PGRSTX00',
    message: error.message,
    details: error.detail,
    hint: error.hint,
    headers: status === 401 ? { 'www-authenticate': 'Bearer' } : {},
    cause: error,
  });
  return status === 503 ? retryLater(found) : found;
};

const fromGuard = ({ code, rows }: { code: string; rows: number }): RestError => {
  if (code === 'PGRST115') return putKeyMismatch();
  return code === 'PGRST124' ? tooManyAffected(rows) : notSingular(rows);
};

const exact: Readonly<Record<string, number>> = {
  '23503': 409,
  '23505': 409,
  '25006': 405,
  '53400': 500,
  // Stopping, crashed, starting: the server is back in a moment.
  '57P01': 503,
  '57P02': 503,
  '57P03': 503,
  P0001: 400,
  '42P01': 404,
  '42P17': 500,
};

const byClass: Readonly<Record<string, number>> = {
  '08': 503,
  '09': 500,
  '0L': 403,
  '0P': 403,
  '25': 500,
  '28': 403,
  '2D': 500,
  '38': 500,
  '39': 500,
  '3B': 500,
  '40': 500,
  '53': 503,
  '54': 500,
  '55': 500,
  '57': 500,
  '58': 500,
  F0: 500,
  HV: 500,
  P0: 500,
  XX: 500,
};

const statusOf = ({ code = '', message, where }: pg.DatabaseError, authenticated: boolean): number => {
  switch (code) {
    case '42501':
      return authenticated ? 403 : 401;
    case '42883':
      return message.startsWith('function xmlagg(') ? 406 : 404;
    case '21000':
      // A refusal of pg-safeupdate is about the request, other cases are about functions and views.
      return message.endsWith('requires a WHERE clause') ? 400 : 500;
    case '22023':
      return message.startsWith('role') && message.endsWith('does not exist') ? 401 : 400;
    case '55000':
      // A view that cannot be written is no fault of the server.
      return /^cannot (insert into|update|delete from|merge into) (view|column|materialized)/.test(message) ? 405 : 500;
    case '54001':
      // Too deep for the server's stack: a function's recursion tells of every call, nesting that the caller wrote of none.
      return where !== undefined && where.split('\n').length > 10 ? 500 : 400;
    case '54000':
      return where === undefined || /^(unnamed portal|portal ".*") parameter /.test(where) ? 400 : 500;
    default:
  }
  // `PT` and a number is the status that a function decides on.
  if (code.startsWith('PT')) return validStatus(Number(code.slice(2)));
  return exact[code] ?? byClass[code.slice(0, 2)] ?? 400;
};

const validStatus = (status: number): number => (status >= 200 && status <= 599 ? status : 500);

/** `RAISE SQLSTATE 'PGRST'`: message and detail are JSON that decides the whole answer. */
const fromRaise = (error: pg.DatabaseError): RestError => {
  const message = parseObject(error.message);
  if (message === undefined || typeof message.code !== 'string' || typeof message.message !== 'string') {
    return badRaise({ message: error.message });
  }
  if (error.detail === undefined) return badRaise('no detail');
  const detail = parseObject(error.detail);
  const headers = detail === undefined ? undefined : stringsOf(detail.headers);
  if (detail === undefined || typeof detail.status !== 'number' || headers === undefined) {
    return badRaise({ detail: error.detail });
  }
  return new RestError({
    status: validStatus(detail.status),
    code: message.code,
    message: message.message,
    details: typeof message.details === 'string' ? message.details : undefined,
    hint: typeof message.hint === 'string' ? message.hint : undefined,
    headers,
    cause: error,
  });
};

const parseObject = (text: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
};

const stringsOf = (value: unknown): Record<string, string> | undefined => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  if (!entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')) return undefined;
  return Object.fromEntries(entries);
};
