import type { Channel } from '../socket/channel.ts';

/** The joined channels of this node by topic. A private and a public topic of the same name are two topics. */
export interface Topics {
  readonly size: number;
  add(channel: Channel): void;
  remove(channel: Channel): void;
  of(key: string): ReadonlySet<Channel>;
  all(): Iterable<Channel>;
}

const nobody: ReadonlySet<Channel> = new Set();

export function topicKey(isPrivate: boolean, name: string): string {
  return `${isPrivate ? 'private' : 'public'}:${name}`;
}

export function createTopics(): Topics {
  const channels = new Map<string, Set<Channel>>();
  let size = 0;
  return {
    get size() {
      return size;
    },
    add(channel) {
      const key = topicKey(channel.isPrivate, channel.name);
      const joined = channels.get(key) ?? new Set();
      channels.set(key, joined.add(channel));
      size++;
    },
    remove(channel) {
      const key = topicKey(channel.isPrivate, channel.name);
      const joined = channels.get(key);
      if (!joined?.delete(channel)) return;
      size--;
      if (joined.size === 0) channels.delete(key);
    },
    of: (key) => channels.get(key) ?? nobody,
    *all() {
      for (const joined of channels.values()) yield* joined;
    },
  };
}
