import type { Hub } from '../hub.ts';
import { broadcastText } from '../topics/broadcast.ts';
import { push, pushSystem } from './answers.ts';
import type { Channel } from './channel.ts';

/**
 * Sends the last stored broadcasts of a private topic (`config.broadcast.replay`), oldest first, marked `meta.replayed`. Those that the
 * feed brings once more are left out afterwards.
 */
export async function replay(hub: Hub, channel: Channel, wish: { since: number; limit: number }): Promise<void> {
  if (!channel.isPrivate) {
    pushSystem(hub, channel, 'system', 'error', 'UnableToReplayMessages: Replay is not allowed for public channels');
    return;
  }
  if (!channel.rights.broadcastRead) return;
  const result = await hub.owner.query<{ id: string; event: string; payload: string }>({
    name: 'realtime_replay',
    text: `select id::text, event, coalesce(payload, 'null')::text as payload from realtime.messages
      where topic = $1 and private and extension = 'broadcast' and event is not null
        and inserted_at >= to_timestamp($2::float8 / 1000) at time zone 'utc'
      order by inserted_at desc limit $3`,
    values: [channel.name, wish.since, wish.limit],
  });
  channel.replayed = new Set(result.rows.map((row) => row.id));
  for (const { id, event, payload } of result.rows.reverse()) {
    push(hub, channel, 'broadcast', broadcastText(event, payload, { replayed: true, id }));
  }
}
