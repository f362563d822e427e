import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import cors from '@fastify/cors';
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { Logger } from 'pino';
import { answerError } from './answerError.ts';
import { installBodies } from './bodies.ts';
import { installDrain } from './drain.ts';
import type { ApiError } from './errors.ts';
import { installRequestDeadline } from './requestDeadline.ts';
import { installRequestLog } from './requestLog.ts';
import { installRouteFacts } from './routeFacts.ts';
import { installSecurityHeaders } from './securityHeaders.ts';
import { installUnknownRoutes } from './unknownRoutes.ts';

export interface HttpServerOptions {
  log: Logger;
  /**
   * Which proxies to believe about the client's address and protocol; none when absent. Addresses or ranges (`10.0.0.0/8`, comma separated
   * or a list), the number of proxies in front, or true for whoever connects.
   */
  trustProxy?: boolean | string | string[] | number;
  /** Bytes of a body; 2 MiB when absent. Routes that take more say so with `bodyLimit`. */
  bodyLimit?: number;
  /** Milliseconds until `request.signal` aborts and the caller gets 504; 60 000 when absent. A route overrides it with `config: {timeoutMs}`. */
  handlerTimeoutMs?: number;
  /** gzip and brotli for answers over 1 KiB; on when absent. */
  compress?: boolean;
}

const EXPOSED_HEADERS = [
  'content-range',
  'content-location',
  'location',
  'preference-applied',
  'x-request-id',
  'x-total-count',
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
  'retry-after',
  'x-supabase-api-version',
  'etag',
];

/**
 * A Fastify 5 server with the conventions every surface shares: request ids, redacted access log, security headers, CORS for any origin (the
 * API is meant for browsers and authenticates by header, never by cookie), JSON bodies, one place where errors become answers, 404 and 405.
 *
 * Not listening yet; `drain` closes it. Rate limits, health, metrics and envelopes are plugins of this room that the caller registers.
 */
export function createHttpServer(o: HttpServerOptions): FastifyInstance {
  const loggerInstance: FastifyBaseLogger = o.log;
  const trust = o.trustProxy ?? false;
  const app = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    trustProxy: typeof trust === 'number' ? (_address: string, hop: number) => hop < trust : trust,
    bodyLimit: o.bodyLimit ?? 2 * 1024 * 1024,
    // Slow-header and slow-body attacks: Node's own limit for receiving one request.
    requestTimeout: 300_000,
    keepAliveTimeout: 72_000,
    genReqId: requestId,
    routerOptions: { maxParamLength: 500, ignoreDuplicateSlashes: true },
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    // Paths that no route can be looked up for never reach the hooks.
    frameworkErrors: (error, request, reply) =>
      answerError(error, request, reply.header('x-request-id', request.id), gatewayEnvelope),
  });
  app.decorateRequest('principal', null);
  installDrain(app);
  installRouteFacts(app);
  installSecurityHeaders(app);
  installRequestLog(app);
  installRequestDeadline(app, o.handlerTimeoutMs ?? 60_000);
  installUnknownRoutes(app);
  installBodies(app);
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, gatewayEnvelope));
  app.register(cors, {
    origin: '*',
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    exposedHeaders: EXPOSED_HEADERS,
    maxAge: 3600,
    strictPreflight: false,
  });
  if (o.compress !== false) {
    app.register(compress, {
      threshold: 1024,
      encodings: ['br', 'gzip'],
      // Quality 11, the library's default, is for files compressed once.
      brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
    });
  }
  return app;
}

/** The envelope of the API gateway, used where no surface has its own: `{message, hint?, details?, code?}`. */
export function gatewayEnvelope(error: ApiError): Record<string, unknown> {
  const { message, code, details, hint } = error;
  // Clients compare the gateway's two answers about keys whole.
  if (error.reason === 'no_api_key' || error.reason === 'invalid_api_key') return { message, hint };
  return { message, code, ...(details === undefined ? {} : { details }), ...(hint === undefined ? {} : { hint }) };
}

/** The caller's `X-Request-Id` when it looks like one, so that traces join up; otherwise ours. */
function requestId(raw: IncomingMessage): string {
  const sent = raw.headers['x-request-id'];
  return typeof sent === 'string' && /^[\w-]{8,64}$/.test(sent) ? sent : randomUUID();
}

export type { FastifyInstance, FastifyReply, FastifyRequest };
