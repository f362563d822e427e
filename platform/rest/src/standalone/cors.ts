/** Cross-origin rules of the engine on its own. Source: https://docs.postgrest.org/en/v14/references/api/cors.html */
import type { FastifyInstance } from 'fastify';

const exposed =
  'Content-Encoding, Content-Location, Content-Range, Content-Type, Date, Location, Server, Transfer-Encoding, Range-Unit';

/** @param origins those allowed; all when empty */
export const installCors = (app: FastifyInstance, origins: readonly string[]): void => {
  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    if (origin === undefined) return;
    if (origins.length > 0 && !origins.includes(origin)) return;
    reply.header('access-control-allow-origin', origins.length === 0 ? '*' : origin);
    if (origins.length > 0) reply.header('access-control-allow-credentials', 'true');
    const asked = request.headers['access-control-request-method'];
    if (request.method !== 'OPTIONS' || asked === undefined) {
      reply.header('access-control-expose-headers', exposed);
      return;
    }
    const headers = request.headers['access-control-request-headers'];
    await reply
      .code(200)
      .header('access-control-allow-methods', 'GET, POST, PATCH, PUT, DELETE, OPTIONS, HEAD')
      .header('access-control-allow-headers', ['Authorization', headers].filter(Boolean).join(', '))
      .header('access-control-max-age', '86400')
      .send();
  });
};
