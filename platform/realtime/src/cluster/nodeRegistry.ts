import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';

/** What writers and other nodes must know of this node. */
export interface NodeFlags {
  /** Changes matter here: somebody is connected. */
  reads: boolean;
  /** It does not poll: writers must notify. */
  asleep: boolean;
}

/** This node's row in realtime.nodes. */
export interface NodeRegistry {
  readonly id: string;
  /** Writes the flags; when it resolves every transaction that begins to write sees them. */
  set(flags: NodeFlags): Promise<void>;
  /** Says that this node lives, and returns the ids of the others that do. To be called every few seconds. */
  beat(): Promise<string[]>;
  remove(): Promise<void>;
}

const upsert = `
insert into realtime.nodes as n (id, reads, asleep) values ($1, $2, $3)
on conflict (id) do update set reads = excluded.reads, asleep = excluded.asleep, seen_at = now()`;

export function createNodeRegistry(owner: Pool): NodeRegistry {
  const id = randomBytes(6).toString('base64url');
  let flags: NodeFlags = { reads: false, asleep: false };
  // One write after the other: what was said last must be what is written last.
  let writing: Promise<unknown> = Promise.resolve();
  const write = async () => {
    const next = writing.then(() =>
      owner.query({ name: 'realtime_node', text: upsert, values: [id, flags.reads, flags.asleep] }),
    );
    writing = next.catch(() => undefined);
    await next;
  };
  return {
    id,
    async set(next) {
      flags = next;
      await write();
    },
    async beat() {
      await write();
      const others = await owner.query<{ id: string }>(
        "select id from realtime.nodes where id <> $1 and seen_at > now() - interval '30 seconds'",
        [id],
      );
      return others.rows.map((row) => row.id);
    },
    async remove() {
      await owner.query('delete from realtime.nodes where id = $1', [id]);
    },
  };
}
