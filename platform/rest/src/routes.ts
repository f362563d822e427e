/** The engine behind a Fastify server. */
import { ApiError, authenticate, gatewayEnvelope, type Tokens } from '@connectgain/http';
import type { RunsAs } from '@connectgain/postgres';
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { createRestEngine, type EngineOptions, type RestEngine } from './engine.ts';
import { badClaims, bodyTooLarge, invalidBody, type RestError, undecodableJwt } from './errors.ts';
import type { HttpRequest } from './request/apiRequest.ts';
import type { Answer } from './response/answer.ts';

export interface RestRoutesOptions extends Omit<EngineOptions, 'pool' | 'listenUrl' | 'ignoredParameters'> {
  database: {
    requests: Pool;
    /** Connection string for `NOTIFY pgrst`; that of the pool when absent. */
    url?: string;
  };
  tokens: Tokens;
  /** Bytes of a body; the server's limit when absent. */
  bodyLimit?: number;
}

/** A Fastify plugin to register under `/rest/v1`. */
export interface RestRoutes extends FastifyPluginAsync {
  /** Reads the schema again, as `NOTIFY pgrst` does. */
  reloadSchema(): Promise<void>;
  /** For code that answers REST requests for others, such as a proxy with keys of its own. */
  engine: RestEngine;
}

/**
 * REST for the product: callers are known by `apikey` and bearer token. Registering loads the schema and rejects when the
 * database cannot be read; closing the server ends the listening.
 */
export const restRoutes = (o: RestRoutesOptions): RestRoutes => {
  const { database, tokens, bodyLimit, ...rest } = o;
  const engine = createRestEngine({
    anonRole: 'anon',
    ...rest,
    pool: database.requests,
    listenUrl: database.requests.options.connectionString ?? database.url,
    // The gateway's key may come in the query string.
    ignoredParameters: ['apikey'],
  });
  const plugin: FastifyPluginAsync = async (app) => {
    await engine.reloadSchema();
    await engine.listen();
    app.addHook('onClose', () => engine.close());
    mountEngine(app, engine, { bodyLimit, identify: (request) => identify(request, tokens) });
  };
  return Object.assign(plugin, { reloadSchema: () => engine.reloadSchema(), engine });
};

const identify = async (request: FastifyRequest, tokens: Tokens): Promise<RunsAs> => {
  const principal = await authenticate(request, tokens);
  request.principal = principal;
  return principal;
};

export interface MountOptions {
  bodyLimit?: number;
  /** Throws RestError or ApiError for callers who may not come in. */
  identify: (request: FastifyRequest) => RunsAs | Promise<RunsAs>;
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Adds the routes of an engine below the prefix of `app`. */
export const mountEngine = (app: FastifyInstance, engine: RestEngine, o: MountOptions): void => {
  app.removeAllContentTypeParsers();
  // Bodies reach PostgreSQL as they came; what they are is decided by the dialect, not by the web server.
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error, request, reply) => {
    // A hook of the server (a limit, a guard) refused the request before the dialect saw it.
    if (error instanceof ApiError) refuse(reply, engine, error);
    else send(reply, engine.answerFor(fromFastify(error, request)));
  });
  const prefix = app.prefix.replace(/\/$/, '');
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    let principal: RunsAs;
    try {
      principal = await o.identify(request);
    } catch (error) {
      if (error instanceof ApiError) return refuse(reply, engine, error);
      throw error;
    }
    const { signal } = request;
    try {
      return send(reply, await engine.handle(httpOf(request, prefix), principal, signal));
    } catch (error) {
      // Nobody waits any more, or the server has answered in our place.
      if (signal.aborted) return reply;
      throw error;
    }
  };
  const { bodyLimit } = o;
  for (const url of ['/', '/*']) {
    app.route({ ...apiRoute, method: methods, url, bodyLimit, exposeHeadRoute: false, handler });
  }
};

/** Security headers for pages mean nothing to an API and are a third of the bytes of a small answer; `send` sets what does. */
const apiRoute = { helmet: false };

/** Nothing that an answer holds, whatever media type SQL gives it, may run in a browser as part of the site. */
const contentPolicy = "default-src 'none'; sandbox";

const httpOf = (request: FastifyRequest, prefix: string): HttpRequest => {
  const url = request.raw.url ?? '/';
  const mark = url.indexOf('?');
  return {
    method: request.method,
    path: (mark === -1 ? url : url.slice(0, mark)).slice(prefix.length) || '/',
    query: mark === -1 ? '' : url.slice(mark + 1),
    headers: request.headers,
    body: Buffer.isBuffer(request.body) ? request.body : undefined,
  };
};

const send = (reply: FastifyReply, made: Answer): FastifyReply => {
  reply.code(made.status).headers(made.headers);
  for (const [name, value] of made.repeated) reply.header(name, value);
  reply.header('x-content-type-options', 'nosniff').header('content-security-policy', contentPolicy);
  if (!reply.hasHeader('vary')) reply.header('vary', 'Accept, Prefer, Range');
  return reply.send(made.body);
};

/** The gateway answers for missing keys in its own words, PostgREST for tokens that are not accepted. */
const refuse = (reply: FastifyReply, engine: RestEngine, error: ApiError): FastifyReply => {
  const found = tokenError(error);
  if (found !== undefined) return send(reply, engine.answerFor(found));
  return reply
    .code(error.status)
    .headers(error.headers ?? {})
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(gatewayEnvelope(error)));
};

const tokenError = ({ reason, message }: ApiError): RestError | undefined => {
  switch (reason) {
    case 'token_expired':
    case 'token_not_yet_valid':
    case 'token_claims':
      return badClaims(message);
    case 'token_signature':
      return undecodableJwt('No suitable key or wrong key type', 'None of the keys was able to decode the JWT');
    case 'token_malformed':
      return undecodableJwt("JWT couldn't be decoded");
    default:
      return undefined;
  }
};

/** Errors that the web server finds while it reads a request. */
const fromFastify = (error: unknown, request: FastifyRequest): unknown => {
  if (!(error instanceof Error) || !('code' in error)) return error;
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return bodyTooLarge();
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return invalidBody(`Content-Type not acceptable: ${request.headers['content-type']}`);
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return invalidBody('The body is not as long as its Content-Length says');
    default:
      return error;
  }
};
