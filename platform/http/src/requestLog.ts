import type { Principal } from '@connectgain/postgres';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { redactText } from './redact.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is asking, once a surface has authenticated the request; null before that and for public routes. */
    principal: Principal | null;
  }
  interface FastifyContextConfig {
    /** Log this route's successes at `debug` only: probes, static files. */
    quiet?: boolean;
  }
}

/** One line per answered request, with what is needed to find it again; bodies and headers are never logged. Sets `x-request-id`. */
export function installRequestLog(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    const status = reply.statusCode;
    const quiet = request.routeOptions.config?.quiet === true && status < 400;
    const level = status >= 500 ? 'error' : quiet ? 'debug' : 'info';
    request.log[level](
      {
        method: request.method,
        url: redactText(request.url),
        route: request.routeOptions.url,
        status,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        ip: request.ip,
        ...who(request),
      },
      'request',
    );
  });
  app.addHook('onRequestAbort', async (request) => {
    request.log.info(
      { method: request.method, url: redactText(request.url) },
      'the caller went away before the answer',
    );
  });
}

function who(request: FastifyRequest): Record<string, unknown> {
  const principal = request.principal;
  if (principal === null || principal === undefined) return {};
  const { sub, organization_id, api_key_id } = principal.claims;
  return { role: principal.role, user_id: sub, organization_id, api_key_id };
}
