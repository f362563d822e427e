import type { FastifyInstance } from 'fastify';
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
  app.addHook('onRequest', (request, reply, done) => {
    const limit = request.routeOptions.config?.timeoutMs ?? defaultMs;
    let controller: AbortController | undefined;
    let reason: unknown;
    let aborted = false;
    const abort = (why: unknown): void => {
      aborted = true;
      reason = why;
      controller?.abort(why);
    };
    // Own property in front of the prototype's getter; a controller is only made for handlers that ask.
    Object.defineProperty(request, 'signal', {
      configurable: true,
      get() {
        if (controller === undefined) {
          controller = new AbortController();
          if (aborted) controller.abort(reason);
        }
        return controller.signal;
      },
    });
    const timer =
      limit > 0
        ? setTimeout(() => {
            if (reply.sent) return;
            const error = timedOut();
            abort(error);
            // A handler may have answered from the signal's own listener.
            if (!reply.sent) reply.send(error);
          }, limit)
        : undefined;
    reply.raw.once('close', () => {
      clearTimeout(timer);
      if (!reply.raw.writableFinished) abort(new Error('The caller closed the connection.'));
    });
    done();
  });
}
