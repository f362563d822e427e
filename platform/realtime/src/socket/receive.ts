import type { Hub } from '../hub.ts';
import { decodeFrame } from '../protocol/decode.ts';
import { type Frame, isRecord, MalformedFrame } from '../protocol/frame.ts';
import { reply } from './answers.ts';
import { receiveBroadcast } from './broadcastMessages.ts';
import type { Channel } from './channel.ts';
import { closeChannel, shutChannel } from './closeChannel.ts';
import type { Connection } from './connection.ts';
import { inOrder } from './inOrder.ts';
import { join } from './join.ts';
import { receivePresence } from './presenceMessages.ts';
import { refreshToken } from './refreshToken.ts';
import { takeToken } from './tokenBucket.ts';

/** One websocket message. What is not of the protocol closes the socket; what is not allowed is answered or ends its channel. */
export function receive(hub: Hub, connection: Connection, data: Buffer, isBinary: boolean): void {
  const now = performance.now();
  connection.lastSeen = now;
  const frame = decoded(hub, connection, data, isBinary);
  if (!frame) return;
  if (frame.topic === 'phoenix') {
    const known = frame.event === 'heartbeat';
    reply(hub, connection, frame, known ? 'ok' : 'error', known ? {} : { reason: 'unmatched topic' });
    return;
  }
  if (frame.event === 'phx_join') {
    join(hub, connection, frame);
    return;
  }
  const channel = connection.channels.get(frame.topic);
  const { messagesPerSecond } = hub.limits;
  if (!takeToken(connection.messages, messagesPerSecond, 2 * messagesPerSecond, now)) {
    endFlood(hub, connection, channel);
    return;
  }
  if (!channel || isOutdated(frame, channel)) {
    const left = frame.event === 'phx_leave';
    reply(hub, connection, frame, left ? 'ok' : 'error', left ? {} : { reason: 'unmatched topic' });
    return;
  }
  if (frame.event === 'phx_leave') {
    // Not in order: whoever leaves while the join is still being checked must not be joined afterwards.
    reply(hub, connection, frame, 'ok');
    closeChannel(hub, channel);
    return;
  }
  inOrder(hub, channel, () => dispatch(hub, channel, frame));
}

/** Ends the channel that is flooded. What was still on its way to it is swallowed; who goes on and on loses the socket. */
function endFlood(hub: Hub, connection: Connection, channel: Channel | undefined): void {
  const reason = 'Too many messages per second';
  connection.messages.left -= 1;
  if (channel) shutChannel(hub, channel, reason);
  else if (connection.messages.left < -20 * hub.limits.messagesPerSecond) connection.ws.close(1008, reason);
}

function decoded(hub: Hub, connection: Connection, data: Buffer, isBinary: boolean): Frame | undefined {
  try {
    return decodeFrame(connection.vsn, data, isBinary);
  } catch (error) {
    if (!(error instanceof MalformedFrame)) throw error;
    hub.counters.malformed++;
    connection.ws.close(error.closeCode, error.message);
    return undefined;
  }
}

/** A message that was meant for an earlier join of the same topic. */
function isOutdated(frame: Frame, channel: Channel): boolean {
  return frame.joinRef !== null && channel.joinRef !== null && String(frame.joinRef) !== String(channel.joinRef);
}

function dispatch(hub: Hub, channel: Channel, frame: Frame): Promise<void> | undefined {
  if (channel.state !== 'joined') return undefined;
  switch (frame.event) {
    case 'broadcast':
      return receiveBroadcast(hub, channel, frame);
    case 'presence':
      return receivePresence(hub, channel, frame);
    case 'access_token':
      return refreshToken(hub, channel, isRecord(frame.payload) ? frame.payload.access_token : undefined);
    default:
      // Answered by nothing, as by Supabase; old clients push events of their own.
      return undefined;
  }
}
