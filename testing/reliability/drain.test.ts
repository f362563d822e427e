import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { createGraphSimulator, type GraphSimulator } from '../simulators/graph/index.ts';
import { type ProductNode, startNode } from './node.ts';
import { anonKey, appSecret, createWorkspace, type Workspace } from './workspace.ts';

let database: TestDatabase;
let meta: GraphSimulator;
let node: ProductNode;
let workspace: Workspace;
/** Meta thinks about a message for as long as this takes. */
let thinking: Promise<void> = Promise.resolve();
let asked = Promise.withResolvers<void>();

beforeAll(async () => {
  database = await createTestDatabase();
  await database.owner.query(
    `create function public.nap() returns text language sql as $$ select 'rested' from (select pg_advisory_xact_lock(4242)) s $$;
     grant execute on function public.nap() to authenticated`,
  );
  meta = createGraphSimulator({ appSecret });
  meta.app.addHook('preHandler', async (request) => {
    // Messages only: that something was read goes to the same address.
    if (!request.url.endsWith('/messages') || !JSON.stringify(request.body).includes('"type":"text"')) return;
    asked.resolve();
    await thinking;
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

let people = 0;

/** A customer who has written, and the conversation that this made. */
async function conversation(): Promise<string> {
  people += 1;
  const customer = meta.customer({ waId: String(201_200_000_000 + people) });
  await customer.sendText('Hello');
  return await vi.waitFor(
    async () => {
      const { rows } = await database.owner.query<{ id: string }>(
        `select c.id from public.conversations c join public.contacts p on p.id = c.contact_id where p.phones @> array[$1]`,
        [`+${customer.person.waId}`],
      );
      if (!rows[0]) throw new Error('not yet');
      return rows[0].id;
    },
    { timeout: 10_000, interval: 50 },
  );
}

async function answer(conversationId: string, text: string): Promise<string> {
  const { data, error } = await workspace.owner.client.rpc('send_message', {
    p_conversation_id: conversationId,
    p_content: text,
  });
  if (error) throw error;
  return data.id;
}

async function statusOf(id: string): Promise<string | undefined> {
  const { rows } = await database.owner.query<{ status: string }>(
    'select status::text as status from public.messages where id = $1',
    [id],
  );
  return rows[0]?.status;
}

const nap = () =>
  fetch(`${node.url}/rest/v1/rpc/nap`, {
    method: 'POST',
    headers: {
      apikey: anonKey,
      authorization: `Bearer ${workspace.owner.accessToken}`,
      'content-type': 'application/json',
    },
    body: '{}',
  });

async function untilNapping(): Promise<void> {
  await vi.waitFor(
    async () => {
      const { rowCount } = await database.owner.query(
        `select from pg_locks where locktype = 'advisory' and objid = 4242 and not granted`,
      );
      if (!rowCount) throw new Error('not yet');
    },
    { timeout: 10_000, interval: 20 },
  );
}

test('SIGTERM lets requests and jobs end, takes no new ones, and exits with 0', async () => {
  const thread = await conversation();
  const gate = Promise.withResolvers<void>();
  thinking = gate.promise;
  asked = Promise.withResolvers();
  const message = await answer(thread, 'Sent while stopping');
  await asked.promise;
  const bed = await database.owner.connect();
  await bed.query('select pg_advisory_lock(4242)');
  const napping = nap();
  await untilNapping();

  const ended = node.end('SIGTERM');
  await vi.waitFor(() => expect(node.lines.join('\n')).toContain('stopping'), { timeout: 5_000, interval: 20 });
  await vi.waitFor(() => expect(fetch(`${node.url}/health`)).rejects.toThrow(), { timeout: 5_000, interval: 20 });
  await bed.query('select pg_advisory_unlock(4242)');
  bed.release();
  const rested = await napping;
  expect([rested.status, await rested.json()]).toEqual([200, 'rested']);
  gate.resolve();
  expect(await ended).toEqual({ code: 0, signal: null });

  expect(await statusOf(message)).toBe('SENT');
  expect(meta.sent()).toHaveLength(1);
  expect(node.lines.filter((line) => /"level":"(error|fatal)"/.test(line))).toEqual([]);
  const { rows } = await database.owner.query('select * from jobs.workers');
  expect(rows).toEqual([]);
}, 40_000);

test('a job that does not end in time is handed back as if it had never begun, and done after the next start', async () => {
  await node.start();
  const thread = await conversation();
  const gate = Promise.withResolvers<void>();
  thinking = gate.promise;
  asked = Promise.withResolvers();
  const message = await answer(thread, 'Asked and never answered');
  await asked.promise;

  expect(await node.end('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(await statusOf(message)).toBe('PENDING');
  const { rows } = await database.owner.query(
    `select attempts, locked_at, last_error from graphile_worker.jobs where task_identifier = 'messages.send'`,
  );
  expect(rows).toEqual([{ attempts: 0, locked_at: null, last_error: null }]);

  gate.resolve();
  thinking = Promise.resolve();
  await node.start();
  await vi.waitFor(async () => expect(await statusOf(message)).toBe('SENT'), { timeout: 10_000, interval: 50 });
}, 60_000);
