import type { FastifyInstance } from 'fastify';

/** `GET /health`: that this surface answers, in the shape clients of GoTrue expect. The database is `/ready`'s business. */
export function healthRoute(app: FastifyInstance): void {
  app.get('/health', { config: { quiet: true } }, async () => ({
    version: 'v2',
    name: 'GoTrue',
    description: 'The GoTrue dialect, spoken by ConnectGain',
  }));
}
