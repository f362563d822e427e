import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { createGraphSimulator, type GraphSimulator } from '../simulators/graph/index.ts';
import { type ProductNode, startNode } from './node.ts';
import { appSecret, createWorkspace, type Workspace } from './workspace.ts';

let database: TestDatabase;
let meta: GraphSimulator;
let node: ProductNode;
let workspace: Workspace;
/** Called at every message that Meta takes, with how many it took so far; before and after it was answered. */
let onMessage: (moment: 'taken' | 'answered', count: number) => void = () => undefined;

beforeAll(async () => {
  database = await createTestDatabase();
  meta = createGraphSimulator({ appSecret, limits: { perSecond: 10_000, pairBurst: 10_000 } });
  let taken = 0;
  meta.app.addHook('preHandler', async (request) => {
    if (!request.url.endsWith('/messages')) return;
    taken += 1;
    onMessage('taken', taken);
  });
  meta.app.addHook('onResponse', async (request) => {
    if (request.url.endsWith('/messages')) onMessage('answered', taken);
  });
  const simulatorUrl = await meta.listen();
  node = await startNode({ databaseUrl: database.url, env: { SIMULATOR_URL: simulatorUrl } });
  workspace = await createWorkspace(node.url, database.owner, meta.account);
  await meta.subscribe({
    callbackUrl: `${node.url}/functions/v1/whatsapp-cloud-webhook`,
    verifyToken: '',
    handshake: false,
  });
});
afterAll(async () => {
  await node.close();
  await meta.close();
  await database.destroy();
});

interface Sent {
  id: string;
  status: string;
  content: string;
}

async function outgoing(ready: (messages: Sent[]) => boolean): Promise<Sent[]> {
  return await vi.waitFor(
    async () => {
      const { rows } = await database.owner.query<Sent>(
        `select id, status::text as status, content from public.messages where direction = 'OUTBOUND' order by created_at, id`,
      );
      if (!ready(rows)) {
        const states = rows.map((row) => row.status);
        throw new Error(
          `not yet: ${JSON.stringify(
            Object.groupBy(states, (state) => state),
            null,
            0,
          )}`,
        );
      }
      return rows;
    },
    { timeout: 25_000, interval: 100 },
  );
}

/** The composer: the same client id until the server has said yes. */
async function write(conversationId: string, text: string): Promise<void> {
  const clientId = crypto.randomUUID();
  for (;;) {
    const { error } = await workspace.owner.client.rpc('send_message', {
      p_conversation_id: conversationId,
      p_content: text,
      p_client_id: clientId,
    });
    if (!error) return;
    await node.online();
  }
}

test('kill -9 while messages go out: the customer gets each, and no status goes back', async () => {
  const customers = Array.from({ length: 8 }, (_, n) => meta.customer({ waId: String(201_100_000_000 + n) }));
  for (const customer of customers) await customer.sendText('Hello');
  const conversations = await vi.waitFor(
    async () => {
      const { rows } = await database.owner.query<{ id: string }>('select id from public.conversations');
      if (rows.length < customers.length) throw new Error('not all have written yet');
      return rows.map((row) => row.id);
    },
    { timeout: 15_000, interval: 50 },
  );

  // Once between Meta's work and its answer, once between its answer and our commit.
  const crashes: Promise<void>[] = [];
  const plan = [
    { moment: 'taken', count: 9 + Math.floor(Math.random() * 8) },
    { moment: 'answered', count: 30 + Math.floor(Math.random() * 8) },
  ];
  onMessage = (moment, count) => {
    const [next] = plan;
    if (!next || moment !== next.moment || count < next.count) return;
    plan.shift();
    crashes.push(node.crash());
  };
  const texts = conversations.flatMap((_, n) => Array.from({ length: 6 }, (__, m) => `answer ${m} to ${n}`));
  await Promise.all(
    conversations.map(async (id, n) => {
      for (const text of texts.slice(n * 6, n * 6 + 6)) await write(id, text);
    }),
  );
  const sent = await outgoing(
    (messages) => messages.length === texts.length && messages.every((message) => message.status === 'SENT'),
  );
  await Promise.all(crashes);
  expect(crashes).toHaveLength(2);
  expect(sent.map((message) => message.content).sort()).toEqual(texts.toSorted());

  // On the phones: every one at least once; what came twice is what a crash repeated.
  const arrived = customers.flatMap((customer) => customer.received());
  const onPhones = Map.groupBy(arrived, (message) => message.reference);
  expect([...onPhones.keys()].sort()).toEqual(sent.map((message) => message.id).sort());
  expect(arrived.length - sent.length).toBeLessThanOrEqual(16);

  // Receipts, a crash among them; Meta posts again what was not taken.
  const crashing = node.crash();
  await meta.settle(40);
  await crashing;
  await meta.settle();
  for (const customer of customers) await customer.read();
  await meta.settle();
  await outgoing((messages) => messages.every((message) => message.status === 'READ'));

  const { rows: history } = await database.owner.query<{ statuses: string[] }>(
    `select array_agg(status order by created_at, id) as statuses from public.message_status_events group by message_id`,
  );
  const forward = ['SENT', 'DELIVERED', 'READ'];
  expect(history).toHaveLength(sent.length);
  for (const { statuses } of history) {
    const ranks = statuses.map((status) => forward.indexOf(status));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    expect(new Set(ranks).size).toBe(ranks.length);
    expect(statuses.at(-1)).toBe('READ');
  }
}, 60_000);
