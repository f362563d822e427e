import type { FastifyInstance } from 'fastify';

/** Resolves when the part works; rejects, or takes too long, when it does not. */
export type HealthCheck = () => Promise<unknown>;

export interface HealthOptions {
  checks: Record<string, HealthCheck>;
  /** Milliseconds per check; 2000 when absent. */
  timeoutMs?: number;
  version?: string;
}

/**
 * `GET /health`: this process answers (liveness; never asks other parts, so that a database outage restarts nothing).
 * `GET /ready`: every check passes and the server is not draining; 503 otherwise, naming the parts but not their reasons, which are logged.
 */
export function healthRoutes(app: FastifyInstance, o: HealthOptions): void {
  const started = Date.now();
  app.get('/health', { config: { quiet: true }, logLevel: 'warn' }, async () => ({
    status: 'ok',
    uptime_seconds: Math.round((Date.now() - started) / 1000),
    ...(o.version === undefined ? {} : { version: o.version }),
  }));
  app.get('/ready', { config: { quiet: true } }, async (request, reply) => {
    const results = await Promise.all(
      Object.entries(o.checks).map(async ([name, check]) => {
        try {
          await within(check(), o.timeoutMs ?? 2000);
          return { name, ok: true };
        } catch (error) {
          request.log.warn({ err: error, check: name }, 'not ready');
          return { name, ok: false };
        }
      }),
    );
    const draining = app.isDraining();
    const ready = !draining && results.every(({ ok }) => ok);
    return reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({
        status: ready ? 'ready' : draining ? 'draining' : 'not ready',
        checks: Object.fromEntries(results.map(({ name, ok }) => [name, ok ? 'ok' : 'failed'])),
      });
  });
}

async function within<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
