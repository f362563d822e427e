import type { Subject } from '../auth/subjects.ts';
import { Refused, verifyToken } from '../auth/verifyToken.ts';
import { FilterError } from '../changes/filterSyntax.ts';
import type { Hub } from '../hub.ts';
import { longestName } from '../protocol/encode.ts';
import type { Frame } from '../protocol/frame.ts';
import { type JoinConfig, parseJoinConfig } from '../protocol/joinConfig.ts';
import { topicKey } from '../topics/topics.ts';
import { push, pushSystem, reply } from './answers.ts';
import type { Channel } from './channel.ts';
import { closeChannel, forgetChannel } from './closeChannel.ts';
import type { Connection } from './connection.ts';
import { inOrder } from './inOrder.ts';
import { replay } from './replay.ts';
import { readRights } from './rights.ts';
import { fullBucket, takeToken } from './tokenBucket.ts';

const prefix = 'realtime:';

/** `phx_join`: checks who it is and what they may, subscribes, and answers. */
export function join(hub: Hub, connection: Connection, frame: Frame): void {
  const now = performance.now();
  const { joinsPerSecond } = hub.limits;
  if (!takeToken(connection.joins, joinsPerSecond, joinsPerSecond, now)) {
    refuse(hub, connection, frame, new Refused('ClientJoinRateLimitReached', 'Too many joins per second'));
    connection.ws.close(1008, 'Too many joins per second');
    return;
  }
  const problem = topicProblem(frame.topic);
  if (problem) {
    refuse(hub, connection, frame, problem);
    return;
  }
  // A second join of a topic takes the place of the first (Phoenix.Socket, duplicate topics).
  const previous = connection.channels.get(frame.topic);
  if (previous) closeChannel(hub, previous);
  if (connection.channels.size >= hub.limits.channelsPerSocket) {
    refuse(hub, connection, frame, new Refused('ChannelRateLimitReached', 'Too many channels'));
    return;
  }
  const config = parseJoinConfig(frame.payload);
  const channel = newChannel(connection, frame, config, now, hub.limits.presencePerSecond);
  connection.channels.set(frame.topic, channel);
  inOrder(hub, channel, () => open(hub, channel, frame, config));
}

function topicProblem(topic: string): Refused | undefined {
  if (!topic.startsWith(prefix)) return new Refused('UnmatchedTopic', 'unmatched topic');
  if (topic === prefix) return new Refused('TopicNameRequired', 'You must provide a topic name');
  if (Buffer.byteLength(topic) > longestName) return new Refused('TopicNameTooLong', 'A topic has 255 bytes at most');
  return undefined;
}

function newChannel(
  connection: Connection,
  frame: Frame,
  config: JoinConfig,
  now: number,
  presencePerSecond: number,
): Channel {
  // Keys of the new kind (`sb_publishable_...`) are no tokens; the socket's own key counts.
  const token = config.accessToken?.startsWith('sb_') ? undefined : config.accessToken;
  return {
    connection,
    topic: frame.topic,
    name: frame.topic.slice(prefix.length),
    isPrivate: config.isPrivate,
    joinRef: frame.joinRef ?? frame.ref,
    state: 'joining',
    broadcast: { ack: config.broadcast.ack, self: config.broadcast.self },
    presence: { enabled: config.presence.enabled, key: config.presence.key || crypto.randomUUID() },
    members: [],
    subject: undefined,
    token: token || connection.apiKey,
    expiresAt: Number.POSITIVE_INFINITY,
    rights: { broadcastRead: true, presenceRead: true },
    presenceEvents: fullBucket(3 * presencePerSecond, now),
    tracked: undefined,
    busy: undefined,
    replayed: undefined,
  };
}

async function open(hub: Hub, channel: Channel, frame: Frame, config: JoinConfig): Promise<void> {
  try {
    const subject = await admit(hub, channel);
    if (!subject) return;
    const problem = await subscribe(hub, channel, subject, config);
    if (channel.state !== 'joining') return;
    if (problem && config.waitForChanges) throw new Refused('RealtimeDisabledForConfiguration', problem);
    channel.state = 'joined';
    hub.counters.joins++;
    hub.topics.add(channel);
    const accepted = { postgres_changes: config.changes.map(({ sent, id }) => ({ ...sent, id })) };
    reply(hub, channel.connection, frame, 'ok', accepted);
    if (config.changes.length > 0) {
      pushSystem(hub, channel, 'postgres_changes', problem ? 'error' : 'ok', problem ?? 'Subscribed to PostgreSQL');
    }
    if (config.broadcast.announceReady) pushSystem(hub, channel, 'system', 'ok', 'Replication connection established');
    if (config.presence.enabled && channel.rights.presenceRead) {
      push(hub, channel, 'presence_state', hub.presences.state(topicKey(channel.isPrivate, channel.name)));
    }
    if (config.broadcast.replay) await replay(hub, channel, config.broadcast.replay);
  } catch (error) {
    if (channel.state !== 'joining') throw error;
    forgetChannel(hub, channel);
    refuse(hub, channel.connection, frame, asRefused(hub, channel, error));
  }
}

/** Checks the token, the topic and the policies. Undefined when the client left meanwhile. */
async function admit(hub: Hub, channel: Channel): Promise<Subject | undefined> {
  const { principal, expiresAt } = await verifyToken(hub.tokens, channel.token);
  if (!channel.isPrivate && !hub.publicChannels) {
    throw new Refused('PrivateOnly', 'This project only allows private channels');
  }
  const rights = await readRights(hub, principal, channel);
  const tenant = await hub.tenantOf(principal);
  if (channel.state !== 'joining') return undefined;
  channel.rights = rights;
  channel.expiresAt = expiresAt;
  channel.subject = hub.subjects.acquire(principal, tenant);
  return channel.subject;
}

/** Starts the change subscriptions. Returns what is wrong with one of them, or undefined. */
async function subscribe(
  hub: Hub,
  channel: Channel,
  subject: Subject,
  config: JoinConfig,
): Promise<string | undefined> {
  const covered = hub.feed.engage();
  if (config.changes.length === 0) return undefined;
  if (config.changes.length > hub.limits.bindingsPerChannel) return 'Too many postgres_changes bindings on one channel';
  try {
    for (const request of config.changes) {
      const member = await hub.subscriptions.subscribe(channel, subject, request);
      if (channel.state === 'joining') channel.members.push(member);
      else hub.subscriptions.unsubscribe(member);
    }
    await covered;
    return undefined;
  } catch (error) {
    if (error instanceof FilterError) return error.message;
    throw error;
  }
}

function refuse(hub: Hub, connection: Connection, frame: Frame, refused: Refused): void {
  hub.counters.joinsRefused++;
  const reason = refused.code === 'UnmatchedTopic' ? refused.message : `${refused.code}: ${refused.message}`;
  reply(hub, connection, frame, 'error', { reason });
}

function asRefused(hub: Hub, channel: Channel, error: unknown): Refused {
  if (error instanceof Refused) return error;
  hub.log.error({ err: error, topic: channel.topic }, 'realtime join failed');
  return new Refused('UnableToConnectToProject', 'Realtime was unable to connect to the project database');
}
