import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Call, createFestival, type Festival, type FestivalServer, serve } from './festivalServer.ts';

let festival: Festival;
let server: FestivalServer;
beforeAll(async () => {
  festival = await createFestival();
  server = await serve(festival, { txEnd: 'commit-allow-override' });
});
afterAll(async () => {
  await server.close();
  await festival.close();
});

/** Every test starts from the same rows: its writes are rolled back, unless it says otherwise. */
const full = { prefer: 'return=representation, tx=rollback' };
const write = (line: string, body?: unknown, call: Call = {}) =>
  server.call(line, { body, ...call, headers: { ...full, ...call.headers } });
const prefer = (more: string) => ({ headers: { prefer: `${full.prefer}, ${more}` } });

describe('insert', () => {
  test('one row gives 201 and nothing else', async () => {
    const made = await server.call('POST /venues', { body: { name: 'Metro' }, headers: { prefer: 'tx=rollback' } });
    expect([made.status, made.text, made.headers.get('content-range'), made.headers.get('location')]).toEqual([
      201,
      '',
      '*/*',
      null,
    ]);
  });
  test('gives the row back when asked to, with embeds', async () => {
    const made = await write('POST /films?select=title,mood,directors(name)', { title: 'Gare', director_id: 1 });
    expect([made.status, made.json]).toEqual([201, [{ title: 'Gare', mood: 'calm', directors: { name: 'Chahine' } }]]);
    expect(made.headers.get('preference-applied')).toBe('return=representation, tx=rollback');
  });
  test('tells where the row is', async () => {
    const made = await server.call('POST /tickets', {
      body: { code: 'B 1', holder: 'x' },
      headers: { prefer: 'return=headers-only, tx=rollback' },
    });
    expect([made.status, made.text, made.headers.get('location')]).toEqual([201, '', '/tickets?code=eq.B%201']);
    const pair = await server.call('POST /pairs', {
      body: { x: 5, y: 6 },
      headers: { prefer: 'return=headers-only, tx=rollback' },
    });
    expect(pair.headers.get('location')).toBe('/pairs?x=eq.5&y=eq.6');
  });
  test('many rows at once, all with the same keys', async () => {
    const made = await write('POST /venues?select=name,city', [
      { name: 'a', city: 'x' },
      { city: 'y', name: 'b' },
    ]);
    expect(made.json).toEqual([
      { name: 'a', city: 'x' },
      { name: 'b', city: 'y' },
    ]);
    const mixed = await write('POST /venues', [{ name: 'a' }, { name: 'b', city: 'y' }]);
    expect([mixed.status, mixed.json]).toMatchObject([
      400,
      { code: 'PGRST102', message: 'All object keys must match' },
    ]);
  });
  test('columns= takes some keys and ignores the rest', async () => {
    const made = await write('POST /venues?columns=name&select=name,city', [
      { name: 'a', city: 'x', other: 1 },
      { name: 'b' },
    ]);
    expect(made.json).toEqual([
      { name: 'a', city: 'Cairo' },
      { name: 'b', city: 'Cairo' },
    ]);
  });
  test('missing=default fills what a row leaves out', async () => {
    const rows = [{ code: 'x' }, { code: 'y', price: 3 }];
    const made = await write(
      'POST /tickets?columns=code,price,paid&select=code,price,paid',
      rows,
      prefer('missing=default'),
    );
    expect(made.json).toEqual([
      { code: 'x', price: 10.5, paid: false },
      { code: 'y', price: 3, paid: false },
    ]);
    expect(made.headers.get('preference-applied')).toContain('missing=default');
    expect((await write('POST /tickets?columns=code,paid', rows)).json).toMatchObject({ code: '23502' });
  });
  test('no rows, and a row of defaults', async () => {
    expect((await write('POST /venues', [])).json).toEqual([]);
    expect((await write('POST /no_key', {})).json).toEqual([{ a: null, b: null }]);
    expect((await write('POST /no_key', [{}, {}])).json).toEqual([
      { a: null, b: null },
      { a: null, b: null },
    ]);
  });
  test('CSV and forms', async () => {
    const csv = await write(
      'POST /tickets?select=code,holder,paid',
      'code,holder,paid\nC1,"Mona, and ""Nour""",true\nC2,NULL,f\n',
      {
        headers: { 'content-type': 'text/csv' },
      },
    );
    expect(csv.json).toEqual([
      { code: 'C1', holder: 'Mona, and "Nour"', paid: true },
      { code: 'C2', holder: null, paid: false },
    ]);
    const form = await write('POST /tickets?select=code,holder', 'code=F+1&holder=a%26b', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(form.json).toEqual([{ code: 'F 1', holder: 'a&b' }]);
  });
  test('json, arrays, composites and domains of the body', async () => {
    const body = {
      title: 't',
      tags: ['a', 'b c'],
      details: { x: [1, null] },
      price: { amount: 5, currency: 'USD' },
      shown: '[2026-01-01,2026-01-03)',
    };
    const made = await write('POST /films?select=tags,details,price,shown', body);
    expect(made.json).toEqual([{ tags: body.tags, details: body.details, price: body.price, shown: body.shown }]);
    expect((await write('POST /paints', { id: 9, shade: '#00ff00' })).json).toEqual([{ id: 9, shade: '#00FF00' }]);
  });
  test('bodies that are none', async () => {
    for (const body of ['', '{', '{"a": }', 'nope']) {
      const refused = await write('POST /venues', body);
      expect([refused.status, refused.json]).toMatchObject([
        400,
        { code: 'PGRST102', message: 'Empty or invalid json' },
      ]);
    }
    const typed = await write('POST /venues', '<a/>', { headers: { 'content-type': 'application/xml' } });
    expect(typed.json).toMatchObject({ code: 'PGRST102', message: 'Content-Type not acceptable: application/xml' });
    expect((await write('POST /venues', { nope: 1 })).json).toEqual({
      code: 'PGRST204',
      details: null,
      hint: null,
      message: "Could not find the 'nope' column of 'venues' in the schema cache",
    });
  });
  test('one object back, or nothing written', async () => {
    const accept = { headers: { accept: 'application/vnd.pgrst.object+json', prefer: 'return=representation' } };
    const two = await server.call('POST /venues?select=name', {
      body: [{ name: 'gone' }, { name: 'gone' }],
      ...accept,
    });
    expect([two.status, two.json]).toMatchObject([406, { code: 'PGRST116', details: 'The result contains 2 rows' }]);
    expect((await server.call('GET /venues?name=eq.gone')).json).toEqual([]);
    const one = await write(
      'POST /venues?select=name',
      { name: 'kept' },
      { headers: { ...full, accept: accept.headers.accept } },
    );
    expect(one.json).toEqual({ name: 'kept' });
  });
});

describe('upsert', () => {
  test('merges on the primary key', async () => {
    const both = await write(
      'POST /tickets?select=code,holder',
      [
        { code: 'A1', holder: 'new' },
        { code: 'Z', holder: 'z' },
      ],
      prefer('resolution=merge-duplicates'),
    );
    expect([both.status, both.json]).toEqual([
      201,
      [
        { code: 'A1', holder: 'new' },
        { code: 'Z', holder: 'z' },
      ],
    ]);
    expect(both.headers.get('preference-applied')).toContain('resolution=merge-duplicates');
    const updated = await write(
      'POST /tickets?select=code',
      { code: 'A1', holder: 'new' },
      prefer('resolution=merge-duplicates'),
    );
    expect([updated.status, updated.json]).toEqual([200, [{ code: 'A1' }]]);
  });
  test('of no rows makes none', async () => {
    const none = (resolution: string) => write('POST /actors', [], prefer(`resolution=${resolution}`));
    expect(await none('merge-duplicates')).toMatchObject({ status: 200, json: [] });
    expect(await none('ignore-duplicates')).toMatchObject({ status: 201, json: [] });
  });
  test('ignores duplicates', async () => {
    const made = await write(
      'POST /tickets?select=code',
      [{ code: 'A1' }, { code: 'Z' }],
      prefer('resolution=ignore-duplicates'),
    );
    expect(made.json).toEqual([{ code: 'Z' }]);
  });
  test('on other unique columns', async () => {
    const made = await write(
      'POST /actors?on_conflict=name&select=id,name',
      { name: 'Farid Shawki' },
      prefer('resolution=merge-duplicates'),
    );
    expect(made.json).toEqual([{ id: 2, name: 'Farid Shawki' }]);
    const none = await write('POST /actors?on_conflict=nope', { name: 'x' }, prefer('resolution=merge-duplicates'));
    expect(none.json).toMatchObject({ code: '42703' });
  });
  test('without it a duplicate is a conflict', async () => {
    const { status, json } = await write('POST /tickets', { code: 'A1' });
    expect([status, json]).toEqual([
      409,
      {
        code: '23505',
        details: 'Key (code)=(A1) already exists.',
        hint: null,
        message: 'duplicate key value violates unique constraint "tickets_pkey"',
      },
    ]);
  });
  test('PUT makes or replaces the row that the URL names', async () => {
    const made = await write('PUT /tickets?code=eq.P1&select=code,holder', { code: 'P1', holder: 'p' });
    expect([made.status, made.json]).toEqual([201, [{ code: 'P1', holder: 'p' }]]);
    const replaced = await write('PUT /tickets?code=eq.A1&select=holder', { code: 'A1', holder: 'p' });
    expect([replaced.status, replaced.json]).toEqual([200, [{ holder: 'p' }]]);
    const silent = await server.call('PUT /tickets?code=eq.A1', {
      body: { code: 'A1' },
      headers: { prefer: 'tx=rollback' },
    });
    expect([silent.status, silent.text]).toEqual([204, '']);
  });
  test('PUT refuses what does not name exactly that row', async () => {
    expect((await write('PUT /tickets?code=eq.P1', { code: 'other' })).json).toMatchObject({ code: 'PGRST115' });
    expect((await server.call('GET /tickets?code=eq.other')).json).toEqual([]);
    for (const query of ['', '?holder=eq.x', '?code=gt.A', '?code=eq.A&seat=eq.1', '?or=(code.eq.A)']) {
      expect((await write(`PUT /tickets${query}`, { code: 'A' })).json).toMatchObject({ code: 'PGRST105' });
    }
    expect((await write('PUT /tickets?code=eq.A&limit=1', { code: 'A' })).json).toMatchObject({ code: 'PGRST114' });
    const pair = await write('PUT /pairs?x=eq.1&y=eq.1', { x: 1, y: 1, v: 'new' });
    expect(pair.json).toEqual([{ x: 1, y: 1, v: 'new' }]);
  });
});

describe('update and delete', () => {
  test('change the rows that the filters find', async () => {
    const changed = await write(
      'PATCH /films?id=lt.3&select=id,mood&order=id.desc',
      { mood: 'bright' },
      prefer('count=exact'),
    );
    expect([changed.status, changed.json, changed.headers.get('content-range')]).toEqual([
      200,
      [
        { id: 2, mood: 'bright' },
        { id: 1, mood: 'bright' },
      ],
      '0-1/2',
    ]);
    const silent = await server.call('PATCH /films?id=eq.1', {
      body: { mood: 'calm' },
      headers: { prefer: 'tx=rollback' },
    });
    expect([silent.status, silent.text, silent.headers.get('content-range')]).toEqual([204, '', '0-0/*']);
    const none = await write('PATCH /films?id=eq.99', { mood: 'calm' });
    expect([none.status, none.json, none.headers.get('content-range')]).toEqual([200, [], '*/*']);
  });
  test('with conditions of every kind, and embeds in the answer', async () => {
    const changed = await write(
      'PATCH /films?or=(id.eq.1,and(year.gt.1960,details->>lang.eq.fr))&year=lt.2000&select=id,directors(name),roles(character)&roles.character=like.Ha*&order=id',
      { rating: 1 },
    );
    expect(changed.json).toEqual([
      { id: 1, directors: { name: 'Chahine' }, roles: [{ character: 'Hanuma' }] },
      { id: 3, directors: { name: 'Varda' }, roles: [] },
    ]);
  });
  test('an empty change changes nothing', async () => {
    expect((await write('PATCH /films?id=eq.1&select=id', {})).json).toEqual([]);
    expect((await write('PATCH /films?id=eq.1', { nope: 1 })).json).toMatchObject({ code: 'PGRST204' });
  });
  test('delete gives the rows that it removed', async () => {
    const gone = await write(
      'DELETE /roles?film_id=eq.1&select=character,actors(name)&order=character',
      undefined,
      prefer('count=exact'),
    );
    expect([gone.status, gone.json, gone.headers.get('content-range')]).toEqual([
      200,
      [
        { character: 'Abu Siri', actors: { name: 'Farid Shawki' } },
        { character: 'Hanuma', actors: { name: 'Hind Rostom' } },
      ],
      '*/2',
    ]);
    const silent = await server.call('DELETE /roles?film_id=eq.1', { headers: { prefer: 'tx=rollback' } });
    expect([silent.status, silent.text]).toEqual([204, '']);
  });
  test('one object, or nothing is changed', async () => {
    const refused = await server.call('PATCH /films?id=lt.3', {
      body: { mood: 'bright' },
      headers: { accept: 'application/vnd.pgrst.object+json', prefer: 'return=representation' },
    });
    expect(refused.json).toMatchObject({ code: 'PGRST116', details: 'The result contains 2 rows' });
    expect((await server.call('GET /films?id=lt.3&mood=eq.bright')).json).toEqual([]);
  });
  test('max-affected stops what would change too much', async () => {
    const headers = { prefer: 'handling=strict, max-affected=1' };
    const refused = await server.call('PATCH /films?id=lt.3', { body: { mood: 'bright' }, headers });
    expect([refused.status, refused.json]).toMatchObject([
      400,
      {
        code: 'PGRST124',
        message: 'Query result exceeds max-affected preference constraint',
        details: 'The query affects 2 rows',
      },
    ]);
    expect((await server.call('DELETE /roles', { headers })).json).toMatchObject({ code: 'PGRST124' });
    expect((await server.call('GET /roles?select=character')).json).toHaveLength(5);
    const fine = await server.call('PATCH /films?id=eq.1', { body: { mood: 'tense' }, headers });
    expect([fine.status, fine.headers.get('preference-applied')]).toEqual([204, 'handling=strict, max-affected=1']);
  });
  test('through views that allow it', async () => {
    expect((await write('PATCH /modern_films?id=eq.4&select=title', { title: 'x' })).json).toEqual([{ title: 'x' }]);
    const refused = await write('POST /roster', { title: 'x' });
    expect([refused.status, refused.json]).toMatchObject([405, { code: '55000' }]);
  });
});

describe('preferences', () => {
  test('unknown ones are ignored, or refused when handling is strict', async () => {
    expect((await server.call('GET /films?limit=1', { headers: { prefer: 'foo=bar' } })).status).toBe(200);
    const strict = await server.call('GET /films', { headers: { prefer: 'handling=strict, foo, bar=1' } });
    expect([strict.status, strict.json]).toEqual([
      400,
      {
        code: 'PGRST122',
        details: 'Invalid preferences: foo, bar=1',
        hint: null,
        message: 'Invalid preferences given with handling=strict',
      },
    ]);
  });
  test('a time zone for the answer', async () => {
    const zoned = await server.call('GET /screenings?select=starts_at&id=eq.1', {
      headers: { prefer: 'timezone=Africa/Cairo' },
    });
    expect([zoned.json, zoned.headers.get('preference-applied')]).toEqual([
      [{ starts_at: '2026-05-01T23:00:00+03:00' }],
      'timezone=Africa/Cairo',
    ]);
    const unknown = await server.call('GET /screenings?select=starts_at&id=eq.1', {
      headers: { prefer: 'timezone=Mars/Base' },
    });
    expect([unknown.status, unknown.headers.get('preference-applied')]).toEqual([200, null]);
    const strict = await server.call('GET /screenings', { headers: { prefer: 'handling=strict, timezone=Mars/Base' } });
    expect(strict.json).toMatchObject({ code: 'PGRST122', details: 'Invalid preferences: timezone=Mars/Base' });
  });
  test('tx=rollback undoes, but checks what is deferred', async () => {
    const undone = await write('POST /venues?select=name', { name: 'ghost' });
    expect(undone.status).toBe(201);
    expect((await server.call('GET /venues?name=eq.ghost')).json).toEqual([]);
    const broken = await write('POST /deferred', [
      { id: 1, v: 1 },
      { id: 2, v: 1 },
    ]);
    expect([broken.status, broken.json]).toMatchObject([409, { code: '23505' }]);
    const committed = await server.call('POST /deferred', {
      body: [
        { id: 1, v: 1 },
        { id: 2, v: 1 },
      ],
    });
    expect([committed.status, committed.json]).toMatchObject([409, { code: '23505' }]);
  });
});

describe('rights', () => {
  test('rows of others are neither read nor written', async () => {
    expect((await server.call('GET /diaries?select=text&order=id')).json).toEqual([
      { text: 'dear diary' },
      { text: 'again' },
    ]);
    expect((await server.call('GET /diaries?select=text', { as: { sub: 'nour' } })).json).toEqual([{ text: 'secret' }]);
    expect((await write('PATCH /diaries?owner=eq.nour', { text: 'x' })).json).toEqual([]);
    const forged = await write('POST /diaries', { owner: 'nour', text: 'x' });
    expect([forged.status, forged.json]).toMatchObject([403, { code: '42501' }]);
    expect((await write('POST /diaries?select=owner,text', { text: 'x' })).json).toEqual([
      { owner: 'mona', text: 'x' },
    ]);
  });
  test('a lack of rights is 401 for strangers and 403 for the signed in', async () => {
    const stranger = await server.call('GET /diaries', { as: 'anon' });
    expect([stranger.status, stranger.json, stranger.headers.get('www-authenticate')]).toMatchObject([
      401,
      { code: '42501', message: 'permission denied for table diaries' },
      'Bearer',
    ]);
    expect((await server.call('POST /venues', { as: 'anon', body: { name: 'x' } })).status).toBe(401);
  });
  test('what is written needs no right to read', async () => {
    await festival.database.owner.query(
      'grant insert on festival.diaries to anon; create policy drop_in on festival.diaries for insert to anon with check (true)',
    );
    await festival.database.owner.query('grant usage on sequence festival.diaries_id_seq to anon');
    const dropped = await server.call('POST /diaries', {
      as: 'anon',
      body: { owner: 'box', text: 'x' },
      headers: { prefer: 'tx=rollback' },
    });
    expect(dropped.status).toBe(201);
  });
  test('keys and tokens that are not accepted', async () => {
    const bare = await fetch(`${server.url}/rest/v1/films`);
    expect([bare.status, await bare.json()]).toEqual([
      401,
      { message: 'No API key found in request', hint: 'No `apikey` request header or url param was found.' },
    ]);
    const byQuery = await fetch(`${server.url}/rest/v1/films?select=id&limit=1&apikey=${server.anonKey}`);
    expect(byQuery.status).toBe(200);
    const forged = await server.call('GET /films', {
      headers: { authorization: `Bearer ${server.anonKey.slice(0, -3)}abc` },
    });
    expect([forged.status, forged.json]).toMatchObject([
      401,
      { code: 'PGRST301', message: 'No suitable key or wrong key type' },
    ]);
  });
});

describe('limits', () => {
  test('nesting that the server cannot follow is the fault of the request', async () => {
    const nested = '['.repeat(20_000) + ']'.repeat(20_000);
    const body = `{"title":"x","details":${nested}}`;
    expect(await write('POST /films', body)).toMatchObject({ status: 400, json: { code: '54001' } });
    expect(await write('POST /films?columns=title,details', body)).toMatchObject({ status: 400 });
    expect(await write('PATCH /films?id=eq.1', body)).toMatchObject({ status: 400 });
    const deep = `GET /films?tags=cs.${'{'.repeat(50)}${'}'.repeat(50)}`;
    expect(await server.call(deep)).toMatchObject({ status: 400, json: { code: '54000' } });
    const recursion = await server.call('POST /rpc/endless', { body: { n: 1 } });
    expect(recursion).toMatchObject({ status: 500, json: { code: '54001' } });
  });
  test('a body over the limit is refused', async () => {
    const small = await serve(festival, { bodyLimit: 1000 });
    const refused = await small.call('POST /venues', { body: { name: 'x'.repeat(2000) } });
    expect([refused.status, refused.json]).toMatchObject([413, { code: 'PAYLOAD_TOO_LARGE' }]);
    await small.close();
  });
  test('rows of an answer and of every embed', async () => {
    const small = await serve(festival, { maxRows: 2 });
    const rows = await small.call('GET /films?select=id&order=id', { headers: { prefer: 'count=exact' } });
    expect([rows.json, rows.status, rows.headers.get('content-range')]).toEqual([[{ id: 1 }, { id: 2 }], 206, '0-1/6']);
    expect((await small.call('GET /films?select=id&order=id&limit=1')).json).toEqual([{ id: 1 }]);
    expect((await small.call('GET /films?select=id&order=id&limit=5')).json).toHaveLength(2);
    const embedded = await small.call(
      'GET /venues?select=name,screenings!screenings_main_venue_fkey(id)&screenings.limit=9&id=eq.1',
    );
    expect(embedded.json).toEqual([
      { name: 'Opera', screenings: [{ id: expect.any(Number) }, { id: expect.any(Number) }] },
    ]);
    const estimated = await small.call('GET /films?select=id', { headers: { prefer: 'count=estimated' } });
    expect(estimated.headers.get('content-range')).toMatch(/^0-1\/\d+$/);
    await small.close();
  });
  test('path ids are a short form when switched on', async () => {
    expect((await server.call('GET /films/1')).json).toMatchObject({ code: 'PGRST125' });
    const short = await serve(festival, { pathIds: true, txEnd: 'commit-allow-override' });
    expect((await short.call('GET /films/1?select=title')).json).toEqual([{ title: 'Cairo Station' }]);
    const changed = await short.call('PATCH /films/1?select=id,rating', { body: { rating: 2 }, headers: full });
    expect(changed.json).toEqual([{ id: 1, rating: 2 }]);
    expect((await short.call('DELETE /films/99')).status).toBe(204);
    await short.close();
  });
});
