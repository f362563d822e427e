import { expired } from '../auth/verifyToken.ts';
import type { Hub } from '../hub.ts';
import { shutChannel } from './closeChannel.ts';
import { type Connection, dropSlow } from './connection.ts';

/** What time does to sockets, looked at once a second for all of them: a timer each would cost more memory than their state. */
export function sweepConnections(hub: Hub): void {
  const now = performance.now();
  let waiting = 0;
  for (const connection of hub.connections) {
    if (now - connection.lastSeen > hub.limits.heartbeatTimeoutMs) {
      endSilent(connection);
      continue;
    }
    waiting += connection.ws.bufferedAmount;
    dropStalled(hub, connection, now);
    endExpired(hub, connection);
  }
  if (waiting > hub.limits.bufferedBytesTotal) dropLargest(hub, waiting);
}

function endSilent(connection: Connection): void {
  // The second time round nobody answered the close frame either.
  if (connection.ws.readyState === connection.ws.OPEN) connection.ws.close(1000, 'heartbeat timeout');
  else connection.ws.terminate();
}

function dropStalled(hub: Hub, connection: Connection, now: number): void {
  if (connection.ws.bufferedAmount <= hub.limits.bufferedBytes) connection.stalledSince = 0;
  else if (connection.stalledSince === 0) connection.stalledSince = now;
  else if (now - connection.stalledSince > hub.limits.stalledMs) dropSlow(hub.outbox, connection);
}

function endExpired(hub: Hub, connection: Connection): void {
  const now = Date.now();
  for (const channel of connection.channels.values()) {
    if (channel.expiresAt <= now) shutChannel(hub, channel, expired(channel.expiresAt).message);
  }
}

function dropLargest(hub: Hub, waiting: number): void {
  const slowest = [...hub.connections].sort((a, b) => b.ws.bufferedAmount - a.ws.bufferedAmount);
  let left = waiting;
  for (const connection of slowest) {
    if (left <= hub.limits.bufferedBytesTotal) return;
    left -= connection.ws.bufferedAmount;
    dropSlow(hub.outbox, connection);
  }
}
