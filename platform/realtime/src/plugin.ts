import type { GaugeSource } from '@connectgain/http';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import type { RealtimeOptions } from './options.ts';
import { createRealtime, type Realtime } from './realtime.ts';

/**
 * The service as a Fastify plugin: registered with the prefix `/realtime/v1` it answers `/realtime/v1/websocket` and
 * `/realtime/v1/api/broadcast`. It starts when the server gets ready and ends, sockets first, when the server closes.
 *
 * @param onReady is given the running service: for statistics, health checks and broadcasts from server code
 */
export function realtimeRoutes(o: RealtimeOptions & { onReady?(realtime: Realtime): void }): FastifyPluginAsync {
  return async (app) => {
    const realtime = await createRealtime(o);
    mount(app, realtime);
    o.onReady?.(realtime);
  };
}

/** Mounts a service that is already running below the instance's prefix. */
export function mount(app: FastifyInstance, realtime: Realtime): void {
  realtime.routes(app);
  const stopAccepting = realtime.accept(app.server, `${app.prefix}/websocket`);
  // Before the server waits for its connections to end: open websockets would keep it waiting.
  app.addHook('preClose', async () => {
    stopAccepting();
    await realtime.close();
  });
}

/** What Prometheus may ask of the service. */
export function realtimeGauges(realtime: Realtime): GaugeSource[] {
  const gauge = (name: string, help: string, read: () => number): GaugeSource => ({
    name: `realtime_${name}`,
    help,
    read: () => [{ value: read() }],
  });
  return [
    gauge('sockets', 'Open websockets', () => realtime.stats().sockets),
    gauge('channels', 'Joined channels', () => realtime.stats().channels),
    gauge('subjects', 'Different claims among the channels', () => realtime.stats().subjects),
    gauge('bindings', 'postgres_changes subscriptions', () => realtime.stats().bindings),
    gauge('presences', 'Tracked presences on all nodes', () => realtime.stats().presences),
    gauge('peers', 'Other nodes', () => realtime.stats().peers),
    gauge('frames_sent', 'Frames handed to websockets since the start', () => realtime.stats().sent),
    gauge(
      'change_deliveries',
      'Row changes handed to websockets since the start',
      () => realtime.stats().changeDeliveries,
    ),
    gauge('slow_dropped', 'Sockets dropped because their clients read too slowly', () => realtime.stats().slowDropped),
    gauge(
      'lag_p95_seconds',
      'From a change to its delivery, last thousand changes',
      () => realtime.stats().lagP95 / 1000,
    ),
  ];
}
