import type { Principal } from '@connectgain/postgres';
import { Refused } from '../auth/verifyToken.ts';
import type { Hub } from '../hub.ts';
import type { Channel, ChannelRights } from './channel.ts';

/** What a principal may receive on the channel; throws Refused when nothing. Rights to send are asked when something is sent. */
export async function readRights(hub: Hub, principal: Principal, channel: Channel): Promise<ChannelRights> {
  const { name } = channel;
  const refused = new Refused('Unauthorized', `You do not have permissions to read from this Channel topic: ${name}`);
  if (!(await hub.authorizeTopic(principal, name))) throw refused;
  if (!channel.isPrivate) {
    return { broadcastRead: true, presenceRead: true, broadcastWrite: true, presenceWrite: true };
  }
  const { broadcast, presence } = await hub.topicRights.mayRead(principal, name);
  if (!broadcast && !presence) throw refused;
  return { broadcastRead: broadcast, presenceRead: presence };
}

/** May the channel's subject send this? Asked once per token. */
export async function askWriteRight(hub: Hub, channel: Channel, extension: 'broadcast' | 'presence'): Promise<void> {
  if (!channel.subject) return;
  const allowed = await hub.topicRights.mayWrite(channel.subject.principal, channel.name, extension);
  if (extension === 'broadcast') channel.rights.broadcastWrite = allowed;
  else channel.rights.presenceWrite = allowed;
}
