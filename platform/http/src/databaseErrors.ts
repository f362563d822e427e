import {
  type ApiError,
  badRequest,
  conflict,
  type ErrorExtras,
  forbidden,
  notFound,
  timedOut,
  unavailable,
} from './errors.ts';

/** What node-postgres puts on an error that the server sent. */
export interface PostgresError extends Error {
  code: string;
  detail?: string;
  constraint?: string;
  column?: string;
  table?: string;
}

/** True for an error that carries an SQLSTATE (five characters, PostgreSQL documentation appendix A). */
export function isPostgresError(error: unknown): error is PostgresError {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^[0-9A-Z]{5}$/.test(error.code) &&
    'severity' in error
  );
}

/**
 * The catalogue's value for what the database refused. Only conditions that the caller can do something about are worded for them; a
 * syntax error, a missing column or a lost connection is ours and comes back undefined or as 503.
 *
 * `P0001` (raise exception) carries a sentence that one of our own functions or triggers wrote for the caller.
 */
export function fromDatabase(error: PostgresError): ApiError | undefined {
  const extras: ErrorExtras = { cause: error };
  switch (error.code) {
    case '23505':
      return conflict('duplicate key: a row with these values exists already.', { ...extras, details: error.detail });
    case '23503':
      return conflict('A row that this one refers to does not exist, or is still referred to.', {
        ...extras,
        details: error.detail,
      });
    case '23502':
      return badRequest(`"${error.column ?? 'A required field'}" must not be empty.`, extras);
    case '23514':
    case '23P01':
      return badRequest(`The values break the rule "${error.constraint ?? 'check'}".`, extras);
    case '22P02':
    case '22003':
    case '22007':
    case '22008':
    case '22021':
    case '22P05':
    case '22001':
      return badRequest(`A value has the wrong form: ${error.message}.`, extras);
    case '42501':
      return forbidden(undefined, extras);
    case 'P0001':
      return badRequest(error.message, extras);
    case 'P0002':
      return notFound(undefined, extras);
    case '57014':
      return timedOut(undefined, extras);
    case '40001':
    case '40P01':
    case '55P03':
      return conflict('Somebody else changed this at the same moment: try again.', extras);
    default:
      // 08 connection exception, 53 insufficient resources, 57P shutdown: nothing is wrong with the request.
      if (/^(08|53|57P)/.test(error.code))
        return unavailable(undefined, { ...extras, headers: { 'retry-after': '2' } });
      return undefined;
  }
}
