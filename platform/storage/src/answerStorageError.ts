import { type ApiError, isPostgresError, toApiError } from '@connectgain/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { accessDenied, invalidMimeType, invalidRequest, legacyNames } from './errors.ts';
import { headerOf } from './upload/fileHeaders.ts';

/**
 * The dialect's envelope `{statusCode, error, code, message}`. As on the hosted service the response's own status is 400 for most refusals
 * and the meant one is in `statusCode`, which is what its clients and public test-suites compare. Statuses that HTTP itself acts on (a body
 * or range out of bounds, a failed precondition, try again later) and our own faults go out as they are.
 */
export function answerStorageError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = inDialect(thrown, request);
  const level = error.status >= 500 ? 'error' : 'debug';
  request.log[level]({ err: error.cause ?? error, code: error.code, status: error.status }, 'storage request refused');
  if (reply.sent) return reply;
  return reply
    .code(statusOf(error))
    .headers(error.headers ?? {})
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send({
      statusCode: String(error.status),
      error: legacyNames[error.code] ?? error.code,
      code: error.code,
      message: error.message,
    });
}

const literal: ReadonlySet<number> = new Set([405, 408, 412, 413, 416, 429]);

function statusOf(error: ApiError): number {
  return error.status >= 500 || literal.has(error.status) || error.code === 'NoSuchRoute' ? error.status : 400;
}

function inDialect(thrown: unknown, request: FastifyRequest): ApiError {
  if (isPostgresError(thrown) && thrown.code === '42501') {
    // "new row violates ..." or "permission denied for ...": the first is what clients look for.
    const isPolicy = thrown.message.includes('row-level security');
    return accessDenied(isPolicy ? undefined : 'permission denied', { cause: thrown });
  }
  const error = toApiError(thrown);
  switch (error.reason) {
    case undefined:
      break;
    case 'no_token':
    case 'no_api_key':
      // The words of the hosted service's own schema check.
      return invalidRequest("headers must have required property 'authorization'", { code: 'Error', cause: error });
    default:
      return accessDenied(error.message, { headers: error.headers, cause: error });
  }
  // Fastify itself refuses a content type that is none.
  if (error.status === 415 && !hasStorageCode(error)) return invalidMimeType(headerOf(request, 'content-type') ?? '');
  return hasStorageCode(error) ? error : withStorageCode(error);
}

/** The catalogues differ in spelling: ours are `NoSuchKey`, the API's are `RESOURCE_NOT_FOUND`. */
function hasStorageCode(error: ApiError): boolean {
  return /^[A-Z][a-z]/.test(error.code);
}

function withStorageCode(error: ApiError): ApiError {
  const extras = { status: error.status, headers: error.headers, cause: error.cause ?? error };
  if (error.code === 'VALIDATION_ERROR') return invalidRequest(validationSentence(error), { ...extras, status: 400 });
  if (error.code === 'RESOURCE_NOT_FOUND') return invalidRequest(error.message, { ...extras, code: 'NoSuchRoute' });
  if (error.status === 413) return invalidRequest(error.message, { ...extras, code: 'EntityTooLarge' });
  if (error.status === 504) return invalidRequest(error.message, { ...extras, code: 'DatabaseTimeout' });
  if (error.status === 503) return invalidRequest(error.message, { ...extras, code: 'SlowDown' });
  if (error.status >= 500) return invalidRequest(error.message, { ...extras, code: 'InternalError' });
  return invalidRequest(error.message, extras);
}

function validationSentence(error: ApiError): string {
  const { details } = error;
  if (details === null || typeof details !== 'object') return error.message;
  const field = 'field' in details ? String(details.field) : 'body';
  const message = 'message' in details ? String(details.message) : error.message;
  return `${field}: ${message}`;
}
