import type { Hub } from '../hub.ts';
import { encodeMessage, encodeReply } from '../protocol/encode.ts';
import type { Frame } from '../protocol/frame.ts';
import type { Channel } from './channel.ts';
import { type Connection, send } from './connection.ts';

/** Answers a client's message, where it asked for an answer by giving a ref. */
export function reply(
  hub: Hub,
  connection: Connection,
  to: Pick<Frame, 'joinRef' | 'ref' | 'topic'>,
  status: 'ok' | 'error',
  response: object = {},
): void {
  send(hub.outbox, connection, encodeReply(connection.vsn, to, status, response));
}

export function push(hub: Hub, channel: Channel, event: string, payload: string): void {
  const { connection, joinRef, topic } = channel;
  send(hub.outbox, connection, encodeMessage(connection.vsn, { joinRef, topic, event, payload }));
}

/** A `system` event: how the channel or one of its extensions is doing. */
export function pushSystem(
  hub: Hub,
  channel: Channel,
  extension: 'system' | 'postgres_changes',
  status: 'ok' | 'error',
  message: string,
): void {
  push(hub, channel, 'system', JSON.stringify({ extension, status, message, channel: channel.name }));
}
