import type { Principal } from '@connectgain/postgres';
import { runAs } from '@connectgain/postgres';
import type { Pool } from 'pg';
import type { Catalog } from '../changes/catalog.ts';
import type { PolicyTest } from '../changes/policies.ts';

export type Extension = 'broadcast' | 'presence';

/** What policies on realtime.messages are asked, for a private channel. */
export interface TopicRights {
  /** SELECT policies: may receive. */
  mayRead(principal: Principal, topic: string): Promise<Record<Extension, boolean>>;
  /** INSERT policies: may send. */
  mayWrite(principal: Principal, topic: string, extension: Extension): Promise<boolean>;
}

/**
 * Asks the policies of realtime.messages about a row that is not stored: `topic`, `extension`, `private`, with realtime.topic() set.
 * Supabase inserts such a row and rolls it back; evaluating the policies' expressions over the row's values gives the same answer
 * without writing.
 */
export function createTopicRights(catalog: Catalog, requests: Pool): TopicRights {
  const testsOf = async (principal: Principal): Promise<{ read: PolicyTest; write: PolicyTest }> => {
    const { tables } = await catalog.snapshot();
    const messages = tables.find((table) => table.schema === 'realtime' && table.name === 'messages');
    const role = messages?.roles.get(principal.role);
    return { read: role?.seesKey ? role.visible : false, write: role?.insertable ?? false };
  };
  const evaluate = async (
    principal: Principal,
    topic: string,
    test: PolicyTest,
    extensions: readonly Extension[],
  ): Promise<boolean[]> => {
    if (typeof test === 'boolean') return extensions.map(() => test);
    const text = `select (${test}) as allowed from jsonb_populate_record(null::realtime.messages, $1::jsonb) messages`;
    const statements = extensions.map((extension) => ({ text, values: [probe(topic, extension)] }));
    const results = await runAs(requests, principal, statements, {
      settings: { 'realtime.topic': topic },
      statementTimeoutMs: 5_000,
      readOnly: true,
    });
    return results.map((result) => result.rows[0]?.allowed === true);
  };
  return {
    async mayRead(principal, topic) {
      const { read } = await testsOf(principal);
      const [broadcast = false, presence = false] = await evaluate(principal, topic, read, ['broadcast', 'presence']);
      return { broadcast, presence };
    },
    async mayWrite(principal, topic, extension) {
      const { write } = await testsOf(principal);
      const [allowed = false] = await evaluate(principal, topic, write, [extension]);
      return allowed;
    },
  };
}

function probe(topic: string, extension: Extension): string {
  const now = new Date().toISOString();
  const id = '00000000-0000-0000-0000-000000000000';
  return JSON.stringify({ id, topic, extension, private: true, inserted_at: now, updated_at: now });
}
