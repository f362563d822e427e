import type { FastifyInstance, FastifyRequest } from 'fastify';
import FindMyWay, { type HTTPMethod } from 'find-my-way';
import { type ApiError, methodNotAllowed, notFound } from './errors.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** The catalogue's answer to a request that no route took: 405 when the path exists for other methods, else 404. */
    unknownRoute(request: FastifyRequest): ApiError;
  }
}

const METHODS: HTTPMethod[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/**
 * Fastify answers 404 for a wrong method. A second router of the same kind, filled as routes are added and read only when none took the
 * request, tells 405 and its `Allow` apart.
 */
export function installUnknownRoutes(app: FastifyInstance): void {
  const paths = FindMyWay({ ignoreDuplicateSlashes: true, maxParamLength: 500 });
  const seen = new Set<string>();
  app.addHook('onRoute', (route) => {
    // Catch-alls (preflight, the single-page app) say nothing about whether a path exists.
    if (/^\/?\*$/.test(route.url)) return;
    for (const method of METHODS.filter((candidate) => [route.method].flat().includes(candidate))) {
      const key = `${method} ${route.url}`;
      if (seen.has(key)) continue;
      seen.add(key);
      paths.on(method, route.url, () => {});
    }
  });
  app.decorate('unknownRoute', (request: FastifyRequest) => {
    const path = request.url.split('?', 1)[0] ?? '/';
    const allow = METHODS.filter((method) => paths.find(method, path) !== null);
    if (allow.length > 0 && !allow.some((method) => method === request.method))
      return methodNotAllowed(request.method, allow);
    return notFound(`There is nothing at ${request.method} ${path}: check the path.`);
  });
  app.setNotFoundHandler((request) => {
    throw app.unknownRoute(request);
  });
}
