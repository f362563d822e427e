import type { WebSocket } from 'ws';
import type { Encoded } from '../protocol/encode.ts';
import type { Vsn } from '../protocol/frame.ts';
import type { Channel } from './channel.ts';
import type { TokenBucket } from './tokenBucket.ts';

/** One websocket. Plain data: there are thousands, and what they share is passed beside them. */
export interface Connection {
  ws: WebSocket;
  vsn: Vsn;
  /** The `apikey` it connected with: who it is in channels joined without a token. */
  apiKey: string;
  /** By full topic, `realtime:...`. */
  channels: Map<string, Channel>;
  /** performance.now() of the last message. */
  lastSeen: number;
  /** performance.now() since when more than the bound waits to be sent; 0 when not. */
  stalledSince: number;
  messages: TokenBucket;
  joins: TokenBucket;
}

/** What every send must know of its surroundings. */
export interface Outbox {
  /** Bytes waiting at which a client is dropped at once. */
  bufferedBytesAtMost: number;
  /** Counts what was handed to sockets, and sockets dropped because their clients read too slowly. */
  counters: { sent: number; slowDropped: number };
}

const OPEN = 1;

/**
 * Sends one frame, or drops a client that has too much waiting: an unread message is one nobody needs later, while the queue would
 * grow without end. The socket is destroyed rather than closed, because a close frame would wait behind all the rest.
 */
export function send(outbox: Outbox, connection: Connection, frame: Encoded): void {
  const { ws } = connection;
  if (ws.readyState !== OPEN) return;
  if (ws.bufferedAmount > outbox.bufferedBytesAtMost) {
    dropSlow(outbox, connection);
    return;
  }
  outbox.counters.sent++;
  ws.send(frame.data, { binary: frame.binary });
}

export function dropSlow(outbox: Outbox, connection: Connection): void {
  outbox.counters.slowDropped++;
  connection.ws.terminate();
}
