import type { Principal } from '@connectgain/postgres';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { redactText } from './redact.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is asking, once a surface has authenticated the request; null before that and for public routes. */
    principal: Principal | null;
  }
}

/** One line per answered request, with what is needed to find it again; bodies and headers are never logged. */
export function installRequestLog(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    const status = reply.statusCode;
    const level = status >= 500 ? 'error' : request.routeFacts?.quiet && status < 400 ? 'debug' : 'info';
    request.log[level](
      {
        method: request.method,
        url: redactText(request.url),
        route: request.routeFacts?.pattern,
        status,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        ip: request.ip,
        ...who(request),
      },
      'request',
    );
    done();
  });
  app.addHook('onRequestAbort', (request, done) => {
    request.log.info(
      { method: request.method, url: redactText(request.url) },
      'the caller went away before the answer',
    );
    done();
  });
}

function who(request: FastifyRequest): Record<string, unknown> {
  const { principal } = request;
  if (principal === null) return {};
  const { sub, organization_id, api_key_id } = principal.claims;
  return { role: principal.role, user_id: sub, organization_id, api_key_id };
}
