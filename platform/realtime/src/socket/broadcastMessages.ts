import type { Hub } from '../hub.ts';
import { longestName } from '../protocol/encode.ts';
import { type Frame, isRecord } from '../protocol/frame.ts';
import { type Broadcast, fanOut } from '../topics/broadcast.ts';
import { storeBroadcast } from '../topics/storeBroadcast.ts';
import { topicKey } from '../topics/topics.ts';
import { reply } from './answers.ts';
import type { Channel } from './channel.ts';
import { askWriteRight } from './rights.ts';

/** `broadcast` from a client: to everybody else on the topic, to the sender too if it wished so, with an answer if it wished that. */
export function receiveBroadcast(hub: Hub, channel: Channel, frame: Frame): Promise<void> | undefined {
  const { broadcastWrite } = channel.rights;
  if (broadcastWrite === undefined) {
    return askWriteRight(hub, channel, 'broadcast').then(() => receiveBroadcast(hub, channel, frame));
  }
  if (!broadcastWrite) {
    answer(
      hub,
      channel,
      frame,
      `Unauthorized: You do not have permissions to write to this Channel topic: ${channel.name}`,
    );
    return undefined;
  }
  const broadcast = broadcastOf(frame);
  if (!broadcast) {
    answer(hub, channel, frame, 'InvalidPayload: A broadcast is an object with an event of 255 bytes at most');
    return undefined;
  }
  hub.counters.broadcasts++;
  const key = topicKey(channel.isPrivate, channel.name);
  fanOut(hub.outbox, hub.topics, key, broadcast, channel.broadcast.self ? undefined : channel);
  hub.cluster.broadcast(key, broadcast);
  if (!wantsStoring(frame)) {
    answer(hub, channel, frame);
    return undefined;
  }
  return store(hub, channel, frame, broadcast);
}

function answer(hub: Hub, channel: Channel, frame: Frame, reason?: string): void {
  if (channel.broadcast.ack) reply(hub, channel.connection, frame, reason ? 'error' : 'ok', reason ? { reason } : {});
}

function broadcastOf({ broadcast, payload }: Frame): Broadcast | undefined {
  if (broadcast) {
    if (Buffer.byteLength(broadcast.event) > longestName) return undefined;
    return { form: 'user', event: broadcast.event, encoding: broadcast.encoding, payload: broadcast.payload };
  }
  if (!isRecord(payload)) return undefined;
  return { form: 'text', payload: JSON.stringify(payload) };
}

function wantsStoring({ broadcast, payload }: Frame): boolean {
  const wish = broadcast ? broadcast.metadata.persist : isRecord(payload) ? payload.persist : undefined;
  return wish !== undefined && wish !== false;
}

async function store(hub: Hub, channel: Channel, frame: Frame, broadcast: Broadcast): Promise<void> {
  if (!channel.isPrivate || !channel.subject) {
    answer(hub, channel, frame, 'StorageNotAllowed: Only broadcasts of private channels can be stored');
    return;
  }
  const problem = await storeBroadcast(hub, channel.subject.principal, channel.name, broadcast);
  answer(hub, channel, frame, problem);
}
