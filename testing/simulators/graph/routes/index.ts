import type { FastifyError, FastifyInstance } from 'fastify';
import { tokenOf } from '../access.ts';
import type { Core } from '../core.ts';
import { GraphError, missingObject } from '../graphError.ts';
import { isObject, objectIn, textIn } from '../json.ts';
import { downloadRoute, mediaRoutes } from './media.ts';
import { messageRoutes } from './messages.ts';
import { nodeRoutes } from './nodes.ts';
import { templateRoutes } from './templates.ts';

/** Larger than the largest document that may be uploaded, with its form around it. */
const BODY_LIMIT = 110 * 1024 * 1024;

function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError | GraphError, _request, reply) => {
    if (error instanceof GraphError) return reply.code(error.status).send(error.envelope);
    const status = error.statusCode ?? 500;
    const answer = status < 500 ? new GraphError(100, { message: `(#100) ${error.message}` }) : new GraphError(1);
    return reply.code(answer.status).send(answer.envelope);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/';
    const error = /^\/v\d+\.\d\/[^/]+$/.test(path)
      ? missingObject(request.method, path.split('/').at(-1) ?? '')
      : new GraphError(2500, { message: `Unknown path components: ${path}` });
    return reply.code(error.status).send(error.envelope);
  });
}

/** The wire protocol: everything below `/{version}`, and the file server. */
export async function graphRoutes(app: FastifyInstance, core: Core): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'multipart/form-data',
    { parseAs: 'buffer', bodyLimit: BODY_LIMIT },
    (_request, body, done) => done(null, body),
  );
  app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: BODY_LIMIT }, (_request, body, done) => {
    try {
      done(null, body === '' ? {} : JSON.parse(String(body)));
    } catch {
      // The Graph API reads a body that is no JSON as one without parameters.
      done(null, {});
    }
  });
  answerErrors(app);
  app.addHook('preHandler', async (request) => {
    core.calls.push({
      method: request.method,
      path: request.url.split('?', 1)[0] ?? '',
      token: tokenOf(request),
      body: isObject(request.body) && !(request.body instanceof Uint8Array) ? request.body : undefined,
    });
  });
  downloadRoute(app, core);
  await app.register(
    async (versioned) => {
      versioned.addHook('preHandler', async (request) => {
        const version = textIn(objectIn(request.params).version) ?? '';
        if (!/^v\d+\.\d$/.test(version))
          throw new GraphError(2500, { message: `Unknown path components: /${version}` });
      });
      messageRoutes(versioned, core);
      mediaRoutes(versioned, core);
      templateRoutes(versioned, core);
      nodeRoutes(versioned, core);
    },
    { prefix: '/:version' },
  );
}
