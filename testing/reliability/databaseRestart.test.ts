import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type EmbeddedServer, startEmbedded } from '@connectgain/postgres/embedded/startEmbedded.ts';
import pg from 'pg';
import pino from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { makeTemporaryFolder } from '../temporaryFolder.ts';
import { type ProductNode, startNode } from './node.ts';
import { createProvider } from './provider.ts';
import { anonKey, appSecret, clientOf, createWorkspace, type Workspace } from './workspace.ts';

const log = pino({ level: 'silent' });
let folder: string;
let server: EmbeddedServer;
let pool: pg.Pool;
let node: ProductNode;
let workspace: Workspace;

beforeAll(async () => {
  folder = await makeTemporaryFolder('connectgain-restart-');
  server = await startEmbedded({ folder, port: 0, log });
  pool = new pg.Pool({ connectionString: server.url, max: 2 });
  pool.on('error', () => undefined);
  node = await startNode({ databaseUrl: server.url });
  workspace = await createWorkspace(node.url, pool);
}, 60_000);
afterAll(async () => {
  await node.close();
  await pool.end();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Answer {
  status: number;
  body: string;
}

/** Calls until told to stop; what is not a success is kept to be judged. */
class Load {
  readonly refusals: Answer[] = [];
  successes = 0;
  stopped = false;

  async call(path: string, init: RequestInit = {}): Promise<boolean> {
    const answer = await fetch(`${node.url}${path}`, {
      ...init,
      headers: {
        apikey: anonKey,
        authorization: `Bearer ${workspace.owner.accessToken}`,
        'content-type': 'application/json',
        prefer: 'resolution=ignore-duplicates',
      },
    });
    const body = await answer.text();
    if (answer.ok) this.successes += 1;
    else this.refusals.push({ status: answer.status, body });
    return answer.ok;
  }

  async read(): Promise<void> {
    while (!this.stopped) await this.call('/rest/v1/contacts?select=id,first_name&limit=5');
  }

  /** Contacts one after the other, each again until it is taken; returns their names. */
  async write(label: string): Promise<string[]> {
    const names: string[] = [];
    for (let n = 0; !this.stopped; n += 1) {
      const body = JSON.stringify({ id: crypto.randomUUID(), first_name: `${label}-${n}` });
      while (!(await this.call('/rest/v1/contacts', { method: 'POST', body })));
      names.push(`${label}-${n}`);
    }
    return names;
  }
}

/** Resolves after so many more successes: the product works. */
async function untilWorking(load: Load): Promise<void> {
  const enough = load.successes + 50;
  await vi.waitFor(() => expect(load.successes).toBeGreaterThan(enough), { timeout: 20_000, interval: 20 });
}

async function readiness(): Promise<number> {
  return (await fetch(`${node.url}/ready`)).status;
}

test('PostgreSQL restarts and crashes under load: refusals in words, then everything goes on', async () => {
  const pid = node.pid();
  const shown = new Set<string>();
  const watcher = clientOf(node.url);
  await watcher.auth.signInWithPassword({ email: workspace.owner.email, password: workspace.owner.password });
  watcher
    .channel('inbox')
    .on('postgres_changes', { event: 'INSERT', schema: 'public', table: 'messages' }, (change) => {
      shown.add(String(change.new.content));
    })
    .subscribe();
  await vi.waitFor(() => expect(watcher.getChannels()[0]?.state).toBe('joined'), { timeout: 10_000, interval: 20 });

  const load = new Load();
  const reading = [load.read(), load.read()];
  const writing = [load.write('a'), load.write('b')];
  let said = 0;
  const provider = createProvider({
    url: () => node.url,
    phoneNumberId: workspace.phoneNumberId,
    appSecret,
    patience: () => Promise.resolve(),
  });
  const talking = ['201400000001', '201400000002', '201400000003'].map(async (from) => {
    const at = Math.floor(Date.now() / 1000) - 3600;
    let n = 0;
    for (; !load.stopped; n += 1) {
      await provider.deliver({ from, id: `wamid.${from}.${n}`, text: `${from}: ${n}`, at: at + n });
      said += 1;
    }
    return Array.from({ length: n }, (_, index) => `${from}: ${index}`);
  });

  await untilWorking(load);
  const port = Number(new URL(server.url).port);
  await server.stop();
  await vi.waitFor(async () => expect(await readiness()).toBe(503), { timeout: 5_000, interval: 20 });
  expect((await fetch(`${node.url}/health`)).status).toBe(200);
  server = await startEmbedded({ folder, port, log });
  await untilWorking(load);

  const [postmaster] = (await readFile(join(server.data, 'postmaster.pid'), 'utf8')).split('\n');
  process.kill(Number(postmaster), 'SIGKILL');
  await untilWorking(load);
  load.stopped = true;
  const written = (await Promise.all(writing)).flat();
  const talked = (await Promise.all(talking)).flat();
  await Promise.all(reading);

  expect(load.refusals.length).toBeGreaterThan(0);
  const judged = new Set(load.refusals.map(({ status }) => status));
  expect([...judged]).toEqual([503]);
  for (const { body } of load.refusals) {
    expect(JSON.parse(body)).toMatchObject({ message: expect.stringMatching(/\w+ \w+/) });
    expect(body).not.toMatch(/\/work\/|node_modules|select |127\.0\.0\.1/i);
  }

  const names = await pool.query<{ first_name: string }>(
    `select first_name from public.contacts where first_name ~ '^[ab]-' order by 1`,
  );
  expect(names.rows.map((row) => row.first_name)).toEqual(written.toSorted());
  const messages = await vi.waitFor(
    async () => {
      const { rows } = await pool.query<{ content: string }>(
        `select content from public.messages where direction = 'INBOUND' order by conversation_id, created_at, id`,
      );
      if (rows.length < said) throw new Error(`${rows.length} of ${said} messages`);
      return rows.map((row) => row.content);
    },
    { timeout: 20_000, interval: 100 },
  );
  expect(messages.toSorted()).toEqual(talked.toSorted());

  await vi.waitFor(async () => expect(await readiness()).toBe(200), { timeout: 15_000, interval: 50 });
  await vi.waitFor(() => expect(watcher.getChannels()[0]?.state).toBe('joined'), { timeout: 15_000, interval: 50 });
  await provider.deliver({
    from: '201400000009',
    id: 'wamid.last',
    text: 'after all that',
    at: Math.floor(Date.now() / 1000),
  });
  await vi.waitFor(() => expect(shown).toContain('after all that'), { timeout: 15_000, interval: 50 });
  expect(node.pid()).toBe(pid);
  await watcher.removeAllChannels();
  watcher.realtime.disconnect();
}, 90_000);
