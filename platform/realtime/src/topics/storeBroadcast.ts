import { type Principal, runAs } from '@connectgain/postgres';
import type { Hub } from '../hub.ts';
import { isRecord } from '../protocol/frame.ts';
import type { Broadcast } from './broadcast.ts';

const insert = `
insert into realtime.messages (topic, extension, event, payload, private, broadcasted_at)
values ($1, 'broadcast', $2, $3, true, timezone('utc', now()))`;

/** Keeps a broadcast that has been delivered, for replay. Returns why it could not be kept, in words for the sender. */
export async function storeBroadcast(
  hub: Hub,
  principal: Principal,
  topic: string,
  broadcast: Broadcast,
): Promise<string | undefined> {
  const content = contentOf(broadcast);
  if (!content) return 'StorageNotAllowed: Binary broadcasts cannot be stored';
  try {
    const statement = { name: 'realtime_store', text: insert, values: [topic, content.event, content.payload] };
    await runAs(hub.requests, principal, [statement], { settings: { 'realtime.topic': topic } });
    return undefined;
  } catch (error) {
    hub.log.warn({ err: error, topic }, 'realtime broadcast was delivered but not stored');
    return 'StorageFailed: The broadcast was delivered but could not be stored';
  }
}

function contentOf(broadcast: Broadcast): { event: string; payload: string } | undefined {
  if (broadcast.form === 'user') {
    if (broadcast.encoding === 'binary') return undefined;
    return { event: broadcast.event, payload: broadcast.payload.toString('utf8') };
  }
  const message: unknown = JSON.parse(broadcast.payload);
  if (!isRecord(message) || typeof message.event !== 'string') return undefined;
  return { event: message.event, payload: JSON.stringify(message.payload ?? null) };
}
