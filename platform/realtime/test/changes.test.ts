import { runAs } from '@connectgain/postgres';
import type { RealtimePostgresChangesPayload } from '@supabase/supabase-js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { realtimeGauges } from '../src/index.ts';
import { collect, type Events, subscribed } from './events.ts';
import { acme, type Bench, globex, type Node, startBench } from './startRealtime.ts';

type Row = Record<string, unknown>;
type Change = RealtimePostgresChangesPayload<Row>;

let bench: Bench;
let node: Node;
beforeAll(async () => {
  bench = await startBench();
  node = await bench.startNode();
});
afterAll(() => bench.close());

let channels = 0;
/** Follows changes as a user of an organization; `wish` narrows what. */
async function follow(organization: string, wish: Record<string, unknown> = {}): Promise<Events<Change>> {
  const client = await bench.client(node, await bench.signIn(organization));
  const events = collect<Change>();
  const filter = { event: '*' as const, schema: 'public', table: 'notes', ...wish };
  await subscribed(
    client.channel(`changes-${channels++}`).on('postgres_changes', filter, (change) => events.push(change)),
  );
  return events;
}

async function insert(organization: string, body: string, n = 0): Promise<Row> {
  const [row] = await bench.sql(
    'insert into notes (organization_id, body, n, secret) values ($1, $2, $3, $4) returning *',
    [organization, body, n, 'hidden'],
  );
  return row ?? {};
}

test('insert, update and delete arrive in the shape that clients know, without columns the role may not read', async () => {
  const events = await follow(acme);
  const { id } = await insert(acme, 'one');
  const inserted = await events.next();
  expect(inserted).toEqual({
    schema: 'public',
    table: 'notes',
    commit_timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    eventType: 'INSERT',
    new: { id, organization_id: acme, body: 'one', n: 0, at: expect.stringMatching(/\+00:00$/) },
    old: {},
    errors: null,
  });
  await bench.sql('update notes set body = $2 where id = $1', [id, 'two']);
  const updated = await events.next();
  expect(updated).toMatchObject({ eventType: 'UPDATE', new: { id, body: 'two' }, old: { id } });
  expect(Object.keys(updated.old)).toEqual(['id']);
  await bench.sql('delete from notes where id = $1', [id]);
  const deleted = await events.next();
  expect(deleted).toMatchObject({ eventType: 'DELETE', new: {}, old: { id } });
  expect(Object.keys(deleted.old)).toEqual(['id']);
});

test('nobody hears of another tenant: not of inserts, not of updates, not of deletes', async () => {
  const [ours, theirs] = await Promise.all([follow(acme), follow(globex)]);
  const secret = await insert(globex, 'theirs');
  expect(await theirs.next()).toMatchObject({ eventType: 'INSERT' });
  await bench.sql('update notes set n = 1 where id = $1', [secret.id]);
  expect(await theirs.next()).toMatchObject({ eventType: 'UPDATE' });
  await bench.sql('delete from notes where id = $1', [secret.id]);
  expect(await theirs.next()).toMatchObject({ eventType: 'DELETE', old: { id: secret.id } });
  await insert(acme, 'ours');
  expect(await ours.next()).toMatchObject({ eventType: 'INSERT', new: { body: 'ours' } });
  expect(ours.all).toHaveLength(1);
  await insert(globex, 'mark');
  await theirs.next();
  expect(theirs.all).toHaveLength(4);
});

test('a row that moves to another tenant is seen there and no longer here', async () => {
  const [ours, theirs] = await Promise.all([follow(acme), follow(globex)]);
  const { id } = await insert(acme, 'moving');
  await ours.next();
  await bench.sql('update notes set organization_id = $2 where id = $1', [id, globex]);
  expect(await theirs.next()).toMatchObject({ eventType: 'UPDATE', new: { id, organization_id: globex } });
  await insert(acme, 'after');
  expect(await ours.next()).toMatchObject({ new: { body: 'after' } });
});

test('the anonymous key gets changes of tables it may read and is refused others', async () => {
  const client = await bench.client(node);
  const events = collect<Change>();
  const filter = { event: 'INSERT' as const, schema: 'public', table: 'news' };
  await subscribed(client.channel('news').on('postgres_changes', filter, (change) => events.push(change)));
  await bench.sql("insert into news (title, tags) values ('hello', '{a,b}')");
  expect(await events.next()).toMatchObject({ eventType: 'INSERT', new: { title: 'hello', tags: ['a', 'b'] } });

  const system = collect<{ status: string; message: string }>();
  const notes = { event: '*' as const, schema: 'public', table: 'notes' };
  const channel = client.channel('closed').on('postgres_changes', notes, () => undefined);
  channel.on('system', {}, (message) => system.push(message));
  await subscribed(channel);
  expect(await system.next()).toMatchObject({
    status: 'error',
    message: expect.stringContaining('Please check Realtime is enabled'),
  });
});

test('events and filters narrow what arrives, for deletes too', async () => {
  const [deletes, mine, big, listed] = await Promise.all([
    follow(acme, { event: 'DELETE' }),
    follow(acme, { filter: 'body=eq.mine' }),
    follow(acme, { filter: 'n=gte.10,body=neq.x' }),
    follow(acme, { filter: 'body=in.("a,b",mine)' }),
  ]);
  await insert(acme, 'other', 3);
  await insert(acme, 'mine', 9);
  await insert(acme, 'x', 12);
  await insert(acme, 'a,b', 10);
  expect(await mine.next()).toMatchObject({ eventType: 'INSERT', new: { body: 'mine' } });
  expect(await big.next()).toMatchObject({ new: { body: 'a,b', n: 10 } });
  expect(await listed.next()).toMatchObject({ new: { body: 'mine' } });
  expect(await listed.next()).toMatchObject({ new: { body: 'a,b' } });
  await bench.sql("delete from notes where organization_id = $1 and body in ('other', 'mine')", [acme]);
  expect(await mine.next()).toMatchObject({ eventType: 'DELETE' });
  await deletes.next();
  await deletes.next();
  expect(deletes.all.every(({ eventType }) => eventType === 'DELETE')).toBe(true);
  expect(mine.all).toHaveLength(2);
  expect(big.all).toHaveLength(1);
});

test('filters that only PostgreSQL can decide are decided by it', async () => {
  const [pattern, expression, order] = await Promise.all([
    follow(acme, { filter: 'body=ilike.%needle%' }),
    follow(acme, { filter: 'body=not.match.^x' }),
    follow(acme, { filter: 'body=gt.yyy' }),
  ]);
  await insert(acme, 'x marks the Needle');
  await insert(acme, 'zebra');
  expect(await pattern.next()).toMatchObject({ new: { body: 'x marks the Needle' } });
  expect(await expression.next()).toMatchObject({ new: { body: 'zebra' } });
  expect(await order.next()).toMatchObject({ new: { body: 'zebra' } });
});

test.each([
  ['an unknown column', { filter: 'nope=eq.1' }, 'invalid column for filter nope'],
  ['a column that may not be read', { filter: 'secret=eq.hidden' }, 'invalid column for filter secret'],
  ['a value of another type', { filter: 'n=eq.many' }, 'invalid input syntax for type integer'],
  ['a broken pattern', { filter: 'body=match.(' }, 'invalid regular expression'],
  ['an operator that is none', { filter: 'n=almost.1' }, 'Error parsing `filter` params'],
  ['a column to select that may not be read', { select: ['secret'] }, 'invalid column for select secret'],
  ['a table that is not tracked', { table: 'nothing' }, 'Please check Realtime is enabled'],
])('a subscription with %s is answered with a system error', async (_, wish, message) => {
  const client = await bench.client(node, await bench.signIn(acme));
  const system = collect<{ status: string; message: string }>();
  const filter = { event: '*' as const, schema: 'public', table: 'notes', ...wish };
  const channel = client.channel(`wrong-${channels++}`).on('postgres_changes', filter, () => undefined);
  channel.on('system', {}, (event) => system.push(event));
  await subscribed(channel);
  expect(await system.next()).toMatchObject({ status: 'error', message: expect.stringContaining(message) });
});

test('with wait, a subscription that cannot be had refuses the join', async () => {
  const client = await bench.client(node, await bench.signIn(acme));
  const channel = client.channel('waiting', { config: { postgres_changes_options: { wait: true } } });
  channel.on('postgres_changes', { event: '*', schema: 'public', table: 'nothing' }, () => undefined);
  await expect(subscribed(channel)).rejects.toThrow('RealtimeDisabledForConfiguration');
});

test('wildcards follow every tracked table that may be read, and select keeps the key', async () => {
  const client = await bench.client(node, await bench.signIn(acme));
  const events = collect<Change>();
  const everything = client.channel('all').on('postgres_changes', { event: '*', schema: '*' }, (c) => events.push(c));
  await subscribed(everything);
  const selected = await follow(acme, { select: ['body'] });
  await bench.sql("insert into news (title) values ('wild')");
  const { id } = await insert(acme, 'card');
  expect(await events.next()).toMatchObject({ table: 'news' });
  expect(await events.next()).toMatchObject({ table: 'notes' });
  expect((await selected.next()).new).toEqual({ id, body: 'card' });
});

test('one channel with several bindings gets each change once per binding that fits', async () => {
  const client = await bench.client(node, await bench.signIn(acme));
  const [inserts, all] = [collect<Change>(), collect<Change>()];
  const notes = { schema: 'public', table: 'notes' };
  await subscribed(
    client
      .channel('several')
      .on('postgres_changes', { event: 'INSERT', ...notes }, (change) => inserts.push(change))
      .on('postgres_changes', { event: '*', ...notes }, (change) => all.push(change)),
  );
  const { id } = await insert(acme, 'both');
  await bench.sql('update notes set n = 1 where id = $1', [id]);
  expect(await inserts.next()).toMatchObject({ eventType: 'INSERT' });
  expect(await all.next()).toMatchObject({ eventType: 'INSERT' });
  expect(await all.next()).toMatchObject({ eventType: 'UPDATE' });
  expect(inserts.all).toHaveLength(1);
});

test('a row of two megabytes arrives whole; one over the limit arrives with its short columns', async () => {
  const events = await follow(acme);
  const large = 'm'.repeat(2 * 1024 * 1024);
  await insert(acme, large, 1);
  const whole = await events.next();
  expect(whole).toMatchObject({ eventType: 'INSERT', errors: null });
  expect('body' in whole.new && whole.new.body === large).toBe(true);
  const { id } = await insert(acme, 'm'.repeat(5 * 1024 * 1024), 2);
  const cut = await events.next();
  expect(cut).toMatchObject({ new: { id, n: 2 }, errors: ['Error 413: Payload Too Large'] });
  expect(cut.new).not.toHaveProperty('body');
});

test('many rows of one statement and of many transactions arrive completely and, per row, in order', async () => {
  const events = await follow(acme, { filter: 'body=eq.bulk' });
  await bench.sql("insert into notes (organization_id, body, n) select $1, 'bulk', 0 from generate_series(1, 1300)", [
    acme,
  ]);
  for (let i = 0; i < 1300; i++) await events.next();
  const [row] = await bench.sql("select id from notes where body = 'bulk' limit 1");
  await Promise.all(Array.from({ length: 40 }, () => bench.sql('update notes set n = n + 1 where id = $1', [row?.id])));
  const seen: unknown[] = [];
  for (let i = 0; i < 40; i++) {
    const change = await events.next();
    seen.push('n' in change.new ? change.new.n : undefined);
  }
  expect(seen).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
});

test('what signed-in users write themselves is recorded, though they may not see the records', async () => {
  await bench.sql(`
    grant insert on public.notes to authenticated;
    create policy write_own on public.notes for insert to authenticated with check (true)`);
  const events = await follow(acme);
  const principal = { role: 'authenticated', claims: { organization_id: acme } };
  const text = "insert into notes (organization_id, body) values ($1, 'written by a user')";
  await runAs(bench.database.requests, principal, [{ text, values: [acme] }]);
  expect(await events.next()).toMatchObject({ new: { body: 'written by a user' } });
  const peek = runAs(bench.database.requests, principal, [{ text: 'select * from realtime.changes' }]);
  await expect(peek).rejects.toThrow('permission denied');
});

test('a transaction that is rolled back tells nothing', async () => {
  const events = await follow(acme);
  const client = await bench.database.owner.connect();
  await client.query('begin');
  await client.query("insert into notes (organization_id, body) values ($1, 'undone')", [acme]);
  await client.query('rollback');
  client.release();
  await insert(acme, 'done');
  expect(await events.next()).toMatchObject({ new: { body: 'done' } });
});

test('a transaction that began early and commits late is not skipped, and holds up nobody', async () => {
  const events = await follow(acme);
  const slow = await bench.database.owner.connect();
  await slow.query('begin');
  await slow.query("insert into notes (organization_id, body) values ($1, 'slow')", [acme]);
  await insert(acme, 'fast');
  expect(await events.next()).toMatchObject({ new: { body: 'fast' } });
  await slow.query('commit');
  slow.release();
  expect(await events.next()).toMatchObject({ new: { body: 'slow' } });
});

test('keys of several columns, keys beyond 2^53 and full replica identity work', async () => {
  await bench.sql(`
    create table public.pairs (b bigint, a text, note text, primary key (a, b));
    alter table public.pairs replica identity full;
    alter table public.pairs enable row level security;
    grant select on public.pairs to authenticated;
    create policy all_a on public.pairs for select to authenticated using (a = 'seen');
    select realtime.track('public.pairs')`);
  const events = await follow(acme, { table: 'pairs' });
  await bench.sql("insert into pairs values (9007199254740993, 'unseen', 'x'), (9007199254740993, 'seen', 'x')");
  expect(await events.next()).toMatchObject({ eventType: 'INSERT', new: { a: 'seen' } });
  await bench.sql("update pairs set note = 'y', b = 1 where a = 'seen'");
  expect(await events.next()).toMatchObject({
    eventType: 'UPDATE',
    new: { b: 1, note: 'y' },
    old: { a: 'seen', note: 'x' },
  });
  await bench.sql('delete from pairs');
  const deleted = await events.next();
  expect(deleted.old).toEqual({ a: 'seen', b: 1 });
  await bench.sql("select realtime.untrack('public.pairs')");
  await bench.sql("insert into pairs values (2, 'seen', 'x')");
  await insert(acme, 'still');
  expect(events.all).toHaveLength(3);
});

test('a deleted row is judged by policies that look at other tables, as they stand', async () => {
  await bench.sql(`
    create table public.rooms (id int primary key, organization_id uuid);
    create table public.lines (id int primary key, room_id int, body text);
    alter table public.lines enable row level security;
    grant select on public.rooms, public.lines to authenticated;
    create policy by_room on public.lines for select to authenticated using (exists (
      select from public.rooms where rooms.id = lines.room_id
      and rooms.organization_id = (current_setting('request.jwt.claims')::jsonb ->> 'organization_id')::uuid));
    select realtime.track('public.lines');
    insert into rooms values (1, '${acme}'), (2, '${globex}');`);
  const [ours, theirs] = await Promise.all([follow(acme, { table: 'lines' }), follow(globex, { table: 'lines' })]);
  await bench.sql("insert into lines values (10, 1, 'a'), (20, 2, 'b')");
  await ours.next();
  await theirs.next();
  await bench.sql('delete from lines');
  expect((await ours.next()).old).toEqual({ id: 10 });
  expect((await theirs.next()).old).toEqual({ id: 20 });
  expect([ours.all.length, theirs.all.length]).toEqual([2, 2]);
});

test('version 1.0.0 of the protocol gets the same', async () => {
  const client = await bench.client(node, await bench.signIn(acme), '1.0.0');
  const events = collect<Change>();
  const notes = { event: '*' as const, schema: 'public', table: 'notes' };
  await subscribed(client.channel('old').on('postgres_changes', notes, (change) => events.push(change)));
  await insert(acme, 'version one');
  expect(await events.next()).toMatchObject({ eventType: 'INSERT', new: { body: 'version one' } });
});

test('with a tenant column, rows are offered to their own tenant only, and to those who have none', async () => {
  const asked: unknown[] = [];
  const tenanted = await bench.startNode({
    tenant: {
      column: 'organization_id',
      async of({ claims }) {
        asked.push(claims.organization_id);
        return typeof claims.organization_id === 'string' ? claims.organization_id : undefined;
      },
    },
  });
  const listen = async (token: string) => {
    const client = await bench.client(tenanted, token);
    const events = collect<Change>();
    const notes = { event: '*' as const, schema: 'public', table: 'notes' };
    await subscribed(client.channel('tenants').on('postgres_changes', notes, (change) => events.push(change)));
    return events;
  };
  const ours = await listen(await bench.signIn(acme));
  const theirs = await listen(await bench.signIn(globex));
  const everybody = await listen(await bench.tokens.sign({ role: 'service_role' }, { expiresIn: 60 }));
  const { id } = await insert(acme, 'a');
  await insert(globex, 'g');
  expect(await ours.next()).toMatchObject({ new: { body: 'a' } });
  expect(await theirs.next()).toMatchObject({ new: { body: 'g' } });
  // The service role may read every column.
  expect(await everybody.next()).toMatchObject({ new: { body: 'a', secret: 'hidden' } });
  expect(await everybody.next()).toMatchObject({ new: { body: 'g' } });
  await bench.sql('delete from notes where id = $1', [id]);
  expect(await ours.next()).toMatchObject({ eventType: 'DELETE', old: { id } });
  expect(await everybody.next()).toMatchObject({ eventType: 'DELETE', old: { id } });
  expect(theirs.all).toHaveLength(1);
  expect(asked).toEqual([acme, globex, undefined]);
});

test('one subscriber whose policies fail takes nothing from the others', async () => {
  await bench.sql(`
    create table public.fragile (id int primary key, organization_id uuid);
    alter table public.fragile enable row level security;
    grant select on public.fragile to authenticated;
    create policy own on public.fragile for select to authenticated using (
      organization_id = (current_setting('request.jwt.claims')::jsonb ->> 'broken_or_organization')::uuid);
    select realtime.track('public.fragile')`);
  const claims = { broken_or_organization: 'no uuid' };
  const listen = async (token: string) => {
    const client = await bench.client(node, token);
    const events = collect<Change>();
    const fragile = { event: '*' as const, schema: 'public', table: 'fragile' };
    await subscribed(client.channel('fragile').on('postgres_changes', fragile, (change) => events.push(change)));
    return events;
  };
  const broken = await listen(await bench.signIn(acme, { claims }));
  const sound = await listen(await bench.signIn(acme, { claims: { broken_or_organization: acme } }));
  const late = await listen(await bench.signIn(acme, { claims: { broken_or_organization: acme, device: 2 } }));
  await bench.sql('insert into fragile values (1, $1)', [acme]);
  expect(await sound.next()).toMatchObject({ new: { id: 1 } });
  expect(await late.next()).toMatchObject({ new: { id: 1 } });
  expect(broken.all).toHaveLength(0);
});

test('the node tells how it is doing', async () => {
  const stats = node.realtime.stats();
  expect(stats.sockets).toBeGreaterThan(10);
  expect(stats.bindings).toBeGreaterThan(10);
  expect(stats.changeDeliveries).toBeGreaterThan(1_000);
  expect(stats.lagP95).toBeGreaterThan(0);
  await node.realtime.check();
  for (const gauge of realtimeGauges(node.realtime)) {
    const [read] = await gauge.read();
    expect(read?.value, gauge.name).toEqual(expect.any(Number));
  }
});
