import type { Counters, Hub } from './hub.ts';

/** How a node's realtime service is doing. */
export interface RealtimeStats extends Counters {
  sockets: number;
  channels: number;
  /** Different claims among the channels: so many times row level security is asked per row, at most. */
  subjects: number;
  /** `postgres_changes` bindings. */
  bindings: number;
  presences: number;
  peers: number;
  /** Milliseconds from a change in the database to its being handed to the sockets, of the last thousand changes. */
  lagP50: number;
  lagP95: number;
  /** Milliseconds since the change feed was last read; 0 while nobody is connected. */
  feedSilentFor: number;
}

/** The last thousand lags. */
export interface LagWindow {
  add(ms: number): void;
  quantile(q: number): number;
}

const windowSize = 1_000;

export function createLagWindow(): LagWindow {
  const values: number[] = [];
  let next = 0;
  return {
    add(ms) {
      values[next] = ms;
      next = (next + 1) % windowSize;
    },
    quantile(q) {
      const sorted = values.toSorted((a, b) => a - b);
      return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
    },
  };
}

export function statsOf(hub: Hub, lags: LagWindow): RealtimeStats {
  return {
    ...hub.counters,
    sockets: hub.connections.size,
    channels: hub.topics.size,
    subjects: hub.subjects.size,
    bindings: hub.subscriptions.size,
    presences: hub.presences.size,
    peers: hub.cluster.peers,
    lagP50: lags.quantile(0.5),
    lagP95: lags.quantile(0.95),
    feedSilentFor: hub.feed.silentFor(),
  };
}
