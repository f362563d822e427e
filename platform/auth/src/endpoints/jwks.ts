import type { FastifyInstance } from 'fastify';

/** `GET /.well-known/jwks.json`: empty, because tokens are signed with a shared secret (HS256) and clients then ask `GET /user`. */
export function jwksRoute(app: FastifyInstance): void {
  app.get('/.well-known/jwks.json', async (_request, reply) => {
    reply.header('cache-control', 'public, max-age=600');
    return { keys: [] };
  });
}
