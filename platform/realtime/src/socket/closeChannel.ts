import type { Hub } from '../hub.ts';
import { encodeMessage } from '../protocol/encode.ts';
import { topicKey } from '../topics/topics.ts';
import { push, pushSystem } from './answers.ts';
import type { Channel } from './channel.ts';
import { send } from './connection.ts';

/** Takes a channel out of everything it takes part in. Says nothing to the client. */
export function forgetChannel(hub: Hub, channel: Channel): void {
  if (channel.state === 'closed') return;
  channel.state = 'closed';
  const { connection } = channel;
  if (connection.channels.get(channel.topic) === channel) connection.channels.delete(channel.topic);
  hub.topics.remove(channel);
  for (const member of channel.members) hub.subscriptions.unsubscribe(member);
  channel.members = [];
  if (channel.tracked) hub.presences.untrack(topicKey(channel.isPrivate, channel.name), channel.tracked.ref);
  channel.tracked = undefined;
  if (channel.subject) hub.subjects.release(channel.subject);
}

/** Ends a channel for good: the client sees it closed and does not rejoin by itself. */
export function closeChannel(hub: Hub, channel: Channel): void {
  if (channel.state === 'closed') return;
  forgetChannel(hub, channel);
  const { connection, joinRef, topic } = channel;
  // Clients take a close only if its ref is that of their join.
  send(
    hub.outbox,
    connection,
    encodeMessage(connection.vsn, { joinRef, ref: joinRef, topic, event: 'phx_close', payload: '{}' }),
  );
}

/** Ends a channel and says why, as supabase/realtime does for expired tokens and broken limits. */
export function shutChannel(hub: Hub, channel: Channel, message: string): void {
  if (channel.state === 'closed') return;
  pushSystem(hub, channel, 'system', 'error', message);
  closeChannel(hub, channel);
}

/** Ends a channel so that the client joins again in a moment: what it knows may be out of date. */
export function failChannel(hub: Hub, channel: Channel, message: string): void {
  if (channel.state === 'closed') return;
  pushSystem(hub, channel, 'postgres_changes', 'error', message);
  push(hub, channel, 'phx_error', '{}');
  forgetChannel(hub, channel);
}
