import { ApiError, answerError, toApiError } from '@connectgain/http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { badJwt, noAuthorization } from './errors.ts';

/** From this version on, clients (auth-js always) get `{code, message}` instead of `{code, error_code, msg}`. */
const NAMED_CODES_VERSION = '2024-01-01';
const VERSION_HEADER = 'x-supabase-api-version';

/** The general catalogue's codes in this dialect. */
const DIALECT: Record<string, string> = {
  BAD_REQUEST: 'validation_failed',
  VALIDATION_ERROR: 'validation_failed',
  INVALID_JSON: 'bad_json',
  CONFLICT: 'conflict',
  RATE_LIMIT_EXCEEDED: 'over_request_rate_limit',
  TIMEOUT: 'request_timeout',
  INTERNAL_ERROR: 'unexpected_failure',
  SERVICE_UNAVAILABLE: 'unexpected_failure',
};

/** Every error in this scope, unknown paths included, leaves in GoTrue's shape. */
export function installErrorEnvelope(app: FastifyInstance): void {
  app.setErrorHandler((thrown, request, reply) => {
    if (wantsNamedCodes(request)) reply.header(VERSION_HEADER, NAMED_CODES_VERSION);
    return answerError(inDialect(toApiError(thrown)), request, reply, envelope);
  });
  if (app.prefix !== '') {
    app.setNotFoundHandler((request) => {
      throw app.unknownRoute(request);
    });
  }
}

/** The error with this surface's status and code. */
export function inDialect(error: ApiError): ApiError {
  switch (error.reason) {
    case undefined:
    case 'no_api_key':
    case 'invalid_api_key':
      break;
    case 'no_token':
      return noAuthorization(undefined, { cause: error });
    default:
      return badJwt(`invalid JWT: unable to parse or verify signature, ${error.message}`, { cause: error });
  }
  if (!/^[A-Z]/.test(error.code)) return error;
  const code = DIALECT[error.code] ?? error.code.toLowerCase();
  const { status, message, details, hint, headers, reason } = error;
  return new ApiError({ status, code, message, details, hint, headers, reason, cause: error.cause ?? error });
}

function envelope(error: ApiError, request: FastifyRequest): Record<string, unknown> {
  const { message, hint } = error;
  // These two are the API gateway's answers, the same on every surface.
  if (error.reason === 'no_api_key' || error.reason === 'invalid_api_key') return { message, hint };
  const weak = error.code === 'weak_password' ? { weak_password: error.details } : {};
  if (wantsNamedCodes(request)) return { code: error.code, message, ...weak };
  return { code: error.status, error_code: error.code, msg: message, ...weak };
}

function wantsNamedCodes(request: FastifyRequest): boolean {
  const version = request.headers[VERSION_HEADER];
  // ISO dates compare as text.
  return typeof version === 'string' && /^\d{4}-\d\d-\d\d$/.test(version) && version >= NAMED_CODES_VERSION;
}
