/** Bounds that keep one client, or all of them together, from taking the node's memory or time. */
export interface Limits {
  /** Sockets on this node; more are answered 503. */
  sockets: number;
  channelsPerSocket: number;
  /** `postgres_changes` bindings of one channel. */
  bindingsPerChannel: number;
  /** Joins of one socket: so many at once, and again after a second. */
  joinsPerSecond: number;
  /** Messages of one socket per second, joins and heartbeats apart; twice as many in a burst. */
  messagesPerSecond: number;
  /** Presence messages of one channel per second; three times as many in a burst. */
  presencePerSecond: number;
  /** Bytes of one message from a client; a larger one closes the socket with 1009. */
  messageBytes: number;
  /** Bytes of one presence's payload. */
  presenceBytes: number;
  /** Bytes of a changed row up to which it is delivered whole; of larger rows only the short columns are. */
  recordBytes: number;
  /** Bytes waiting for one client: over this for `stalledMs` and it is dropped. */
  bufferedBytes: number;
  stalledMs: number;
  /** Bytes waiting for one client at which it is dropped at once. */
  bufferedBytesAtMost: number;
  /** Bytes waiting for all clients together; past it those with the most waiting are dropped. */
  bufferedBytesTotal: number;
  /** A socket that sends nothing for so long is closed; clients send a heartbeat every 25 s. */
  heartbeatTimeoutMs: number;
}

const mebibyte = 1024 * 1024;

export const defaultLimits: Limits = {
  sockets: 20_000,
  channelsPerSocket: 100,
  bindingsPerChannel: 100,
  joinsPerSecond: 200,
  messagesPerSecond: 100,
  presencePerSecond: 10,
  messageBytes: mebibyte,
  presenceBytes: 16 * 1024,
  recordBytes: 4 * mebibyte,
  bufferedBytes: mebibyte,
  stalledMs: 10_000,
  bufferedBytesAtMost: 16 * mebibyte,
  bufferedBytesTotal: 256 * mebibyte,
  heartbeatTimeoutMs: 60_000,
};
