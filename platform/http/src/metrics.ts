import type { FastifyInstance, FastifyRequest } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { unauthenticated } from './errors.ts';

/** A number, or several under labels, read when Prometheus asks. */
export interface GaugeSource {
  name: string;
  help: string;
  labels?: readonly string[];
  read(): Promise<GaugeValue[]> | GaugeValue[];
}

export interface GaugeValue {
  value: number;
  labels?: Record<string, string>;
}

/** What node-postgres pools tell about themselves. */
export interface PoolCounts {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

export interface MetricsOptions {
  pools?: Record<string, PoolCounts>;
  gauges?: readonly GaugeSource[];
  /** When set, `GET /metrics` needs `Authorization: Bearer <token>`. */
  token?: string;
}

/**
 * `GET /metrics` in the Prometheus text format: requests by route and status with their duration, database pools, Node's own (event loop,
 * memory, garbage collection), and the gauges other rooms hand in. Returns the registry for counters of their own.
 */
export function metrics(app: FastifyInstance, o: MetricsOptions = {}): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from request to the end of the answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  app.addHook('onResponse', (request, reply, done) => {
    // The pattern, never the path: ids in labels would grow without end.
    const route = request.routeFacts?.pattern ?? 'unknown';
    duration.observe({ method: request.method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
    done();
  });
  registerGauge(registry, app, poolGauge(o.pools ?? {}));
  for (const source of o.gauges ?? []) registerGauge(registry, app, source);
  app.get('/metrics', { config: { quiet: true } }, async (request, reply) => {
    requireToken(request, o.token);
    return reply
      .type(registry.contentType)
      .header('cache-control', 'no-store')
      .send(await registry.metrics());
  });
  return registry;
}

function registerGauge(registry: Registry, app: FastifyInstance, source: GaugeSource): void {
  new Gauge({
    name: source.name,
    help: source.help,
    labelNames: [...(source.labels ?? [])],
    registers: [registry],
    async collect() {
      this.reset();
      try {
        for (const { labels, value } of await source.read()) this.set(labels ?? {}, value);
      } catch (error) {
        // One source that cannot be read must not hide the others.
        app.log.warn({ err: error, gauge: source.name }, 'a metric could not be read');
      }
    },
  });
}

function poolGauge(pools: Record<string, PoolCounts>): GaugeSource {
  return {
    name: 'database_pool_connections',
    help: 'Connections of a pool by state; waiting counts callers without one',
    labels: ['pool', 'state'],
    read: () =>
      Object.entries(pools).flatMap(([pool, counts]) => [
        { labels: { pool, state: 'busy' }, value: counts.totalCount - counts.idleCount },
        { labels: { pool, state: 'idle' }, value: counts.idleCount },
        { labels: { pool, state: 'waiting' }, value: counts.waitingCount },
      ]),
  };
}

function requireToken(request: FastifyRequest, token: string | undefined): void {
  if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) {
    throw unauthenticated('Send the metrics token as `Authorization: Bearer`.');
  }
}
