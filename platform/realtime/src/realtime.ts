import type { Server } from 'node:http';
import { listen } from '@connectgain/postgres';
import type { FastifyInstance } from 'fastify';
import { createSubjects } from './auth/subjects.ts';
import { createTopicRights } from './auth/topicRights.ts';
import { createCatalog } from './changes/catalog.ts';
import type { ChangeRow } from './changes/changeRow.ts';
import { createDispatch } from './changes/dispatch.ts';
import { createFeed } from './changes/feed.ts';
import { createSubscriptions } from './changes/subscriptions.ts';
import { createVisibility } from './changes/visibility.ts';
import { joinCluster } from './cluster/cluster.ts';
import { createNodeRegistry } from './cluster/nodeRegistry.ts';
import { createPostgresBus } from './cluster/postgresBus.ts';
import { broadcastRoutes, sendBroadcast } from './http/broadcastRoutes.ts';
import { type Hub, noCounts } from './hub.ts';
import { defaultLimits } from './limits.ts';
import type { RealtimeOptions } from './options.ts';
import { createPresences } from './presence/presences.ts';
import { type Encoded, encodeMessage } from './protocol/encode.ts';
import type { Vsn } from './protocol/frame.ts';
import { failChannel } from './socket/closeChannel.ts';
import { dropSlow, send } from './socket/connection.ts';
import { sweepConnections } from './socket/sweep.ts';
import { acceptSockets } from './socket/upgrade.ts';
import { createLagWindow, type RealtimeStats, statsOf } from './stats.ts';
import { sweepTables } from './sweepTables.ts';
import { broadcastText, fanOut } from './topics/broadcast.ts';
import { createTopics, topicKey } from './topics/topics.ts';

/** One node's realtime service. */
export interface Realtime {
  /** Accepts websockets at `path` of a server. Returns a function that stops accepting new ones. */
  accept(server: Server, path: string): () => void;
  /** Adds the HTTP routes `/api/broadcast...` to a Fastify instance, below its prefix. */
  routes(app: FastifyInstance): void;
  /** Sends a broadcast to a topic (without `realtime:`) on all nodes, asking nobody: for code of the server. */
  broadcast(topic: string, event: string, payload: unknown, o?: { private?: boolean }): void;
  stats(): RealtimeStats;
  /** Rejects while the change feed cannot reach the database. */
  check(): Promise<void>;
  /** Closes every socket with 1001, so that clients come back to another node, and leaves the cluster. */
  close(): Promise<void>;
}

/** Reads and writes of the feed that take longer than this make the node not ready. */
const feedSilenceMs = 10_000;
const idleBeforeDisengageMs = 30_000;

/** Starts the service over a database that has the `realtime` migrations. Rejects when the database cannot be reached. */
export async function createRealtime(o: RealtimeOptions): Promise<Realtime> {
  const { database, log } = o;
  const limits = { ...defaultLimits, ...o.limits };
  const counters = noCounts();
  const outbox = { bufferedBytesAtMost: limits.bufferedBytesAtMost, counters };
  const topics = createTopics();
  const catalog = createCatalog(database.owner);
  const registry = createNodeRegistry(database.owner);
  const subscriptions = createSubscriptions(catalog, database.requests);
  const lags = createLagWindow();
  const presences = createPresences({
    nodeId: registry.id,
    delay: o.timing?.presence ?? 20,
    announce: (topic, payload) => announcePresence(hub, topic, payload),
    publish: (topic, diff) => hub.cluster.presence(topic, diff),
  });
  const feed = createFeed({
    url: database.url,
    registry,
    log,
    recordBytes: limits.recordBytes,
    timing: o.timing,
    onGap: () => tellGap(hub),
    onBatch: createDispatch({
      catalog,
      requests: database.requests,
      subscriptions,
      visibility: createVisibility(database.requests, log),
      outbox,
      log,
      tenant: o.tenant,
      broadcast: (row) => deliverFromSql(hub, row),
      read(row, readAt, receivers) {
        counters.changes++;
        counters.changeDeliveries += receivers;
        lags.add(row.ageMs + performance.now() - readAt);
      },
    }),
  });
  const cluster = await joinCluster({
    url: database.url,
    owner: database.owner,
    log,
    registry,
    presences,
    createBus: o.createBus ?? createPostgresBus,
    deliver: (topic, broadcast) => fanOut(outbox, topics, topic, broadcast),
    beatMs: o.timing?.beat ?? 10_000,
  });
  const hub: Hub = {
    log,
    tokens: o.tokens,
    owner: database.owner,
    requests: database.requests,
    limits,
    publicChannels: o.publicChannels ?? true,
    authorizeTopic: o.authorizeTopic ?? (() => true),
    tenantOf: async (principal) => (await o.tenant?.of(principal)) ?? '',
    counters,
    outbox,
    connections: new Set(),
    subjects: createSubjects(),
    topics,
    topicRights: createTopicRights(catalog, database.requests),
    presences,
    subscriptions,
    feed,
    cluster,
  };
  const doorbell = await listen(
    database.url,
    ['realtime'],
    (_, payload) => {
      if (payload === 'catalog') catalog.invalidate();
      else feed.ring();
    },
    {
      log,
      onReconnect() {
        catalog.invalidate();
        feed.ring();
      },
    },
  );
  const stopSweeps = startSweeps(hub, o.timing?.sweep ?? 1_000);

  return {
    accept: (server, path) => acceptSockets(hub, server, path),
    routes: (app) => broadcastRoutes(app, hub),
    broadcast(topic, event, payload, { private: isPrivate = false } = {}) {
      const text = broadcastText(event, JSON.stringify(payload ?? null));
      sendBroadcast(hub, { topic, isPrivate, broadcast: { form: 'text', payload: text } });
    },
    stats: () => statsOf(hub, lags),
    async check() {
      if (feed.silentFor() > feedSilenceMs) throw new Error('The change feed has not been read for 10 seconds.');
    },
    async close() {
      stopSweeps();
      await closeSockets(hub);
      presences.close();
      await Promise.all([doorbell.close(), feed.close()]);
      await cluster.close();
    },
  };
}

function announcePresence(hub: Hub, topic: string, payload: string): void {
  const frames = new Map<Vsn, Encoded>();
  for (const channel of hub.topics.of(topic)) {
    if (!channel.presence.enabled || !channel.rights.presenceRead) continue;
    const { vsn } = channel.connection;
    const frame = frames.get(vsn) ?? encodeMessage(vsn, { topic: channel.topic, event: 'presence_diff', payload });
    frames.set(vsn, frame);
    send(hub.outbox, channel.connection, frame);
  }
}

/** A row of realtime.messages, as realtime.record_message() wrote it down. */
function deliverFromSql(hub: Hub, row: ChangeRow): void {
  const message: { id: string; topic: string; event: string; private: boolean; payload: unknown } = JSON.parse(
    row.new ?? '{}',
  );
  const payload = broadcastText(message.event, JSON.stringify(message.payload ?? null), { id: message.id });
  hub.counters.broadcasts++;
  // Every node reads the feed: nothing to pass on.
  fanOut(hub.outbox, hub.topics, topicKey(message.private, message.topic), { form: 'text', payload, id: message.id });
}

/** Whoever follows changes joins again, and reads again what it shows. */
function tellGap(hub: Hub): void {
  hub.counters.gaps++;
  hub.log.warn('realtime changes may have been missed; subscribers are asked to join again');
  for (const channel of [...hub.topics.all()]) {
    if (channel.members.length > 0) failChannel(hub, channel, 'Changes may have been missed, please subscribe again');
  }
}

function startSweeps(hub: Hub, sweepMs: number): () => void {
  let idleSince = performance.now();
  const sockets = setInterval(() => {
    sweepConnections(hub);
    if (hub.connections.size > 0) idleSince = performance.now();
    else if (performance.now() - idleSince > idleBeforeDisengageMs) hub.feed.disengage();
  }, sweepMs);
  const tables = setInterval(() => void sweepTables(hub), 10_000);
  return () => {
    clearInterval(sockets);
    clearInterval(tables);
  };
}

async function closeSockets(hub: Hub): Promise<void> {
  const closed = [...hub.connections].map(
    ({ ws }) =>
      new Promise((resolve) => {
        ws.once('close', resolve);
        ws.close(1001, 'The server restarts');
      }),
  );
  const { promise: late, resolve: giveUp } = Promise.withResolvers<void>();
  const timer = setTimeout(giveUp, 2_000);
  await Promise.race([Promise.all(closed), late]);
  clearTimeout(timer);
  for (const connection of hub.connections) dropSlow(hub.outbox, connection);
}
