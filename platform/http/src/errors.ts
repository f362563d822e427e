/**
 * The one catalogue of errors that the product answers with. A file that finds a problem throws the factory's value; the surface it
 * belongs to (`/rest`, `/auth`, `/functions`) turns it into that surface's envelope in one place.
 *
 * Codes are those of the published API reference ("Standard error"), completed where it is silent.
 */
export type ErrorCode =
  | 'BAD_REQUEST'
  | 'INVALID_JSON'
  | 'VALIDATION_ERROR'
  | 'AUTHENTICATION_FAILED'
  | 'INVALID_API_KEY'
  | 'INSUFFICIENT_PERMISSIONS'
  | 'RESOURCE_NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'
  | 'CONFLICT'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'RATE_LIMIT_EXCEEDED'
  | 'INTERNAL_ERROR'
  | 'SERVICE_UNAVAILABLE'
  | 'TIMEOUT'
  // A surface or a feature may name its own, in the same spelling.
  | (string & {});

/**
 * Why a caller was not recognised, in a form that a surface can map to its own dialect (PostgREST `PGRST301`/`PGRST303`, GoTrue `bad_jwt`,
 * `no_authorization`). Absent on errors that are not about identity.
 */
export type AuthReason =
  | 'no_api_key'
  | 'invalid_api_key'
  | 'no_token'
  | 'token_malformed'
  | 'token_signature'
  | 'token_expired'
  | 'token_not_yet_valid'
  | 'token_claims';

export interface ErrorExtras {
  /** What exactly is wrong, for a person or a program: a string, or fields such as `{field, message}`. Sent to the caller. */
  details?: unknown;
  /** What to try instead. Sent to the caller. */
  hint?: string;
  /** Response headers, such as `Retry-After`, `Allow`, `WWW-Authenticate`. */
  headers?: Record<string, string>;
  reason?: AuthReason;
  /** The underlying error. Logged with the request id, never sent. */
  cause?: unknown;
  code?: ErrorCode;
  /** Replaces the factory's own status, where the documentation of one endpoint asks for another. */
  status?: number;
}

/** An error with an HTTP status and a sentence that says what to change. Everything in it except `cause` may be shown to the caller. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: ErrorCode;
  readonly details?: unknown;
  readonly hint?: string;
  readonly headers?: Record<string, string>;
  readonly reason?: AuthReason;

  constructor(o: { status: number; code: ErrorCode; message: string } & ErrorExtras) {
    super(o.message, o.cause === undefined ? undefined : { cause: o.cause });
    this.name = 'ApiError';
    this.status = o.status;
    this.code = o.code;
    this.details = o.details;
    this.hint = o.hint;
    this.headers = o.headers;
    this.reason = o.reason;
  }
}

function factory(status: number, code: ErrorCode, sentence: string) {
  return (message: string = sentence, extras: ErrorExtras = {}): ApiError =>
    new ApiError({ status, code, message, ...extras });
}

/** 400: the request cannot be understood as it is written. */
export const badRequest = factory(400, 'BAD_REQUEST', 'The request is not valid: check its parameters and body.');
/** 400: the body is not JSON. */
export const invalidJson = factory(
  400,
  'INVALID_JSON',
  'The body is not valid JSON: send one JSON value encoded as UTF-8.',
);
/** 422: well-formed, but a field has a value that is not accepted. `details` is `{field, message, issues?}`. */
export const validationError = factory(422, 'VALIDATION_ERROR', 'Validation error');
/** 401: nobody is signed in, or the credentials are not accepted. */
export const unauthenticated = factory(
  401,
  'AUTHENTICATION_FAILED',
  'Missing authentication: send an `Authorization: Bearer` token.',
);
/** 401: an API key that is unknown, expired or switched off. Endpoints documented with 403 pass `{status: 403}`. */
export const invalidApiKey = factory(401, 'INVALID_API_KEY', 'Invalid API key');
/** 403: known caller, not allowed. */
export const forbidden = factory(403, 'INSUFFICIENT_PERMISSIONS', 'You do not have permission to do this.');
/** 404: no such thing, or not visible to the caller; both look the same on purpose. */
export const notFound = factory(404, 'RESOURCE_NOT_FOUND', 'Could not find resource');
/** 409: it exists already, or changed meanwhile. */
export const conflict = factory(409, 'CONFLICT', 'This conflicts with what is already stored.');
/** 413: the body is over the limit of the route. */
export const tooLarge = factory(413, 'PAYLOAD_TOO_LARGE', 'The body is too large: send less in one request.');
/** 415: no parser for the content type. */
export const unsupportedMedia = factory(
  415,
  'UNSUPPORTED_MEDIA_TYPE',
  'This content type is not accepted here: send `Content-Type: application/json`.',
);
/** 500: our fault. The cause goes to the log with the request id and nowhere else. */
export const internal = factory(500, 'INTERNAL_ERROR', 'Internal server error');
/** 503: try again later. */
export const unavailable = factory(
  503,
  'SERVICE_UNAVAILABLE',
  'The service is not available at the moment: try again shortly.',
);
/** 504: the handler took longer than the route allows. */
export const timedOut = factory(
  504,
  'TIMEOUT',
  'The request took too long and was stopped: narrow it down or try again.',
);

/** 405 with the `Allow` header that RFC 9110 section 15.5.6 requires. */
export function methodNotAllowed(method: string, allow: readonly string[]): ApiError {
  return new ApiError({
    status: 405,
    code: 'METHOD_NOT_ALLOWED',
    message: `${method} is not possible here: use ${allow.join(', ')}.`,
    headers: { allow: allow.join(', ') },
  });
}

/** 429 with `Retry-After` in whole seconds (RFC 9110 section 10.2.3). */
export function tooManyRequests(retryAfterSeconds: number, extras: ErrorExtras = {}): ApiError {
  const seconds = Math.max(1, Math.ceil(retryAfterSeconds));
  return new ApiError({
    status: 429,
    code: 'RATE_LIMIT_EXCEEDED',
    message: `Rate limit exceeded: try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
    ...extras,
    headers: { 'retry-after': String(seconds), ...extras.headers },
  });
}
