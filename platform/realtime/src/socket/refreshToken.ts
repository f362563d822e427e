import type { Subject } from '../auth/subjects.ts';
import { Refused, verifyToken } from '../auth/verifyToken.ts';
import { FilterError } from '../changes/filterSyntax.ts';
import type { Member } from '../changes/subscriptions.ts';
import type { Hub } from '../hub.ts';
import { pushSystem } from './answers.ts';
import type { Channel } from './channel.ts';
import { shutChannel } from './closeChannel.ts';
import { readRights } from './rights.ts';

/** `access_token`: the client has a new token. Everything is asked again; a token that does not hold ends the channel. */
export async function refreshToken(hub: Hub, channel: Channel, token: unknown): Promise<void> {
  if (typeof token !== 'string' || token === channel.token || token.startsWith('sb_')) return;
  try {
    const { principal, expiresAt } = await verifyToken(hub.tokens, token);
    const before = channel.rights;
    const rights = await readRights(hub, principal, channel);
    const tenant = await hub.tenantOf(principal);
    if (channel.state !== 'joined') return;
    if ((before.broadcastRead && !rights.broadcastRead) || (before.presenceRead && !rights.presenceRead)) {
      throw new Refused(
        'Unauthorized',
        `You no longer have permission to read from this Channel topic: ${channel.name}`,
      );
    }
    channel.token = token;
    channel.expiresAt = expiresAt;
    channel.rights = rights;
    const { subject: previous } = channel;
    const subject = hub.subjects.acquire(principal, tenant);
    channel.subject = subject;
    try {
      if (previous !== subject) await moveMembers(hub, channel, subject);
    } finally {
      if (previous) hub.subjects.release(previous);
    }
  } catch (error) {
    if (!(error instanceof Refused)) {
      hub.log.error({ err: error, topic: channel.topic }, 'realtime token could not be checked');
    }
    const message = error instanceof Refused ? error.message : 'Realtime was unable to connect to the project database';
    shutChannel(hub, channel, message);
  }
}

/** The subscriptions go on under the new claims; the old ones end only then, so that nothing falls between. */
async function moveMembers(hub: Hub, channel: Channel, subject: Subject): Promise<void> {
  const old = channel.members;
  if (old.length === 0) return;
  const moved: Member[] = [];
  let problem: string | undefined;
  for (const { request } of old) {
    try {
      moved.push(await hub.subscriptions.subscribe(channel, subject, request));
    } catch (error) {
      if (!(error instanceof FilterError)) throw error;
      problem = error.message;
    }
  }
  for (const member of old) hub.subscriptions.unsubscribe(member);
  if (channel.state !== 'joined') {
    for (const member of moved) hub.subscriptions.unsubscribe(member);
    return;
  }
  channel.members = moved;
  pushSystem(hub, channel, 'postgres_changes', problem ? 'error' : 'ok', problem ?? 'Subscribed to PostgreSQL');
}
