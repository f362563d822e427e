import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest, RequestPayload } from 'fastify';
import { badRequest, tooLarge } from './errors.ts';
import { jsonParser } from './jsonParser.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Keep the exact bytes of the body on `request.rawBody`, for checking a webhook's signature. */
    rawBody?: boolean;
  }
  interface FastifyRequest {
    /** The body as received, on routes with `config: {rawBody: true}`. */
    rawBody?: Buffer;
  }
}

/**
 * JSON bodies, and raw bytes where a route asks for them.
 *
 * An empty body with a JSON content type is no body: supabase-js sends `Content-Type: application/json` on calls without one (sign-out,
 * deletes), which Fastify's own parser refuses. `__proto__` and `constructor.prototype` keys are refused with 400, and so is nesting beyond what anybody writes.
 */
export function installBodies(app: FastifyInstance): void {
  const parseJson = jsonParser(app);
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else parseJson(request, body, done);
  });
  // The rest of a body that was refused for its size is never read: a kept connection would wait for it for ever.
  app.addHook('onSend', async (_request, reply) => {
    if (reply.statusCode === 413) reply.header('connection', 'close');
  });
  app.addHook('onRoute', (route) => {
    if (route.config?.rawBody !== true) return;
    const limit = route.bodyLimit ?? app.initialConfig.bodyLimit ?? 0;
    route.preParsing = [
      async (request: FastifyRequest, _reply: FastifyReply, payload: RequestPayload) => {
        const bytes = await collect(payload, limit);
        request.rawBody = bytes;
        const again = Readable.from([bytes], { objectMode: false });
        // Fastify checks the length against Content-Length; the bytes have been counted here.
        return Object.assign(again, { receivedEncodedLength: bytes.length });
      },
      ...[route.preParsing ?? []].flat(),
    ];
  });
}

async function collect(payload: AsyncIterable<unknown>, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of payload) {
    if (!(chunk instanceof Uint8Array)) throw badRequest('The body could not be read as bytes.');
    size += chunk.length;
    if (size > limit) throw tooLarge();
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks);
}
