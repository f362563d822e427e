import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiError } from './errors.ts';
import { toApiError } from './fromUnknown.ts';

/**
 * Turns whatever was thrown into one answer: status and headers of the catalogue, body by `envelope`. The cause is logged here with the
 * request's id (on `request.log`), and only here; the caller can quote the same id from `x-request-id`.
 */
export function answerError(
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  envelope: (error: ApiError, request: FastifyRequest) => unknown,
): FastifyReply {
  const error = toApiError(thrown);
  if (error.status >= 500) {
    request.log.error({ err: error.cause ?? error, code: error.code, status: error.status }, 'request failed');
  } else {
    request.log.debug({ err: error.cause ?? error, code: error.code, status: error.status }, 'request refused');
  }
  if (reply.sent) return reply;
  return reply
    .code(error.status)
    .headers(error.headers ?? {})
    .type('application/json; charset=utf-8')
    .send(envelope(error, request));
}
