import { fromDatabase, isPostgresError } from './databaseErrors.ts';
import {
  ApiError,
  badRequest,
  internal,
  invalidJson,
  timedOut,
  tooLarge,
  unavailable,
  unsupportedMedia,
  validationError,
} from './errors.ts';
import { isZodError, validationFromZod } from './parse.ts';

interface FastifyLike extends Error {
  code?: unknown;
  statusCode?: unknown;
  validation?: { instancePath?: string; message?: string }[];
  validationContext?: string;
}

/**
 * Any thrown value as one of the catalogue. What is not known to be the caller's fault becomes a 500 whose text tells nothing, with the
 * original as `cause` for the log.
 */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (isZodError(error)) return validationFromZod(error);
  if (isPostgresError(error)) return fromDatabase(error) ?? internal(undefined, { cause: error });
  if (error instanceof Error) return fromFastify(error) ?? internal(undefined, { cause: error });
  return internal(undefined, { cause: error });
}

function fromFastify(error: FastifyLike): ApiError | undefined {
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return invalidJson(undefined, { cause: error });
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return tooLarge(undefined, { cause: error });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return unsupportedMedia(undefined, { cause: error });
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return badRequest('The body is not as long as its Content-Length says.', { cause: error });
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_INVALID_URL':
      return badRequest('The path is not a valid URL: percent-encode it as UTF-8.', { cause: error });
    case 'FST_ERR_HANDLER_TIMEOUT':
      return timedOut(undefined, { cause: error });
    case 'FST_ERR_VALIDATION': {
      const [first] = error.validation ?? [];
      const field =
        (first?.instancePath ?? '').replace(/^\//, '').replaceAll('/', '.') || error.validationContext || 'body';
      return validationError(undefined, { details: { field, message: first?.message ?? error.message }, cause: error });
    }
    case 'ECONNREFUSED':
    case 'ECONNRESET':
    case 'EPIPE':
      return unavailable(undefined, { cause: error });
    default:
  }
  const status = error.statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    // Plugins of the Fastify family put a sentence meant for the caller on 4xx errors.
    return badRequest(error.message, { status, cause: error });
  }
  return undefined;
}
