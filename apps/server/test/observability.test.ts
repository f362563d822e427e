import { type SignedIn, startTestServer, type TestServer } from '@connectgain/testing/server.ts';
import { createClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

let server: TestServer;
let owner: SignedIn;
beforeAll(async () => {
  server = await startTestServer();
  owner = await server.signUp('Acme');
});
afterAll(() => server.close());

it('/ready names every part of a node', async () => {
  const answer = await fetch(`${server.url}/ready`);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({
    status: 'ready',
    checks: { database: 'ok', jobs: 'ok', realtime: 'ok' },
  });
});

it('a worker answers /ready and /metrics for its own parts and no surface', async () => {
  const worker = await startTestServer({ env: { ROLE: 'worker' } });
  try {
    expect(await (await fetch(`${worker.url}/ready`)).json()).toMatchObject({ checks: { database: 'ok', jobs: 'ok' } });
    const metrics = await (await fetch(`${worker.url}/metrics`)).text();
    expect(metrics).toContain('jobs_oldest_waiting_seconds');
    expect(metrics).not.toContain('realtime_sockets');
    expect((await fetch(`${worker.url}/rest/v1/contacts`)).status).toBe(404);
  } finally {
    await worker.close();
  }
});

it('/metrics counts jobs, events and sockets', async () => {
  const socket = createClient(server.url, server.anonKey, { auth: { persistSession: false } });
  await new Promise<void>((resolve, reject) => {
    socket.channel('room').subscribe((status, error) => (status === 'SUBSCRIBED' ? resolve() : error && reject(error)));
  });
  const text = await (await fetch(`${server.url}/metrics`)).text();
  expect(text).toMatch(/^events_pending \d+$/m);
  expect(text).toMatch(/^events_lag_seconds [\d.]+$/m);
  expect(text).toMatch(/^# TYPE events_handled gauge$/m);
  expect(text).toMatch(/^realtime_sockets 1$/m);
  expect(text).toMatch(/^realtime_lag_p95_seconds /m);
  expect(text).toMatch(/^http_request_duration_seconds_count\{.*route="\/auth\/v1\/signup".*\} 1$/m);
  await socket.removeAllChannels();
  socket.realtime.disconnect();
});

it('what is thrown away at fixed times is known to the worker', async () => {
  const { rows } = await server.database.owner.query<{ identifier: string }>(
    'select identifier from graphile_worker._private_known_crontabs order by identifier',
  );
  expect(rows.map((row) => row.identifier)).toEqual([
    'auth.cleanup',
    'events.sweep',
    'jobs.sweep',
    'presence.sweep',
    'snooze.wake',
    'storage.sweep',
  ]);
});

it('bytes that no file refers to are removed by the job', async () => {
  const files = owner.client.storage.from('media');
  const path = `${owner.organizationId}/notes.txt`;
  await files.upload(path, 'first', { contentType: 'text/plain' });
  const orphans = async () =>
    (await server.database.owner.query<{ n: number }>('select count(*)::int as n from storage.orphans')).rows[0]?.n;
  await server.database.owner.query(
    `insert into storage.orphans (version, reason, since) values (gen_random_uuid()::text, 'replaced', now())`,
  );
  await server.database.owner.query(`select jobs.add('storage.sweep', '{}')`);
  await vi.waitFor(async () => expect(await orphans()).toBe(0), { timeout: 10_000, interval: 50 });
  expect(await (await files.download(path)).data?.text()).toBe('first');
});

describe('row changes', () => {
  it('reach members of the row’s organization, and colleagues who are working in another one for profiles', async () => {
    const other = await server.signUp('Globex');
    await server.database.owner.query(
      `insert into public.user_roles (user_id, organization_id, role) values ($1, $2, 'AGENT')`,
      [other.userId, owner.organizationId],
    );
    const seen: string[] = [];
    const follow = (who: SignedIn, name: string) =>
      new Promise<void>((resolve, reject) => {
        who.client
          .channel(`changes-${name}`)
          .on('postgres_changes', { event: '*', schema: 'public', table: 'contacts' }, (change) =>
            seen.push(`${name}: ${'first_name' in change.new ? change.new.first_name : ''}`),
          )
          .on('postgres_changes', { event: '*', schema: 'public', table: 'profiles' }, (change) =>
            seen.push(`${name}: profile ${'first_name' in change.new ? change.new.first_name : ''}`),
          )
          .subscribe((status, error) => (status === 'SUBSCRIBED' ? resolve() : error && reject(error)));
      });
    await Promise.all([follow(owner, 'acme'), follow(other, 'globex')]);
    await other.client.from('contacts').insert({ first_name: 'Theirs' });
    await owner.client.from('contacts').insert({ first_name: 'Ours' });
    await other.client.from('profiles').update({ first_name: 'Olga' }).eq('id', other.userId);
    await vi.waitFor(
      () =>
        expect(seen.toSorted()).toEqual(['acme: Ours', 'acme: profile Olga', 'globex: Theirs', 'globex: profile Olga']),
      { timeout: 10_000, interval: 20 },
    );
    await Promise.all([owner.client.removeAllChannels(), other.client.removeAllChannels()]);
  });
});
