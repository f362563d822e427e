import type { Hub } from '../hub.ts';
import type { Channel } from './channel.ts';

/**
 * Works on the messages of a channel one after the other: what arrives while a join or a token is still being checked waits. Most work
 * needs no waiting and is done at once.
 */
export function inOrder(hub: Hub, channel: Channel, work: () => Promise<void> | undefined): void {
  const guarded = () => {
    try {
      return work()?.catch(report);
    } catch (error) {
      report(error);
      return undefined;
    }
  };
  const report = (error: unknown) => hub.log.error({ err: error, topic: channel.topic }, 'realtime message failed');
  const next = channel.busy ? channel.busy.then(guarded) : guarded();
  if (!next) return;
  const busy = next.then(() => {
    if (channel.busy === busy) channel.busy = undefined;
  });
  channel.busy = busy;
}
