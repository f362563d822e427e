import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from '@connectgain/http';
import fastifyStatic from '@fastify/static';

/** Where Vite puts the built web app. */
export const webDirectory = fileURLToPath(new URL('../../web/dist/', import.meta.url));

export interface WebAppOptions {
  /** Folder of the built app, `apps/web/dist`. */
  directory: string;
  /** What the browser needs to know before it can ask for anything; holds nothing secret. */
  appConfig: Record<string, unknown>;
}

/**
 * Serves the web app: hashed assets for a year, `index.html` for every page address, never for API or asset addresses, so
 * that a mistyped endpoint answers 404 and not a page.
 */
export async function webApp(app: FastifyInstance, o: WebAppOptions): Promise<void> {
  const index = await readFile(join(o.directory, 'index.html'), 'utf8');
  await app.register(fastifyStatic, {
    root: o.directory,
    index: false,
    wildcard: false,
    maxAge: '365d',
    immutable: true,
    globIgnore: ['**/index.html', '**/.build-hash'],
  });
  app.get('/app-config.json', async (_request, reply) => reply.header('cache-control', 'no-store').send(o.appConfig));
  app.get('/*', async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/';
    if (isApi(path) || /\.[a-z0-9]{1,8}$/i.test(path)) throw app.unknownRoute(request);
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(index);
  });
}

function isApi(path: string): boolean {
  return /^\/(rest|auth|functions|realtime|storage)\/v1(\/|$)/.test(path);
}
