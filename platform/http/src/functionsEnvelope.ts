import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { answerError } from './answerError.ts';
import type { ApiError } from './errors.ts';

/** The documented error of `/functions/v1`: `{error, code, details, message}`, where `message` repeats `error` for older clients. */
export function functionsError(error: ApiError): Record<string, unknown> {
  return {
    error: error.message,
    code: error.code,
    details: error.details ?? null,
    message: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  };
}

/**
 * Register inside the plugin that holds the functions, before their routes: every error in that scope, unknown paths included, gets the
 * functions envelope.
 */
export const functionsEnvelope = fp(
  async (app: FastifyInstance) => {
    app.setErrorHandler((error, request, reply) => answerError(error, request, reply, functionsError));
    if (app.prefix !== '') {
      app.setNotFoundHandler((request) => {
        throw app.unknownRoute(request);
      });
    }
  },
  { name: 'functions-envelope', fastify: '5.x' },
);
