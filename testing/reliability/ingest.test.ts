import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { type ProductNode, startNode } from './node.ts';
import { createProvider, type Provider } from './provider.ts';
import { appSecret, createWorkspace, type Workspace } from './workspace.ts';

let database: TestDatabase;
let node: ProductNode;
let workspace: Workspace;
let provider: Provider;

beforeAll(async () => {
  database = await createTestDatabase();
  node = await startNode({ databaseUrl: database.url });
  workspace = await createWorkspace(node.url, database.owner);
  provider = createProvider({
    url: () => node.url,
    phoneNumberId: workspace.phoneNumberId,
    appSecret,
    patience: () => node.online(),
  });
});
afterAll(async () => {
  await node.close();
  await database.destroy();
});

const senders = Array.from({ length: 12 }, (_, n) => String(201_000_000_000 + n));
const perSender = 30;
const total = senders.length * perSender;
const texts = Array.from({ length: perSender }, (_, n) => `message ${n}`);

test('kill -9 at any moment of ingest: what was acknowledged is there once and in order', async () => {
  const crashesAt = [0.15, 0.55].map((share) => Math.floor(total * (share + Math.random() * 0.3)));
  let acknowledged = 0;
  let crashing: Promise<void> | undefined;
  const oneAcknowledged = () => {
    acknowledged += 1;
    if (crashing || acknowledged < (crashesAt[0] ?? Number.POSITIVE_INFINITY)) return;
    crashesAt.shift();
    crashing = node.crash().finally(() => {
      crashing = undefined;
    });
  };
  const started = Math.floor(Date.now() / 1000) - 3600;
  let repeated = 0;

  await Promise.all(
    senders.map(async (from) => {
      for (const [n, text] of texts.entries()) {
        // People write faster than Meta's clock, which has whole seconds.
        const said = { from, id: `wamid.${from}.${n}`, text, at: started + Math.floor(n / 5) };
        const tries = await provider.deliver(said);
        if (tries > 1) repeated += 1;
        oneAcknowledged();
        // At least once: Meta also repeats what was acknowledged.
        if (n % 7 === 0) void provider.deliver(said);
      }
    }),
  );
  await crashing;
  expect(crashesAt).toEqual([]);
  expect(repeated).toBeGreaterThan(0);

  const stored = await vi.waitFor(
    async () => {
      const { rows } = await database.owner.query<{ sender: string; texts: string[]; unread: number }>(
        `select ltrim(p.phones[1], '+') as sender, c.unread_count as unread,
           array_agg(m.content order by m.created_at, m.id) as texts
         from public.conversations c join public.contacts p on p.id = c.contact_id join public.messages m on m.conversation_id = c.id
         where c.organization_id = $1 group by c.id, p.id order by 1`,
        [workspace.owner.organizationId],
      );
      const count = rows.reduce((sum, row) => sum + row.texts.length, 0);
      if (count < total) throw new Error(`${count} of ${total} messages are there`);
      return rows;
    },
    { timeout: 20_000, interval: 100 },
  );
  expect(stored).toEqual(senders.map((sender) => ({ sender, texts, unread: perSender })));

  // The last messages are there a moment before the job that brought them has ended.
  await vi.waitFor(
    async () => {
      const { rows } = await database.owner.query(
        `select (select count(*)::int from public.inbound_events where status <> 'PROCESSED') as events,
           (select count(*)::int from public.inbound_events) as received,
           (select count(*)::int from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
            where t.identifier = 'inbound.process') as jobs`,
      );
      expect(rows[0]).toEqual({ events: 0, received: total, jobs: 0 });
    },
    { timeout: 20_000, interval: 100 },
  );
}, 60_000);
