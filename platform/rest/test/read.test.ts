import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFestival, type Festival, type FestivalServer, serve } from './festivalServer.ts';

let festival: Festival;
let server: FestivalServer;
beforeAll(async () => {
  festival = await createFestival();
  server = await serve(festival);
});
afterAll(async () => {
  await server.close();
  await festival.close();
});

const get = async (path: string): Promise<unknown> => {
  const { status, json, text } = await server.call(`GET ${path}`);
  if (status >= 300) throw new Error(`${status} ${text}`);
  return json;
};
const titles = async (query: string): Promise<unknown> => {
  const rows = await get(`/films?select=id&order=id&${query}`);
  return Array.isArray(rows) ? rows.map((row: { id: number }) => row.id) : rows;
};

describe('select', () => {
  test('gives the columns asked for, under the names asked for', async () => {
    expect(await get('/films?select=id,name:title,year&id=eq.1')).toEqual([
      { id: 1, name: 'Cairo Station', year: 1958 },
    ]);
  });
  test('reaches into json and casts', async () => {
    expect(
      await get(
        '/films?select=details->lang,details->>length,l:details->length::text,details->awards->0->>name,year::text&id=eq.1',
      ),
    ).toEqual([{ lang: 'ar', length: '77', l: '77', name: 'Bear', year: '1958' }]);
  });
  test('reaches into composite values and arrays', async () => {
    expect(await get('/films?select=price->>currency,tags->0&id=eq.1')).toEqual([{ currency: 'EGP', tags: 'classic' }]);
  });
  test('shows computed columns', async () => {
    expect(await get('/films?select=full_title&id=eq.1')).toEqual([{ full_title: 'Cairo Station (1958)' }]);
  });
  test('takes any name that is quoted', async () => {
    expect(await get('/Odd%20%22names?select=%22a,b.c%22,select,ünï&id=eq.1')).toEqual([
      { 'a,b.c': 'comma', select: 'keyword', ünï: 'Ünicode' },
    ]);
  });
  test('shows a domain as its cast to json says', async () => {
    expect(await get('/paints?order=id')).toEqual([
      { id: 1, shade: '#0000FF' },
      { id: 2, shade: '#FF0000' },
    ]);
    expect(await get('/paints?shade=eq.%23FF0000&select=id')).toEqual([{ id: 2 }]);
    expect(await get('/paints?shade=in.(%23FF0000,%230000FF)&select=id&order=id')).toEqual([{ id: 1 }, { id: 2 }]);
  });
});

describe('filters', () => {
  test.each([
    ['id=eq.1', [1]],
    ['id=neq.1', [2, 3, 4, 5, 6]],
    ['year=gt.1969', [4, 5]],
    ['year=gte.1969', [2, 4, 5]],
    ['year=lt.1962', [1]],
    ['year=lte.1962', [1, 3]],
    ['title=like.*Station', [1]],
    ['title=like.*station', []],
    ['title=ilike.*STATION*', [1]],
    ['title=match.^C', [1, 3]],
    ['title=imatch.^c', [1, 3]],
    ['id=in.(1,3,99)', [1, 3]],
    ['id=in.()', []],
    ['title=in.("Ran","The Land")', [2, 5]],
    ['id=not.in.(1,2)', [3, 4, 5, 6]],
    ['year=is.null', [6]],
    ['year=not.is.null', [1, 2, 3, 4, 5]],
    ['year=is.not_null', [1, 2, 3, 4, 5]],
    ['released=is.true', [1, 2, 3]],
    ['released=is.false', [5]],
    ['released=is.unknown', [4, 6]],
    ['year=isdistinct.1958', [2, 3, 4, 5, 6]],
    ['tags=cs.{classic,train}', [1]],
    ['tags=cd.{classic,train}', [1, 2, 5, 6]],
    ['tags=ov.{paris,documentary}', [3, 4]],
    ['details=cs.{"lang":"fr"}', [3, 4]],
    ['shown=sl.[2026-02-15,2026-03-15)', [1]],
    ['shown=sr.[2026-01-01,2026-02-01)', [2, 3]],
    ['shown=nxr.[2026-01-01,2026-02-15)', [1]],
    ['shown=nxl.[2026-02-01,2026-02-15)', [2, 3]],
    ['shown=adj.[2026-02-01,2026-03-01)', [1, 3]],
    ['plot_words=fts.seller', [1]],
    ['plot=fts(english).peasant', [2]],
    ['plot=plfts.singer waits', [3]],
    ['plot=phfts(english).road trip', [4]],
    ['plot_words=wfts.love -newspaper or trip', [4]],
    ['plot_words=not.fts.seller', [2, 3, 4, 5, 6]],
    ['id=eq(any).{1,2}', [1, 2]],
    ['title=like(any).{C*,R*}', [1, 3, 5]],
    ['title=ilike(all).{*c*,*7}', [3]],
    ['id=gt(all).{3,4}', [5, 6]],
    ['or=(id.eq.1,and(year.gt.1960,year.lt.1965))', [1, 3]],
    ['or=(id.eq.1,not.and(year.gt.1960,year.lt.2020))', [1]],
    ['and=(id.gt.1,id.lt.4)', [2, 3]],
    ['not.or=(id.eq.1,id.eq.2)', [3, 4, 5, 6]],
    ['or=(title.in.("Ran",Untitled),id.is.null)', [5, 6]],
    ['or=(tags.cs.{classic,train},tags.ov.{documentary})', [1, 4]],
    ['details->>lang=eq.fr', [3, 4]],
    ['details->>length=gt.100', [1, 2, 3]],
    ['details->awards->0->>year=eq.1958', [1]],
    ['or=(details->>lang.is.null,details->>lang.eq.en)', [5, 6]],
    ['price->>currency=eq.EGP', [1, 2]],
    ['mood=eq.bright', [3, 4]],
    ['title=eq.Cleo from 5 to 7', [3]],
    ['full_title=eq.Ran (1985)', [5]],
    ['details->>note=like.100%25*', [6]],
  ])('%s', async (query, expected) => {
    const written = query.replaceAll('"', '%22').replaceAll('{', '%7B').replaceAll('}', '%7D').replaceAll('^', '%5E');
    expect(await titles(written)).toEqual(expected);
  });
  test('text that looks like SQL is only text', async () => {
    expect(await get(`/films?title=eq.${encodeURIComponent(`'; drop table festival.films; --`)}`)).toEqual([]);
    const [row] = [await get(`/films?select=${encodeURIComponent(`details->>"a' or 1=1 --"`)}&id=eq.1`)].flat();
    expect(row).toEqual({ "a' or 1=1 --": null });
    expect(await titles('id=gt.0')).toHaveLength(6);
  });
});

describe('order, range and count', () => {
  test('orders by several terms, with nulls where asked', async () => {
    expect(await get('/films?select=id&order=year.desc.nullslast,id')).toEqual(
      [4, 5, 2, 3, 1, 6].map((id) => ({ id })),
    );
    expect(await get('/films?select=id&order=year.nullsfirst&limit=2')).toEqual([{ id: 6 }, { id: 1 }]);
    expect(await get('/films?select=id&order=details->>lang.asc.nullslast,id.desc&limit=2')).toEqual([
      { id: 2 },
      { id: 1 },
    ]);
  });
  test('orders by a column of a to-one embed', async () => {
    const rows = await get('/films?select=id,directors(name)&order=directors(name).asc.nullslast,id&id=lt.6');
    expect(rows).toMatchObject([{ id: 1 }, { id: 2 }, { id: 5 }, { id: 3 }, { id: 4 }]);
    const refused = await server.call('GET /directors?select=id,films(id)&order=films(id)');
    expect(refused.json).toMatchObject({
      code: 'PGRST118',
      message: "A related order on 'films' is not possible",
      details: "'directors' and 'films' do not form a many-to-one or one-to-one relationship",
    });
  });
  test('limit and offset choose rows, and the answer tells which', async () => {
    const page = await server.call('GET /films?select=id&order=id&limit=2&offset=1');
    expect(page.json).toEqual([{ id: 2 }, { id: 3 }]);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-range')).toBe('1-2/*');
    expect(page.headers.get('content-location')).toBe('/films?limit=2&offset=1&order=id&select=id');
    const long = await server.call(`GET /films?select=id&id=in.(1,${'9,'.repeat(3000)}2)&order=id`);
    expect([long.json, long.headers.get('content-location')]).toEqual([[{ id: 1 }, { id: 2 }], null]);
  });
  test('a Range header chooses rows too, and both together the rows in both', async () => {
    const some = await server.call('GET /films?select=id&order=id', { headers: { range: '1-3' } });
    expect(some.json).toEqual([{ id: 2 }, { id: 3 }, { id: 4 }]);
    const both = await server.call('GET /films?select=id&order=id&limit=2&offset=2', { headers: { range: '0-9' } });
    expect(both.json).toEqual([{ id: 3 }, { id: 4 }]);
    const upsideDown = await server.call('GET /films', { headers: { range: '5-1' } });
    expect(upsideDown.status).toBe(416);
    expect(upsideDown.json).toEqual({
      code: 'PGRST103',
      details: 'The lower boundary must be lower than or equal to the upper boundary in the Range header.',
      hint: null,
      message: 'Requested range not satisfiable',
    });
  });
  test('an exact count makes partial answers 206 and offsets beyond the end 416', async () => {
    const prefer = { prefer: 'count=exact' };
    const part = await server.call('GET /films?select=id&limit=2', { headers: prefer });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, '0-1/6']);
    expect(part.headers.get('preference-applied')).toBe('count=exact');
    const whole = await server.call('GET /films?select=id', { headers: prefer });
    expect([whole.status, whole.headers.get('content-range')]).toEqual([200, '0-5/6']);
    const none = await server.call('GET /films?select=id&id=eq.99', { headers: prefer });
    expect([none.status, none.headers.get('content-range'), none.json]).toEqual([200, '*/0', []]);
    const beyond = await server.call('GET /films?select=id&offset=50', { headers: prefer });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, '*/6']);
    expect(beyond.json).toMatchObject({
      code: 'PGRST103',
      details: 'An offset of 50 was requested, but there are only 6 rows.',
    });
  });
  test('limit=0 gives nothing but the count', async () => {
    const none = await server.call('GET /films?limit=0', { headers: { prefer: 'count=exact' } });
    expect([none.status, none.json, none.headers.get('content-range')]).toEqual([206, [], '*/6']);
    expect((await server.call('GET /films?limit=-1')).json).toMatchObject({
      details: 'Limit should be greater than or equal to zero.',
    });
  });
  test('planned and estimated counts ask the planner', async () => {
    await festival.database.owner.query('analyze festival.films');
    const planned = await server.call('GET /films?select=id&limit=1', { headers: { prefer: 'count=planned' } });
    expect([planned.status, planned.headers.get('content-range')]).toEqual([206, '0-0/6']);
    const estimated = await server.call('GET /films?select=id&limit=1&id=gt.1', {
      headers: { prefer: 'count=estimated' },
    });
    expect(estimated.headers.get('content-range')).toBe('0-0/5');
  });
  test('HEAD has the headers of GET and no body', async () => {
    const head = await server.call('HEAD /films?limit=2', { headers: { prefer: 'count=exact' } });
    expect([head.status, head.text, head.headers.get('content-range')]).toEqual([206, '', '0-1/6']);
  });
  test('counts only rows that an inner embed leaves', async () => {
    const counted = await server.call(
      'GET /films?select=id,roles!inner(character)&roles.character=not.is.null&limit=1',
      {
        headers: { prefer: 'count=exact' },
      },
    );
    expect(counted.headers.get('content-range')).toBe('0-0/3');
  });
});

describe('forms of the answer', () => {
  test('one object, when there is exactly one row', async () => {
    const accept = { accept: 'application/vnd.pgrst.object+json' };
    const one = await server.call('GET /films?select=id&id=eq.1', { headers: accept });
    expect([one.json, one.headers.get('content-type')]).toEqual([
      { id: 1 },
      'application/vnd.pgrst.object+json; charset=utf-8',
    ]);
    const many = await server.call('GET /films', { headers: accept });
    expect([many.status, many.json]).toEqual([
      406,
      {
        code: 'PGRST116',
        details: 'The result contains 6 rows',
        hint: null,
        message: 'Cannot coerce the result to a single JSON object',
      },
    ]);
  });
  test('without nulls', async () => {
    const array = await server.call('GET /films?select=id,year&id=eq.6', {
      headers: { accept: 'application/vnd.pgrst.array+json;nulls=stripped' },
    });
    expect([array.json, array.headers.get('content-type')]).toEqual([
      [{ id: 6 }],
      'application/vnd.pgrst.array+json;nulls=stripped; charset=utf-8',
    ]);
    const object = await server.call('GET /films?select=id,year&id=eq.6', {
      headers: { accept: 'application/vnd.pgrst.object+json;nulls=stripped' },
    });
    expect(object.json).toEqual({ id: 6 });
  });
  test('CSV', async () => {
    const csv = await server.call('GET /films?select=id,title,released&order=id&id=in.(1,6)', {
      headers: { accept: 'text/csv' },
    });
    expect(csv.text).toBe('id,title,released\n1,"Cairo Station",t\n6,Untitled,');
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  });
  test('the most wanted form that there is', async () => {
    const negotiated = await server.call('GET /films?select=id&id=eq.1', {
      headers: { accept: 'application/xml, text/csv;q=0.5, application/json;q=0.9' },
    });
    expect(negotiated.json).toEqual([{ id: 1 }]);
    const none = await server.call('GET /films', { headers: { accept: 'application/xml, image/png' } });
    expect([none.status, none.json]).toMatchObject([
      406,
      { code: 'PGRST107', message: 'None of these media types are available: application/xml, image/png' },
    ]);
  });
  test('what a handler in the database makes of a table', async () => {
    const made = await server.call('GET /films?order=id&id=lt.3', { headers: { accept: 'application/x-titles' } });
    expect([made.text, made.headers.get('content-type')]).toEqual(['Cairo Station|The Land', 'application/x-titles']);
    const partly = await server.call('GET /films?select=id', { headers: { accept: 'application/x-titles' } });
    expect(partly.status).toBe(406);
  });
});

describe('beyond the dialect', () => {
  test('a value that is the name of a column is that column where it cannot be a constant', async () => {
    const open = await serve(festival, { columnOperands: true });
    const ids = async (query: string) => (await open.call(`GET /films?select=id&order=id&${query}`)).json;
    expect(await ids('or=(id.gte.director_id)')).toEqual([1, 2, 3, 4, 5].map((id) => ({ id })));
    expect(await ids('id=eq.director_id')).toEqual([{ id: 1 }]);
    expect(await ids('title=eq.plot')).toEqual([]);
    expect(await ids('id=eq.nope')).toMatchObject({ code: '22P02' });
    await open.close();
    expect((await server.call('GET /films?id=eq.director_id')).status).toBe(400);
  });
});

describe('names that are not there', () => {
  test('a table, with a suggestion', async () => {
    const { status, json } = await server.call('GET /flims');
    expect([status, json]).toEqual([
      404,
      {
        code: 'PGRST205',
        details: null,
        hint: null,
        message: "Could not find the table 'festival.flims' in the schema cache",
      },
    ]);
    expect((await server.call('GET /filmss')).json).toMatchObject({
      hint: "Perhaps you meant the table 'festival.films'",
    });
  });
  test('a column, in the words of PostgreSQL', async () => {
    expect((await server.call('GET /films?select=nope')).json).toEqual({
      code: '42703',
      details: null,
      hint: null,
      message: 'column films.nope does not exist',
    });
  });
  test('an operator, a path, a method', async () => {
    expect((await server.call('GET /films?id=1')).json).toEqual({
      code: 'PGRST100',
      details: 'unexpected "1" expecting "not" or operator (eq, gt, ...)',
      hint: null,
      message: '"failed to parse filter (1)" (line 1, column 1)',
    });
    expect((await server.call('GET /films/1/2')).json).toMatchObject({ code: 'PGRST125' });
    expect((await server.call('PUT /rpc/hello')).json).toMatchObject({ code: 'PGRST101' });
  });
  test('values of the wrong type', async () => {
    const { status, json } = await server.call('GET /films?id=eq.one');
    expect([status, json]).toEqual([
      400,
      { code: '22P02', details: null, hint: null, message: 'invalid input syntax for type integer: "one"' },
    ]);
  });
});
