import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { ApiError, authenticate, gatewayEnvelope, unavailable } from '@connectgain/http';
import { WebSocketServer } from 'ws';
import type { Hub } from '../hub.ts';
import type { Vsn } from '../protocol/frame.ts';
import { forgetChannel } from './closeChannel.ts';
import type { Connection } from './connection.ts';
import { receive } from './receive.ts';
import { fullBucket } from './tokenBucket.ts';

const statusTexts: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  503: 'Service Unavailable',
};

/**
 * Accepts websockets at `path` of an HTTP server. On `ws` itself rather than through a Fastify route: a socket then holds no request and
 * reply objects, 9 KB instead of 16 KB each (3,000 sockets, Node 24). Returns a function that stops accepting.
 */
export function acceptSockets(hub: Hub, server: Server, path: string): () => void {
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    // Compression would hold 30 KB or more per socket for messages of a few hundred bytes.
    perMessageDeflate: false,
    maxPayload: hub.limits.messageBytes,
  });
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const url = new URL(request.url ?? '/', 'ws://realtime');
    if (url.pathname !== path) {
      // An upgrade that nobody takes would hang; another listener may be the one meant.
      if (server.listenerCount('upgrade') === 1) refuse(socket, 404, { message: 'No websocket here.' });
      return;
    }
    const onEarlyError = () => socket.destroy();
    socket.on('error', onEarlyError);
    admit(hub, request, url).then(
      ({ vsn, apiKey }) => {
        socket.off('error', onEarlyError);
        if (socket.destroyed) return;
        sockets.handleUpgrade(request, socket, head, (ws) => connect(hub, ws, vsn, apiKey));
      },
      (error: unknown) => {
        hub.counters.refused++;
        if (!(error instanceof ApiError)) hub.log.error({ err: error }, 'realtime socket could not be accepted');
        const known = error instanceof ApiError ? error : unavailable();
        refuse(socket, known.status, gatewayEnvelope(known));
      },
    );
  };
  server.on('upgrade', onUpgrade);
  return () => server.off('upgrade', onUpgrade);
}

async function admit(hub: Hub, request: IncomingMessage, url: URL): Promise<{ vsn: Vsn; apiKey: string }> {
  if (hub.connections.size >= hub.limits.sockets) throw unavailable('Too many sockets: try again shortly.');
  const apiKey = url.searchParams.get('apikey') ?? headerOf(request, 'apikey') ?? headerOf(request, 'x-api-key') ?? '';
  await authenticate({ headers: { apikey: apiKey }, query: {} }, hub.tokens);
  const vsn = url.searchParams.get('vsn') ?? '1.0.0';
  if (vsn !== '1.0.0' && vsn !== '2.0.0') {
    throw new ApiError({ status: 400, code: 'BAD_REQUEST', message: 'vsn must be 1.0.0 or 2.0.0.' });
  }
  return { vsn, apiKey };
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function refuse(socket: Duplex, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  socket.end(
    `HTTP/1.1 ${status} ${statusTexts[status] ?? 'Error'}\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}

function connect(hub: Hub, ws: Connection['ws'], vsn: Vsn, apiKey: string): void {
  const now = performance.now();
  const connection: Connection = {
    ws,
    vsn,
    apiKey,
    channels: new Map(),
    lastSeen: now,
    stalledSince: 0,
    messages: fullBucket(2 * hub.limits.messagesPerSecond, now),
    joins: fullBucket(hub.limits.joinsPerSecond, now),
  };
  hub.connections.add(connection);
  hub.counters.connected++;
  ws.on('message', (data, isBinary) => {
    if (!Buffer.isBuffer(data)) return;
    try {
      receive(hub, connection, data, isBinary);
    } catch (error) {
      hub.log.error({ err: error }, 'realtime message failed');
      ws.close(1011, 'Internal error');
    }
  });
  // A frame that breaks the websocket protocol or is too large: ws closes the socket with the code it deserves.
  ws.on('error', () => {
    hub.counters.malformed++;
  });
  ws.on('close', () => {
    hub.connections.delete(connection);
    for (const channel of [...connection.channels.values()]) forgetChannel(hub, channel);
  });
}
