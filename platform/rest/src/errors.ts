/**
 * The one catalogue of errors of the dialect. Codes, statuses and sentences are part of the protocol: clients compare them.
 * Source: https://docs.postgrest.org/en/v14/references/errors.html
 * What PostgreSQL reports is translated in databaseErrors.ts.
 */

export interface RestErrorFields {
  status: number;
  code: string;
  message: string;
  details?: unknown;
  hint?: string;
  headers?: Record<string, string>;
  cause?: unknown;
}

/** An answer other than the one asked for: HTTP status and the envelope `{code, details, hint, message}`. */
export class RestError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: unknown;
  readonly hint: string | null;
  readonly headers: Record<string, string>;

  constructor(o: RestErrorFields) {
    super(o.message, o.cause === undefined ? undefined : { cause: o.cause });
    this.name = 'RestError';
    this.status = o.status;
    this.code = o.code;
    this.details = o.details ?? null;
    this.hint = o.hint ?? null;
    this.headers = o.headers ?? {};
  }
}

/** The body of an error answer. */
export const errorBody = (e: Pick<RestError, 'code' | 'details' | 'hint' | 'message'>): string =>
  JSON.stringify({ code: e.code, details: e.details, hint: e.hint, message: e.message });

const list = (words: readonly string[]): string => words.join(', ');

// --- PGRST0xx: connection -------------------------------------------------------------------------------------------

// Where the database is and how it refused is for the log; PostgREST tells callers too.
export const connectionFailed = (cause: unknown): RestError =>
  new RestError({ status: 503, code: 'PGRST000', message: 'Database connection error.', cause });
export const connectionLost = (cause: unknown): RestError =>
  new RestError({ status: 503, code: 'PGRST001', message: 'Database client error. Retrying the connection.', cause });
export const noSchemaCache = (): RestError =>
  new RestError({
    status: 503,
    code: 'PGRST002',
    message: 'Could not query the database for the schema cache. Retrying.',
    headers: { 'retry-after': '1' },
  });
export const noConnectionInTime = (cause?: unknown): RestError =>
  new RestError({
    status: 504,
    code: 'PGRST003',
    message: 'Timed out acquiring connection from connection pool.',
    cause,
  });

// --- PGRST1xx: the request ------------------------------------------------------------------------------------------

/** `message` and `details` are the parser's report. */
export const unparsable = (report: { message: string; details: string }): RestError =>
  new RestError({ status: 400, code: 'PGRST100', ...report });
export const methodNotForRpc = (method: string): RestError =>
  new RestError({ status: 405, code: 'PGRST101', message: `Cannot use the ${method} method on RPC` });
export const invalidBody = (message: string): RestError => new RestError({ status: 400, code: 'PGRST102', message });

const invalidRange = (details: string): RestError =>
  new RestError({ status: 416, code: 'PGRST103', message: 'Requested range not satisfiable', details });
export const negativeLimit = (): RestError => invalidRange('Limit should be greater than or equal to zero.');
export const rangeUpsideDown = (): RestError =>
  invalidRange('The lower boundary must be lower than or equal to the upper boundary in the Range header.');
export const rangeOutOfBounds = (offset: string, total: number): RestError =>
  invalidRange(`An offset of ${offset} was requested, but there are only ${total} rows.`);

export const putFiltersInvalid = (): RestError =>
  new RestError({
    status: 405,
    code: 'PGRST105',
    message: "Filters must include all and only primary key columns with 'eq' operators",
  });
export const schemaNotExposed = (schema: string, exposed: readonly string[]): RestError =>
  new RestError({
    status: 406,
    code: 'PGRST106',
    message: `Invalid schema: ${schema}`,
    hint: `Only the following schemas are exposed: ${list(exposed)}`,
  });
export const mediaTypesUnavailable = (types: readonly string[]): RestError =>
  new RestError({
    status: 406,
    code: 'PGRST107',
    message: `None of these media types are available: ${list(types)}`,
  });
/** @param alias set when the embed exists under that alias and was addressed by its target's name */
export const notEmbedded = (resource: string, alias?: string): RestError =>
  new RestError({
    status: 400,
    code: 'PGRST108',
    message: `'${resource}' is not an embedded resource in this request`,
    hint:
      alias === undefined
        ? `Verify that '${resource}' is included in the 'select' query parameter.`
        : `Change '${resource}' to '${alias}' in filters, orders or limits.`,
  });
export const badResponseHeaders = (): RestError =>
  new RestError({
    status: 500,
    code: 'PGRST111',
    message: 'response.headers guc must be a JSON array composed of objects with a single key and a string value',
  });
export const badResponseStatus = (): RestError =>
  new RestError({ status: 500, code: 'PGRST112', message: 'response.status guc must be a valid status code' });
export const putWithRange = (): RestError =>
  new RestError({
    status: 400,
    code: 'PGRST114',
    message: 'limit/offset querystring parameters are not allowed for PUT',
  });
export const putKeyMismatch = (): RestError =>
  new RestError({
    status: 400,
    code: 'PGRST115',
    message: 'Payload values do not match URL in primary key column(s)',
  });
export const notSingular = (rows: number): RestError =>
  new RestError({
    status: 406,
    code: 'PGRST116',
    message: 'Cannot coerce the result to a single JSON object',
    details: `The result contains ${rows} rows`,
  });
export const methodNotSupported = (method: string): RestError =>
  new RestError({ status: 405, code: 'PGRST117', message: `Unsupported HTTP method: ${method}` });
export const orderNotToOne = (origin: string, target: string): RestError =>
  new RestError({
    status: 400,
    code: 'PGRST118',
    message: `A related order on '${target}' is not possible`,
    details: `'${origin}' and '${target}' do not form a many-to-one or one-to-one relationship`,
  });
export const badEmbedFilter = (target: string): RestError =>
  new RestError({
    status: 400,
    code: 'PGRST120',
    message: `Bad operator on the '${target}' embedded resource`,
    details: 'Only is null or not is null filters are allowed on embedded resources',
  });

type RaiseProblem = { message: string } | { detail: string } | 'no detail';
export const badRaise = (problem: RaiseProblem): RestError =>
  new RestError({
    status: 500,
    code: 'PGRST121',
    message: `Could not parse JSON in the "RAISE SQLSTATE 'PGRST'" error`,
    details:
      problem === 'no detail'
        ? 'DETAIL is missing in the RAISE statement'
        : 'message' in problem
          ? `Invalid JSON value for MESSAGE: '${problem.message}'`
          : `Invalid JSON value for DETAIL: '${problem.detail}'`,
    hint:
      problem !== 'no detail' && 'message' in problem
        ? "MESSAGE must be a JSON object with obligatory keys: 'code', 'message' and optional keys: 'details', 'hint'."
        : "DETAIL must be a JSON object with obligatory keys: 'status', 'headers' and optional key: 'status_text'.",
  });
export const invalidPreferences = (preferences: readonly string[]): RestError =>
  new RestError({
    status: 400,
    code: 'PGRST122',
    message: 'Invalid preferences given with handling=strict',
    details: `Invalid preferences: ${list(preferences)}`,
  });
export const aggregatesNotAllowed = (): RestError =>
  new RestError({ status: 400, code: 'PGRST123', message: 'Use of aggregate functions is not allowed' });
export const tooManyAffected = (rows: number): RestError =>
  new RestError({
    status: 400,
    code: 'PGRST124',
    message: 'Query result exceeds max-affected preference constraint',
    details: `The query affects ${rows} rows`,
  });
export const invalidPath = (): RestError =>
  new RestError({ status: 404, code: 'PGRST125', message: 'Invalid path specified in request URL' });
export const rootDisabled = (): RestError =>
  new RestError({ status: 404, code: 'PGRST126', message: 'Root endpoint metadata is disabled' });
export const notImplemented = (details: string): RestError =>
  new RestError({ status: 400, code: 'PGRST127', message: 'Feature not implemented', details });
export const maxAffectedNotForSingle = (): RestError =>
  new RestError({
    status: 400,
    code: 'PGRST128',
    message: 'Function must return SETOF or TABLE when max-affected preference is used with handling=strict',
  });

// --- PGRST2xx: the schema cache -------------------------------------------------------------------------------------

export const noRelationship = (o: {
  origin: string;
  target: string;
  schema: string;
  hint?: string;
  suggestion?: string;
}): RestError =>
  new RestError({
    status: 400,
    code: 'PGRST200',
    message: `Could not find a relationship between '${o.origin}' and '${o.target}' in the schema cache`,
    details:
      `Searched for a foreign key relationship between '${o.origin}' and '${o.target}'` +
      `${o.hint === undefined ? '' : ` using the hint '${o.hint}'`} in the schema '${o.schema}', but no matches were found.`,
    hint: o.suggestion,
  });

export interface RelationshipChoice {
  cardinality: string;
  embedding: string;
  relationship: string;
}
export const ambiguousRelationship = (o: {
  origin: string;
  target: string;
  choices: readonly RelationshipChoice[];
  /** Spellings that are not ambiguous, such as `clients!projects_client_id_fkey`. */
  spellings: readonly string[];
}): RestError =>
  new RestError({
    status: 300,
    code: 'PGRST201',
    message: `Could not embed because more than one relationship was found for '${o.origin}' and '${o.target}'`,
    details: o.choices,
    hint:
      `Try changing '${o.target}' to one of the following: ${list(o.spellings.map((s) => `'${s}'`))}. ` +
      "Find the desired relationship in the 'details' key.",
  });

/** The content types that can fill a function's only, unnamed parameter. */
export type UnnamedParameter = 'text' | 'xml' | 'bytea' | 'json';
export const noFunction = (o: {
  schema: string;
  name: string;
  parameters: readonly string[];
  /** What a POST body could have filled, when it was a POST. */
  unnamed?: UnnamedParameter;
  suggestion?: string;
}): RestError => {
  const called = `${o.schema}.${o.name}`;
  const onlyUnnamed = o.unnamed !== undefined && o.unnamed !== 'json';
  const given = o.parameters.length === 0 ? ' without parameters' : `(${list(o.parameters)})`;
  const named =
    o.parameters.length === 0
      ? ' without parameters'
      : ` with parameter${o.parameters.length > 1 ? 's' : ''} ${list(o.parameters)}`;
  const searched = onlyUnnamed
    ? ` with a single unnamed ${o.unnamed} parameter`
    : named + (o.unnamed === 'json' ? ' or with a single unnamed json/jsonb parameter' : '');
  return new RestError({
    status: 404,
    code: 'PGRST202',
    message: `Could not find the function ${called}${onlyUnnamed ? '' : given} in the schema cache`,
    details: `Searched for the function ${called}${searched}, but no matches were found in the schema cache.`,
    hint: onlyUnnamed ? undefined : o.suggestion,
  });
};
/** @param signatures as `schema.name(parameter => type, ...)` */
export const ambiguousFunction = (signatures: readonly string[]): RestError =>
  new RestError({
    status: 300,
    code: 'PGRST203',
    message: `Could not choose the best candidate function between: ${list(signatures)}`,
    hint: 'Try renaming the parameters or the function itself in the database so function overloading can be resolved',
  });
export const noColumn = (table: string, column: string): RestError =>
  new RestError({
    status: 400,
    code: 'PGRST204',
    message: `Could not find the '${column}' column of '${table}' in the schema cache`,
  });
export const noTable = (schema: string, table: string, suggestion?: string): RestError =>
  new RestError({
    status: 404,
    code: 'PGRST205',
    message: `Could not find the table '${schema}.${table}' in the schema cache`,
    hint: suggestion === undefined ? undefined : `Perhaps you meant the table '${schema}.${suggestion}'`,
  });

// --- PGRST3xx: who is asking ----------------------------------------------------------------------------------------

const bearer = (message: string): Record<string, string> => ({
  'www-authenticate': `Bearer error="invalid_token", error_description=${JSON.stringify(message)}`,
});
export const noJwtSecret = (): RestError =>
  new RestError({ status: 500, code: 'PGRST300', message: 'Server lacks JWT secret' });
export const undecodableJwt = (message: string, details?: string): RestError =>
  new RestError({ status: 401, code: 'PGRST301', message, details, headers: bearer(message) });
export const anonymousDisabled = (): RestError =>
  new RestError({
    status: 401,
    code: 'PGRST302',
    message: 'Anonymous access is disabled',
    headers: { 'www-authenticate': 'Bearer' },
  });
export const badClaims = (message: string): RestError =>
  new RestError({ status: 401, code: 'PGRST303', message, headers: bearer(message) });

// --- what PostgREST leaves to the web server ------------------------------------------------------------------------

export const bodyTooLarge = (): RestError =>
  new RestError({
    status: 413,
    code: 'PAYLOAD_TOO_LARGE',
    message: 'The request body is too large',
    hint: 'Send fewer rows in one request.',
  });
export const tooDeep = (): RestError =>
  new RestError({
    status: 400,
    code: 'PGRST100',
    message: 'The query is nested too deeply',
    details: 'Use fewer levels of embeds or of and/or groups.',
  });
export const internalError = (cause: unknown): RestError =>
  new RestError({ status: 500, code: 'PGRSTX00', message: 'Internal server error', cause });
