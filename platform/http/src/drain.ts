import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** True from the moment the server was asked to stop. */
    isDraining(): boolean;
    /** Stops accepting, waits for what is in flight, closes. Use {@link drain}. */
    startDraining(o: DrainOptions): Promise<void>;
  }
}

export interface DrainOptions {
  /** Milliseconds that answers in flight have; 10 000 when absent. Then their connections are cut. */
  timeoutMs?: number;
  /** Milliseconds between `/ready` turning 503 and the port closing, for balancers that poll; 0 when absent. */
  noticeMs?: number;
}

/**
 * Ends a server the way Ctrl-C should: `/ready` turns 503, the port closes, requests in flight finish, then the `onClose` hooks run. What is
 * not done in time is cut, upgraded sockets included. Safe to call twice.
 */
export function drain(app: FastifyInstance, o: DrainOptions = {}): Promise<void> {
  return app.startDraining(o);
}

const sweepEveryMs = 20;

/** Adds the parts that {@link drain} needs. Called by createHttpServer. */
export function installDrain(app: FastifyInstance): void {
  const sockets = new Set<Socket>();
  let draining: Promise<void> | undefined;
  // closeAllConnections() of Node leaves upgraded (WebSocket) connections open, and close() then waits for them for ever.
  app.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  closeUnneeded(app, sockets);
  app.decorate('isDraining', () => draining !== undefined);
  app.decorate('startDraining', (o: DrainOptions) => {
    draining ??= closeWithin(o);
    return draining;
  });

  async function closeWithin(o: DrainOptions): Promise<void> {
    if (o.noticeMs) await new Promise((resolve) => setTimeout(resolve, o.noticeMs));
    const timer = setTimeout(() => {
      app.log.warn({ connections: sockets.size }, 'requests in flight did not end in time and were cut');
      for (const socket of sockets) socket.destroy();
    }, o.timeoutMs ?? 10_000);
    try {
      await app.close();
    } finally {
      clearTimeout(timer);
    }
  }
}

/**
 * close() of Node ends the connections that are idle at that moment and waits for all others. Two kinds would make it wait in vain: one whose
 * answer had begun by then, with a promise to keep the connection, and one that a browser opened ahead of need and never used. Looking again
 * while the server closes costs nothing while it serves.
 */
function closeUnneeded(app: FastifyInstance, sockets: ReadonlySet<Socket>): void {
  let sweep: NodeJS.Timeout | undefined;
  app.addHook('preClose', (done) => {
    sweep = setInterval(() => {
      app.server.closeIdleConnections();
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    }, sweepEveryMs).unref();
    done();
  });
  app.addHook('onClose', (_app, done) => {
    clearInterval(sweep);
    done();
  });
}
