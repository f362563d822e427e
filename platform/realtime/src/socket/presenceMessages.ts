import type { Hub } from '../hub.ts';
import { type Frame, isRecord } from '../protocol/frame.ts';
import { topicKey } from '../topics/topics.ts';
import { push, reply } from './answers.ts';
import type { Channel } from './channel.ts';
import { shutChannel } from './closeChannel.ts';
import { askWriteRight } from './rights.ts';
import { takeToken } from './tokenBucket.ts';

/** `presence` from a client: `track` makes it visible on the topic with a payload, `untrack` takes it away. */
export function receivePresence(hub: Hub, channel: Channel, frame: Frame): Promise<void> | undefined {
  const { presencePerSecond } = hub.limits;
  if (!takeToken(channel.presenceEvents, presencePerSecond, 3 * presencePerSecond, performance.now())) {
    shutChannel(hub, channel, 'Client presence rate limit exceeded');
    return undefined;
  }
  const message = isRecord(frame.payload) ? frame.payload : {};
  const event = typeof message.event === 'string' ? message.event.toLowerCase() : '';
  if (event === 'untrack') untrack(hub, channel);
  else if (event === 'track') return track(hub, channel, frame, message.payload ?? {});
  else {
    reply(hub, channel.connection, frame, 'error', { reason: 'Unknown presence event: use track or untrack' });
    return undefined;
  }
  reply(hub, channel.connection, frame, 'ok');
  return undefined;
}

function untrack(hub: Hub, channel: Channel): void {
  if (channel.tracked) hub.presences.untrack(topicKey(channel.isPrivate, channel.name), channel.tracked.ref);
  channel.tracked = undefined;
}

function track(hub: Hub, channel: Channel, frame: Frame, payload: unknown): Promise<void> | undefined {
  const { connection, rights } = channel;
  if (rights.presenceWrite === undefined) {
    return askWriteRight(hub, channel, 'presence').then(() => track(hub, channel, frame, payload));
  }
  if (!rights.presenceWrite) {
    const reason = `Unauthorized: You do not have permissions to write to this Channel topic: ${channel.name}`;
    reply(hub, connection, frame, 'error', { reason });
    return undefined;
  }
  if (!isRecord(payload)) {
    reply(hub, connection, frame, 'error', { reason: 'Presence track payload must be a map' });
    return undefined;
  }
  const text = JSON.stringify(payload);
  if (Buffer.byteLength(text) > hub.limits.presenceBytes) {
    shutChannel(hub, channel, 'Track message size exceeded');
    return undefined;
  }
  const key = topicKey(channel.isPrivate, channel.name);
  if (channel.tracked?.payload !== text) {
    const ref = hub.presences.track(key, channel.presence.key, payload, channel.tracked?.ref);
    channel.tracked = { ref, payload: text };
  }
  reply(hub, connection, frame, 'ok');
  if (!channel.presence.enabled && rights.presenceRead) {
    // It has shown itself and now sees the others: from here on diffs, and first everybody who is there.
    channel.presence.enabled = true;
    push(hub, channel, 'presence_state', hub.presences.state(key));
  }
  return undefined;
}
