import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import type { SignedIn } from '../server.ts';
import { createGraphSimulator, type GraphSimulator } from '../simulators/graph/index.ts';
import { type ProductNode, startNode } from './node.ts';
import { createProvider } from './provider.ts';
import { appSecret, clientOf, createWorkspace, type Workspace } from './workspace.ts';

let database: TestDatabase;
let meta: GraphSimulator;
let nodes: ProductNode[] = [];

beforeAll(async () => {
  meta = createGraphSimulator({ appSecret, limits: { perSecond: 10_000, pairBurst: 10_000 } });
  await meta.listen();
});
afterAll(() => meta.close());
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await Promise.all(nodes.map((node) => node.close()));
  nodes = [];
  await database.destroy();
});

async function cluster(...roles: string[]): Promise<Workspace> {
  const address = meta.app.server.address();
  if (address === null || typeof address === 'string') throw new Error('The simulator does not listen.');
  // The first migrates, the others find it done.
  for (const ROLE of roles) {
    const env = { ROLE, SIMULATOR_URL: `http://127.0.0.1:${address.port}` };
    nodes.push(await startNode({ databaseUrl: database.url, env }));
  }
  return await createWorkspace(at(0).url, database.owner, meta.account);
}

function at(index: number): ProductNode {
  const node = nodes[index];
  if (!node) throw new Error(`There is no node ${index}.`);
  return node;
}

/** The owner's screen, connected to one node: every message it was shown. */
async function screen(owner: SignedIn, node: ProductNode): Promise<{ shown: string[]; close(): Promise<void> }> {
  const client = clientOf(node.url);
  await client.auth.signInWithPassword({ email: owner.email, password: owner.password });
  const shown: string[] = [];
  await new Promise<void>((resolve, reject) => {
    client
      .channel('inbox')
      .on('postgres_changes', { event: 'INSERT', schema: 'public', table: 'messages' }, (change) => {
        shown.push(String(change.new.content));
      })
      .subscribe((status, error) => (status === 'SUBSCRIBED' ? resolve() : error && reject(error)));
  });
  return {
    shown,
    async close() {
      await client.removeAllChannels();
      client.realtime.disconnect();
    },
  };
}

const texts = (from: string, count: number) => Array.from({ length: count }, (_, n) => `${from}: ${n}`);

/** Several customers write, each in order, to whichever node the balancer chooses. */
async function write(workspace: Workspace, o: { senders: string[]; count: number; urls: () => string[] }) {
  let turn = 0;
  const provider = createProvider({
    url: () => {
      const urls = o.urls();
      turn += 1;
      return urls[turn % urls.length] ?? '';
    },
    phoneNumberId: workspace.phoneNumberId,
    appSecret,
    patience: () => Promise.resolve(),
  });
  const at = Math.floor(Date.now() / 1000) - 600;
  await Promise.all(
    o.senders.map(async (from) => {
      for (const [n, text] of texts(from, o.count).entries()) {
        await provider.deliver({ from, id: `wamid.${from}.${n}`, text, at });
      }
    }),
  );
}

interface Thread {
  id: string;
  texts: string[];
}

async function threads(count: number): Promise<Thread[]> {
  return await vi.waitFor(
    async () => {
      const { rows } = await database.owner.query<Thread>(
        `select conversation_id as id, array_agg(content order by created_at, id) as texts from public.messages
         where direction = 'INBOUND' group by 1 order by min(content)`,
      );
      const found = rows.reduce((sum, row) => sum + row.texts.length, 0);
      if (found < count) throw new Error(`${found} of ${count} messages`);
      return rows;
    },
    { timeout: 20_000, interval: 50 },
  );
}

const senders = Array.from({ length: 6 }, (_, n) => String(201_300_000_000 + n));

test('two nodes share the work: every message once, in order, on every screen; and one goes on without the other', async () => {
  const workspace = await cluster('all', 'all');
  const screens = await Promise.all(nodes.map((node) => screen(workspace.owner, node)));
  await write(workspace, { senders, count: 10, urls: () => nodes.map((node) => node.url) });
  const stored = await threads(60);
  expect(stored.map((thread) => thread.texts)).toEqual(senders.map((from) => texts(from, 10)));
  const everything = senders.flatMap((from) => texts(from, 10)).sort();
  for (const { shown } of screens) {
    await vi.waitFor(() => expect(shown.toSorted()).toEqual(everything), { timeout: 10_000, interval: 50 });
  }

  const client = clientOf(at(1).url);
  await client.auth.signInWithPassword({ email: workspace.owner.email, password: workspace.owner.password });
  const before = meta.sent().length;
  await Promise.all(
    stored.flatMap((thread) =>
      Array.from({ length: 4 }, (_, n) =>
        client.rpc('send_message', { p_conversation_id: thread.id, p_content: `answer ${n}` }),
      ),
    ),
  );
  await vi.waitFor(
    async () => {
      const { rows } = await database.owner.query<{ n: number }>(
        `select count(*)::int as n from public.messages where direction = 'OUTBOUND' and status = 'SENT'`,
      );
      expect(rows[0]?.n).toBe(24);
    },
    { timeout: 15_000, interval: 50 },
  );
  expect(meta.sent().length - before).toBe(24);

  const dying = at(0).end('SIGKILL');
  await write(workspace, { senders: ['201399999999'], count: 5, urls: () => [at(1).url] });
  await dying;
  expect((await threads(65)).at(-1)?.texts).toEqual(texts('201399999999', 5));
  await vi.waitFor(() => expect(screens[1]?.shown).toContain('201399999999: 4'), { timeout: 10_000, interval: 50 });
  await Promise.all(screens.map((one) => one.close()));
}, 60_000);

test('an api node and a worker: one takes in and shows, the other works', async () => {
  const workspace = await cluster('api', 'worker');
  const { shown, close } = await screen(workspace.owner, at(0));
  await at(1).end('SIGTERM');
  await write(workspace, { senders, count: 3, urls: () => [at(0).url] });
  const { rows } = await database.owner.query(`select count(*)::int as n from public.inbound_events`);
  expect(rows).toEqual([{ n: 18 }]);
  expect(shown).toEqual([]);

  await at(1).start();
  const stored = await threads(18);
  expect(stored.map((thread) => thread.texts)).toEqual(senders.map((from) => texts(from, 3)));
  await vi.waitFor(() => expect(shown).toHaveLength(18), { timeout: 10_000, interval: 50 });
  const surface = await fetch(`${at(1).url}/functions/v1/whatsapp-cloud-webhook`, { method: 'POST', body: '{}' });
  expect(surface.status).toBe(404);
  expect((await fetch(`${at(1).url}/ready`)).status).toBe(200);
  await close();
}, 60_000);
