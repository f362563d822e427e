/** The official client, unmodified, against the engine. */
import { createClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFestival, type Festival, type FestivalServer, serve } from './festivalServer.ts';

let festival: Festival;
let server: FestivalServer;
/** No generated types: the festival is for tests only. */
const connect = (url: string, key: string, token?: string) =>
  createClient(url, key, {
    auth: { persistSession: false, autoRefreshToken: false },
    db: { schema: 'festival' },
    ...(token === undefined ? {} : { accessToken: async () => token }),
  });
let client: ReturnType<typeof connect>;
let mona: ReturnType<typeof connect>;
beforeAll(async () => {
  festival = await createFestival();
  server = await serve(festival, { schemas: ['festival', 'backstage'], plans: true });
  client = connect(server.url, server.anonKey);
  mona = connect(server.url, server.anonKey, await server.token('mona'));
});
afterAll(async () => {
  await server.close();
  await festival.close();
});

describe('reading', () => {
  test('select with embeds, filters, order and range', async () => {
    const { data, error, count, status } = await client
      .from('films')
      .select('id, title, director:directors!inner(name), roles(character, actors(name))', { count: 'exact' })
      .eq('director.name', 'Chahine')
      .order('year', { ascending: false, nullsFirst: false })
      .order('character', { referencedTable: 'roles' })
      .range(0, 0);
    expect([error, status, count]).toEqual([null, 206, 2]);
    expect(data).toEqual([
      {
        id: 2,
        title: 'The Land',
        director: { name: 'Chahine' },
        roles: [{ character: null, actors: { name: 'Farid Shawki' } }],
      },
    ]);
  });
  test('every filter method', async () => {
    const ids = async (
      change: (query: ReturnType<typeof base>) => PromiseLike<{ data: { id: unknown }[] | null; error: unknown }>,
    ) => {
      const { data, error } = await change(base());
      return error ?? data?.map(({ id }) => id);
    };
    const base = () => client.from('films').select('id').order('id');
    expect(await ids((q) => q.neq('id', 1).gt('id', 1).gte('id', 2).lt('id', 6).lte('id', 5))).toEqual([2, 3, 4, 5]);
    expect(await ids((q) => q.like('title', '%Land').ilike('title', '%land'))).toEqual([2]);
    expect(await ids((q) => q.likeAnyOf('title', ['Ran', 'The%']))).toEqual([2, 5]);
    expect(await ids((q) => q.ilikeAllOf('title', ['%c%', '%7']))).toEqual([3]);
    expect(await ids((q) => q.is('year', null))).toEqual([6]);
    expect(await ids((q) => q.in('title', ['Ran', 'Cleo from 5 to 7', 'a,b']))).toEqual([3, 5]);
    expect(await ids((q) => q.contains('tags', ['classic', 'train']))).toEqual([1]);
    expect(await ids((q) => q.contains('details', { lang: 'fr' }))).toEqual([3, 4]);
    expect(await ids((q) => q.containedBy('tags', ['documentary']))).toEqual([4, 5, 6]);
    expect(await ids((q) => q.overlaps('tags', ['paris', 'train']))).toEqual([1, 3]);
    expect(await ids((q) => q.rangeGt('shown', '[2026-01-01,2026-02-01)'))).toEqual([2, 3]);
    expect(await ids((q) => q.rangeGte('shown', '[2026-02-01,2026-03-01)'))).toEqual([2, 3]);
    expect(await ids((q) => q.rangeLt('shown', '[2026-02-15,2026-03-15)'))).toEqual([1]);
    expect(await ids((q) => q.rangeLte('shown', '[2026-01-01,2026-02-15)'))).toEqual([1]);
    expect(await ids((q) => q.rangeAdjacent('shown', '[2026-02-01,2026-03-01)'))).toEqual([1, 3]);
    expect(await ids((q) => q.textSearch('plot', 'peasants', { type: 'websearch', config: 'english' }))).toEqual([2]);
    expect(await ids((q) => q.match({ id: 1, mood: 'tense' }))).toEqual([1]);
    expect(await ids((q) => q.not('id', 'in', '(1,2,3)'))).toEqual([4, 5, 6]);
    expect(await ids((q) => q.or('id.eq.1,and(year.gt.2000,mood.eq.bright)'))).toEqual([1, 4]);
    expect(await ids((q) => q.filter('details->>lang', 'eq', 'en'))).toEqual([6]);
    expect(await ids((q) => q.limit(2))).toEqual([1, 2]);
  });
  test('single, maybeSingle, csv, head and explain', async () => {
    expect((await client.from('films').select('title').eq('id', 5).single()).data).toEqual({ title: 'Ran' });
    const none = await client.from('films').select().eq('id', 99).single();
    expect(none.error).toMatchObject({ code: 'PGRST116', details: 'The result contains 0 rows' });
    expect(await client.from('films').select().eq('id', 99).maybeSingle()).toMatchObject({ data: null, error: null });
    expect((await client.from('films').select().lt('id', 3).maybeSingle()).error).toMatchObject({ code: 'PGRST116' });
    expect((await client.from('specs').select('film_id,sound').order('film_id').csv()).data).toBe(
      'film_id,sound\n1,mono\n5,dolby',
    );
    const head = await client.from('films').select('*', { head: true, count: 'exact' });
    expect([head.data, head.count]).toEqual([null, 6]);
    expect((await client.from('films').select('id').eq('id', 1).explain()).data).toContain('Aggregate');
  });
  test('errors come with code, details and hint', async () => {
    const { error, status } = await client.from('filmz').select();
    expect([status, error]).toMatchObject([
      404,
      { code: 'PGRST205', hint: "Perhaps you meant the table 'festival.films'" },
    ]);
  });
  test('another schema', async () => {
    expect((await mona.schema('backstage').from('passes').select('name')).data).toEqual([{ name: 'crew' }]);
  });
  test('an aborted call rejects as the client says', async () => {
    const abort = new AbortController();
    const asked = mona.rpc('slow', { seconds: 30 }).abortSignal(abort.signal);
    setImmediate(() => abort.abort());
    expect((await asked).error?.message).toContain('AbortError');
  });
});

describe('writing', () => {
  test('insert, update, upsert and delete', async () => {
    const made = await mona
      .from('tickets')
      .insert([{ code: 'S1', holder: 'a' }, { code: 'S2' }])
      .select('code, holder, paid');
    expect([made.status, made.data]).toEqual([
      201,
      [
        { code: 'S1', holder: 'a', paid: false },
        { code: 'S2', holder: null, paid: false },
      ],
    ]);
    const one = await mona.from('tickets').update({ paid: true }).eq('code', 'S1').select().single();
    expect(one.data).toMatchObject({ code: 'S1', paid: true });
    const merged = await mona
      .from('tickets')
      .upsert([
        { code: 'S1', holder: 'b' },
        { code: 'S3', holder: 'c' },
      ])
      .select('code,holder,paid');
    expect(merged.data).toEqual([
      { code: 'S1', holder: 'b', paid: true },
      { code: 'S3', holder: 'c', paid: false },
    ]);
    const kept = await mona
      .from('tickets')
      .upsert({ code: 'S1', holder: 'z' }, { onConflict: 'code', ignoreDuplicates: true })
      .select();
    expect(kept.data).toEqual([]);
    const gone = await mona.from('tickets').delete({ count: 'exact' }).like('code', 'S%');
    expect([gone.status, gone.count, gone.error]).toEqual([204, 3, null]);
  });
  test('defaults for what rows leave out', async () => {
    const made = await mona
      .from('tickets')
      .insert([{ code: 'D1' }, { code: 'D2', price: 1 }], { defaultToNull: false })
      .select('code,price,paid');
    expect(made.data).toEqual([
      { code: 'D1', price: 10.5, paid: false },
      { code: 'D2', price: 1, paid: false },
    ]);
  });
  test('rights are the caller’s', async () => {
    expect((await client.from('tickets').insert({ code: 'X' })).error).toMatchObject({ code: '42501' });
    expect((await mona.from('diaries').select('text').order('id')).data).toEqual([
      { text: 'dear diary' },
      { text: 'again' },
    ]);
  });
});

describe('functions', () => {
  test('by POST, by GET, with filters on what they give', async () => {
    expect((await mona.rpc('add', { a: 1, b: 2 })).data).toBe(3);
    expect((await mona.rpc('add', { a: 1 }, { get: true })).data).toBe(11);
    expect((await mona.rpc('films_since', { since: 1960 }).select('title').eq('director_id', 3)).data).toEqual([
      { title: 'Ran' },
    ]);
    expect((await mona.rpc('films_since', { since: 1900 }, { head: true, count: 'exact' })).count).toBe(5);
    expect((await mona.rpc('nothing')).status).toBe(204);
  });
});
