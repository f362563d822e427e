/** One tracked presence. */
export interface Presence {
  /** Unique over all nodes; clients know it as `phx_ref` and `presence_ref`. */
  ref: string;
  /** Whom it stands for: a user id, or a random key. Several presences may share it. */
  key: string;
  /** What clients see, as JSON text of an object that has `phx_ref`. */
  meta: string;
}

export interface PresenceDiff {
  joins: Presence[];
  leaves: Presence[];
}

export interface PresencesOptions {
  nodeId: string;
  /** Milliseconds for which the changes of a topic are collected. */
  delay: number;
  /** Sends a diff to the members of a topic on this node. */
  announce(topic: string, payload: string): void;
  /** Tells the other nodes what changed here. */
  publish(topic: string, diff: PresenceDiff): void;
}

/** Who is present where, on all nodes: each node owns its own presences and holds copies of the others'. */
export interface Presences {
  readonly size: number;
  /** Adds a presence of this node, in place of `replaces`. Returns its reference. */
  track(topic: string, key: string, payload: Record<string, unknown>, replaces?: string): string;
  untrack(topic: string, ref: string): void;
  /** Everybody on a topic as the JSON of `presence_state`. */
  state(topic: string): string;
  /** This node's own presences, for a node that has just come. */
  own(): [topic: string, presences: Presence[]][];
  /** What another node told. */
  applyDiff(node: string, topic: string, diff: PresenceDiff): void;
  /** Everything another node has, in place of what was known of it. */
  applyState(node: string, state: readonly [topic: string, presences: readonly Presence[]][]): void;
  /** A node is gone with all its presences. */
  dropNode(node: string): void;
  close(): void;
}

type Held = Presence & { node: string };

export function createPresences(o: PresencesOptions): Presences {
  const topics = new Map<string, Map<string, Held>>();
  const pending = new Map<string, PresenceDiff>();
  let counter = 0;
  let size = 0;
  let timer: NodeJS.Timeout | undefined;

  const add = (topic: string, presence: Held) => {
    const members = topics.get(topic) ?? new Map<string, Held>();
    topics.set(topic, members);
    if (!members.has(presence.ref)) size++;
    members.set(presence.ref, presence);
    queue(topic).joins.push(presence);
  };
  const remove = (topic: string, ref: string) => {
    const members = topics.get(topic);
    const presence = members?.get(ref);
    if (!members || !presence) return;
    members.delete(ref);
    if (members.size === 0) topics.delete(topic);
    size--;
    queue(topic).leaves.push(presence);
  };
  const queue = (topic: string): PresenceDiff => {
    const diff = pending.get(topic) ?? { joins: [], leaves: [] };
    pending.set(topic, diff);
    timer ??= setTimeout(flushAll, o.delay);
    return diff;
  };
  const flush = (topic: string) => {
    const diff = pending.get(topic);
    if (!diff) return;
    pending.delete(topic);
    o.announce(topic, `{"joins":${grouped(diff.joins)},"leaves":${grouped(diff.leaves)}}`);
    const own = { joins: ownOf(diff.joins), leaves: ownOf(diff.leaves) };
    if (own.joins.length + own.leaves.length > 0) o.publish(topic, own);
  };
  const flushAll = () => {
    timer = undefined;
    for (const topic of [...pending.keys()]) flush(topic);
  };
  const ownOf = (presences: readonly Presence[]): Presence[] =>
    presences.flatMap((held) => ('node' in held && held.node === o.nodeId ? plain(held) : []));

  return {
    get size() {
      return size;
    },
    track(topic, key, payload, replaces) {
      const ref = `${o.nodeId}${(++counter).toString(36)}`;
      const refs = replaces === undefined ? { phx_ref: ref } : { phx_ref: ref, phx_ref_prev: replaces };
      if (replaces !== undefined) remove(topic, replaces);
      add(topic, { ref, key, meta: JSON.stringify({ ...payload, ...refs }), node: o.nodeId });
      return ref;
    },
    untrack: remove,
    state(topic) {
      // What is announced later must not repeat what the state already has.
      flush(topic);
      return grouped([...(topics.get(topic)?.values() ?? [])]);
    },
    own() {
      return [...topics].flatMap(([topic, members]): [string, Presence[]][] => {
        const own = ownOf([...members.values()]);
        return own.length > 0 ? [[topic, own]] : [];
      });
    },
    applyDiff(node, topic, { joins, leaves }) {
      for (const presence of joins) add(topic, { ...plain(presence), node });
      for (const presence of leaves) remove(topic, presence.ref);
    },
    applyState(node, state) {
      const told = new Set(state.flatMap(([topic, presences]) => presences.map(({ ref }) => `${ref} ${topic}`)));
      for (const [topic, members] of [...topics]) {
        for (const held of [...members.values()]) {
          if (held.node === node && !told.has(`${held.ref} ${topic}`)) remove(topic, held.ref);
        }
      }
      for (const [topic, presences] of state) {
        for (const presence of presences) {
          if (!topics.get(topic)?.has(presence.ref)) add(topic, { ...plain(presence), node });
        }
      }
    },
    dropNode(node) {
      this.applyState(node, []);
    },
    close() {
      clearTimeout(timer);
    },
  };
}

function plain({ ref, key, meta }: Presence): Presence {
  return { ref, key, meta };
}

/** `{"<key>":{"metas":[...]}}`. Written by hand: keys come from strangers, and `__proto__` is one. */
function grouped(presences: readonly Presence[]): string {
  const byKey = new Map<string, string[]>();
  for (const { key, meta } of presences) {
    const metas = byKey.get(key) ?? [];
    metas.push(meta);
    byKey.set(key, metas);
  }
  const entries = [...byKey].map(([key, metas]) => `${JSON.stringify(key)}:{"metas":[${metas.join(',')}]}`);
  return `{${entries.join(',')}}`;
}
