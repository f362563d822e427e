import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestServer, type TestServer } from '../server.ts';
import { createGraphSimulator, type Fault, type GraphSimulator } from '../simulators/graph/index.ts';
import { appSecret, createWorkspace, type Workspace } from './workspace.ts';

let server: TestServer;
let meta: GraphSimulator;
let workspace: Workspace;

beforeAll(async () => {
  meta = createGraphSimulator({ appSecret });
  const simulatorUrl = await meta.listen();
  server = await startTestServer({
    simulatorUrl: () => simulatorUrl,
    providerTimeoutMs: 500,
    env: { LOG_LEVEL: 'fatal' },
  });
  workspace = await createWorkspace(server.url, server.database.owner, meta.account);
  await meta.subscribe({
    callbackUrl: `${server.url}/functions/v1/whatsapp-cloud-webhook`,
    verifyToken: '',
    handshake: false,
  });
});
afterAll(async () => {
  await server.close();
  await meta.close();
});

let people = 0;
const someone = () => {
  people += 1;
  return meta.customer({ waId: String(201_500_000_000 + people), name: `Customer ${people}` });
};
type Customer = ReturnType<typeof someone>;

/** A conversation that was read already, so that nothing but our answers goes to Meta. */
async function conversationWith(customer: Customer): Promise<string> {
  const externalId = await customer.sendText('Hello');
  const conversation = await vi.waitFor(
    async () => {
      const { rows } = await server.database.owner.query<{ id: string }>(
        'select conversation_id as id from public.messages where external_id = $1',
        [externalId],
      );
      if (!rows[0]) throw new Error('not yet');
      return rows[0].id;
    },
    { timeout: 10_000, interval: 30 },
  );
  await workspace.owner.client.rpc('mark_conversation_read', { p_conversation_id: conversation });
  await vi.waitFor(
    () => expect(meta.calls.some(({ body }) => body?.status === 'read' && body.message_id === externalId)).toBe(true),
    { timeout: 10_000, interval: 30 },
  );
  return conversation;
}

async function write(conversationId: string, text: string): Promise<string> {
  const { data, error } = await workspace.owner.client.rpc('send_message', {
    p_conversation_id: conversationId,
    p_content: text,
  });
  if (error) throw error;
  return data.id;
}

interface Outcome {
  status: string;
  error_code: string | null;
  error_message: string | null;
  send_attempts: number;
}

async function outcomeOf(id: string, ready: (outcome: Outcome) => boolean, timeout = 15_000): Promise<Outcome> {
  return await vi.waitFor(
    async () => {
      const { rows } = await server.database.owner.query<Outcome>(
        'select status::text as status, error_code, error_message, send_attempts from public.messages where id = $1',
        [id],
      );
      if (!rows[0] || !ready(rows[0])) throw new Error(`not yet: ${JSON.stringify(rows[0])}`);
      return rows[0];
    },
    { timeout, interval: 50 },
  );
}

const calls = () => meta.calls.filter(({ path, body }) => path.endsWith('/messages') && body?.type === 'text').length;

describe('trouble that passes', () => {
  const troubles: [string, Fault, arrived: number][] = [
    ['429 with Retry-After', { kind: 'http', status: 429, headers: { 'retry-after': '2' } }, 1],
    ['429 and nothing else', { kind: 'http', status: 429 }, 1],
    ['a rate limit of Meta’s', { kind: 'graph', code: 130_429 }, 1],
    ['500 with a web page', { kind: 'http', status: 500, body: '<html>oops</html>' }, 1],
    ['502 of a proxy', { kind: 'http', status: 502, body: 'Bad Gateway' }, 1],
    ['a temporary error of Meta’s', { kind: 'graph', code: 131_016 }, 1],
    ['200 and no JSON', { kind: 'garbage' }, 1],
    ['a connection cut', { kind: 'cut' }, 1],
    ['no answer at all', { kind: 'silence' }, 1],
    ['an answer that gets lost on its way', { kind: 'lost_answer' }, 2],
  ];

  test('is waited out: every message ends SENT, and only a lost answer makes a second one', async () => {
    const sent: { name: string; customer: Customer; id: string; arrived: number }[] = [];
    // One after the other, so that each trouble meets the message that it is meant for; the second tries overlap.
    for (const [name, fault, arrived] of troubles) {
      const customer = someone();
      const thread = await conversationWith(customer);
      const before = calls();
      meta.faults.next('messages', fault);
      const id = await write(thread, `through ${name}`);
      await outcomeOf(id, (outcome) => outcome.send_attempts >= 1);
      await vi.waitFor(() => expect(calls()).toBeGreaterThan(before), { timeout: 5_000, interval: 20 });
      sent.push({ name, customer, id, arrived });
    }
    for (const { name, customer, id, arrived } of sent) {
      const outcome = await outcomeOf(id, ({ status }) => status === 'SENT');
      expect(outcome, name).toMatchObject({ error_code: null, error_message: null, send_attempts: 2 });
      expect(customer.received(), name).toHaveLength(arrived);
      expect(
        customer.received().map((message) => message.reference),
        name,
      ).toEqual(Array(arrived).fill(id));
    }
  }, 60_000);

  test('of a file: it is fetched again, and one that is gone says so', async () => {
    const bytes = new Uint8Array(
      Buffer.from(
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
        'base64',
      ),
    );
    const file = async (fault: Fault, endpoint: 'download' | 'media' = 'download') => {
      const customer = someone();
      meta.faults.next(endpoint, fault);
      const externalId = await customer.sendImage({ bytes, mimeType: 'image/png', caption: 'Look' });
      return await vi.waitFor(
        async () => {
          const { rows } = await server.database.owner.query<{ status: string; error_message: string | null }>(
            `select a.status, a.error_message from public.attachments a join public.messages m on m.id = a.message_id
             where m.external_id = $1 and a.status <> 'PENDING'`,
            [externalId],
          );
          if (!rows[0]) throw new Error('not yet');
          return rows[0];
        },
        { timeout: 15_000, interval: 50 },
      );
    };
    expect(await file({ kind: 'http', status: 500 })).toEqual({ status: 'STORED', error_message: null });
    expect(await file({ kind: 'cut' })).toEqual({ status: 'STORED', error_message: null });
    expect(await file({ kind: 'http', status: 404 }, 'media')).toMatchObject({
      status: 'FAILED',
      error_message: expect.stringMatching(/\w+ .*\./),
    });
  }, 40_000);
});

describe('trouble that stays', () => {
  const refusals: [string, Fault, RegExp][] = [
    ['a number without WhatsApp', { kind: 'graph', code: 131_026 }, /WhatsApp|number|deliver/i],
    ['a parameter that Meta does not take', { kind: 'graph', code: 100 }, /\w+ \w+/],
    ['400 without an envelope', { kind: 'http', status: 400, body: 'no' }, /\w+ \w+/],
  ];

  test.each(refusals)('is said in words, and not repeated: %s', async (_name, fault, words) => {
    const customer = someone();
    const thread = await conversationWith(customer);
    const before = calls();
    meta.faults.next('messages', fault);
    const outcome = await outcomeOf(await write(thread, 'Refused'), ({ status }) => status === 'FAILED');
    expect(outcome.error_message).toMatch(words);
    expect(outcome.error_message).not.toMatch(/undefined|\[object|\bat \/|http:\/\/127/);
    expect(calls() - before).toBe(1);
    expect(customer.received()).toEqual([]);
  });

  test('ends after the last try with the reason, and Retry begins anew', async () => {
    const customer = someone();
    const thread = await conversationWith(customer);
    meta.faults.next('messages', { kind: 'http', status: 503 }, 2);
    const id = await write(thread, 'Never');
    await outcomeOf(id, (outcome) => outcome.send_attempts === 1);
    await vi.waitFor(
      async () => {
        const { rowCount } = await server.database.owner.query(
          `update graphile_worker._private_jobs set attempts = 11, run_at = now() where key = $1 and locked_at is null and attempts = 1`,
          [`send:${id}`],
        );
        expect(rowCount).toBe(1);
      },
      { timeout: 5_000, interval: 20 },
    );
    const outcome = await outcomeOf(id, ({ status }) => status === 'FAILED');
    expect(outcome.error_message).toMatch(/\w+ .*\./);
    await workspace.owner.client.from('messages').update({ status: 'PENDING' }).eq('id', id);
    await outcomeOf(id, ({ status }) => status === 'SENT');
    expect(customer.received()).toHaveLength(1);
  }, 30_000);

  test('of our own making ends in words too: a secret that cannot be opened', async () => {
    const customer = someone();
    const thread = await conversationWith(customer);
    const { rows } = await server.database.owner.query<{ sealed: string }>(
      `select sealed from app.secrets where owner_id = $1 and key = 'access_token'`,
      [workspace.accountId],
    );
    const seal = (sealed: string) =>
      server.database.owner.query(`update app.secrets set sealed = $2 where owner_id = $1 and key = 'access_token'`, [
        workspace.accountId,
        sealed,
      ]);
    await seal('v1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA');
    const id = await write(thread, 'Locked out');
    await vi.waitFor(
      async () => {
        const { rowCount } = await server.database.owner.query(
          `update graphile_worker._private_jobs set attempts = 11, run_at = now() where key = $1 and locked_at is null and attempts = 1`,
          [`send:${id}`],
        );
        expect(rowCount).toBe(1);
      },
      { timeout: 5_000, interval: 20 },
    );
    expect(await outcomeOf(id, ({ status }) => status === 'FAILED')).toMatchObject({
      error_message: expect.stringContaining('administrator'),
    });
    await seal(rows[0]?.sealed ?? '');
    await workspace.owner.client.from('messages').update({ status: 'PENDING' }).eq('id', id);
    await outcomeOf(id, ({ status }) => status === 'SENT');
  }, 30_000);
});
