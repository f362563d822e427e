import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { timedOut } from './errors.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Milliseconds this route may take until its answer begins; 0 for no limit. Replaces the server's `handlerTimeoutMs`. */
    timeoutMs?: number;
  }
}

/**
 * `request.signal`: aborts when the caller goes away or the time is up; pass it to queries and outgoing calls. When the time is up before
 * the answer began, the caller gets 504 in the surface's own envelope. An answer that has begun (a download) is left alone.
 *
 * Fastify 5.12 has `handlerTimeout` and `request.signal` of its own, but hangs both on the 'close' of the incoming message, which Node emits as
 * soon as a body was read to its end: every POST would see its signal aborted and its timer cleared before the handler ran. The response's
 * 'close' is the event that means what is wanted here.
 */
export function installRequestDeadline(app: FastifyInstance, defaultMs: number): void {
  app.addHook('onRoute', (route) => {
    const limit = route.config?.timeoutMs ?? defaultMs;
    route.onRequest = [
      (request, reply, done) => {
        startDeadline(request, reply, limit);
        done();
      },
      ...[route.onRequest ?? []].flat(),
    ];
  });
}

function startDeadline(request: FastifyRequest, reply: FastifyReply, limit: number): void {
  let controller: AbortController | undefined;
  let ended: { reason: unknown } | undefined;
  const abort = (reason: unknown): void => {
    ended = { reason };
    controller?.abort(reason);
  };
  // Own property in front of the prototype's getter; a controller is only made for handlers that ask.
  Object.defineProperty(request, 'signal', {
    configurable: true,
    get() {
      if (controller === undefined) {
        controller = new AbortController();
        if (ended !== undefined) controller.abort(ended.reason);
      }
      return controller.signal;
    },
  });
  const onTime = (): void => {
    if (reply.sent) return;
    const error = timedOut();
    abort(error);
    // A handler may have answered from the signal's own listener.
    if (!reply.sent) reply.send(error);
  };
  const timer = limit > 0 ? setTimeout(onTime, limit) : undefined;
  reply.raw.once('close', () => {
    clearTimeout(timer);
    if (!reply.raw.writableFinished) abort(new Error('The caller closed the connection.'));
  });
}
