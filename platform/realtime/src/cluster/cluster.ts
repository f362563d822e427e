import type { PresenceDiff, Presences } from '../presence/presences.ts';
import type { Broadcast } from '../topics/broadcast.ts';
import type { Bus, BusSurroundings, CreateBus } from './bus.ts';
import { type ClusterMessage, readMessage, writeMessage } from './messages.ts';
import type { NodeRegistry } from './nodeRegistry.ts';

export interface ClusterOptions extends BusSurroundings {
  createBus: CreateBus;
  registry: NodeRegistry;
  presences: Presences;
  /** Delivers a broadcast of another node to the channels of this one. */
  deliver(topic: string, broadcast: Broadcast): void;
  beatMs: number;
}

/** The other nodes: passes on broadcasts and presences, and notices who comes and goes. */
export interface Cluster {
  readonly peers: number;
  broadcast(topic: string, broadcast: Broadcast): void;
  presence(topic: string, diff: PresenceDiff): void;
  close(): Promise<void>;
}

/** Node `from` says its message number `seq`; a number left out means that something was missed. */
interface Peer {
  seq: number;
}

export async function joinCluster(o: ClusterOptions): Promise<Cluster> {
  const { log } = o;
  const peers = new Map<string, Peer>();
  let seq = 0;
  let bus: Bus | undefined;

  const say = (message: ClusterMessage) => {
    bus?.publish(writeMessage({ from: o.registry.id, seq: ++seq, ...message }));
  };
  /** Nobody there, nothing said: a single node never notifies for its broadcasts. */
  const sayToPeers = (message: ClusterMessage) => {
    if (peers.size > 0) say(message);
  };
  const sayState = () => say({ type: 'state', topics: o.presences.own() });

  const onMessage = (text: string) => {
    const message = readMessage(text);
    if (!message || message.from === o.registry.id) return;
    const { from } = message;
    if (message.type === 'bye') {
      peers.delete(from);
      o.presences.dropNode(from);
      return;
    }
    const peer = peers.get(from);
    const missed = peer !== undefined && message.seq !== peer.seq + 1;
    peers.set(from, { seq: message.seq });
    // Said before anything else, so that the sender knows whom to tell its next words.
    if (message.type === 'hello') sayState();
    else if (message.type === 'state') o.presences.applyState(from, message.topics);
    else if (message.type === 'presence') o.presences.applyDiff(from, message.topic, message.diff);
    else o.deliver(message.topic, message.broadcast);
    if ((missed || peer === undefined) && message.type !== 'state' && message.type !== 'hello') say({ type: 'hello' });
  };

  /** Beats in the registry; a node that no longer does is gone, however it went. */
  const beat = async () => {
    try {
      const alive = new Set(await o.registry.beat());
      for (const id of peers.keys()) {
        if (alive.has(id)) continue;
        peers.delete(id);
        o.presences.dropNode(id);
      }
      if ([...alive].some((id) => !peers.has(id))) say({ type: 'hello' });
    } catch (error) {
      log.warn({ err: error }, 'realtime node could not say that it lives');
    }
  };

  bus = await o.createBus(o, { onMessage, onGap: () => say({ type: 'hello' }) });
  await beat();
  const timer = setInterval(beat, o.beatMs);

  return {
    get peers() {
      return peers.size;
    },
    broadcast(topic, broadcast) {
      sayToPeers({ type: 'broadcast', topic, broadcast });
    },
    presence(topic, diff) {
      sayToPeers({ type: 'presence', topic, diff });
    },
    async close() {
      clearInterval(timer);
      sayToPeers({ type: 'bye' });
      await bus.close();
      await o.registry.remove().catch((error: unknown) => log.warn({ err: error }, 'realtime node not unregistered'));
    },
  };
}
