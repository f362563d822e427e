import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFestival, type Festival, type FestivalServer, serve } from './festivalServer.ts';

let festival: Festival;
let server: FestivalServer;
beforeAll(async () => {
  festival = await createFestival();
  server = await serve(festival, { txEnd: 'commit-allow-override', schemas: ['festival', 'backstage'] });
});
afterAll(async () => {
  await server.close();
  await festival.close();
});

const post = async (name: string, body: unknown = {}, headers: Record<string, string> = {}) =>
  await server.call(`POST /rpc/${name}`, { body, headers });
const get = async (path: string) => (await server.call(`GET /rpc/${path}`)).json;

describe('arguments', () => {
  test('by name, from the query or from JSON, with defaults', async () => {
    expect(await get('add?a=1&b=2')).toBe(3);
    expect(await get('add?a=1')).toBe(11);
    expect((await post('add', { a: 1, b: 2 })).json).toBe(3);
    expect((await post('add', { a: 1 })).json).toBe(11);
  });
  test('from a form', async () => {
    expect((await post('add', 'a=4&b=5', { 'content-type': 'application/x-www-form-urlencoded' })).json).toBe(9);
  });
  test('variadic', async () => {
    expect(await get('join_all?sep=-&parts=a&parts=b,c&parts=%22d')).toBe('a-b,c-"d');
    expect((await post('join_all', { sep: '-', parts: ['x', 'y'] })).json).toBe('x-y');
  });
  test('none', async () => {
    expect(await get('hello')).toBe('hello');
    expect((await post('hello', '')).json).toBe('hello');
  });
  test('one without a name takes the whole body', async () => {
    expect((await post('echo_json', { a: [1, { b: null }] })).json).toEqual({ a: [1, { b: null }] });
    expect((await post('echo_json', [1, 2])).json).toEqual([1, 2]);
    expect((await post('echo_text', 'plain {"x"', { 'content-type': 'text/plain' })).json).toBe('plain {"x"');
    expect(
      (await post('echo_bytes', new Uint8Array([0, 255, 10]), { 'content-type': 'application/octet-stream' })).json,
    ).toBe(3);
  });
  test('choose the overload', async () => {
    expect(await get('overloaded?a=1')).toBe('one');
    expect(await get('overloaded?a=1&b=2')).toBe('two');
    const { status, json } = await server.call('GET /rpc/ambiguous?a=1');
    expect([status, json]).toEqual([
      300,
      {
        code: 'PGRST203',
        details: null,
        hint: 'Try renaming the parameters or the function itself in the database so function overloading can be resolved',
        message:
          'Could not choose the best candidate function between: festival.ambiguous(a => integer, b => integer), festival.ambiguous(a => integer, c => text)',
      },
    ]);
  });
  test('that fit no function', async () => {
    const { status, json } = await server.call('GET /rpc/add?x=1&y=2');
    expect([status, json]).toEqual([
      404,
      {
        code: 'PGRST202',
        details:
          'Searched for the function festival.add with parameters x, y, but no matches were found in the schema cache.',
        hint: 'Perhaps you meant to call the function festival.add(a, b)',
        message: 'Could not find the function festival.add(x, y) in the schema cache',
      },
    ]);
    expect((await post('ad', { a: 1 })).json).toMatchObject({
      details:
        'Searched for the function festival.ad with parameter a or with a single unnamed json/jsonb parameter, but no matches were found in the schema cache.',
    });
    expect((await post('add', { a: 1, bb: 2 })).json).toMatchObject({
      hint: 'Perhaps you meant to call the function festival.add(a, b)',
    });
    expect((await server.call('GET /rpc/films_sinc')).json).toMatchObject({
      hint: 'Perhaps you meant to call the function festival.films_since',
      details:
        'Searched for the function festival.films_sinc without parameters, but no matches were found in the schema cache.',
    });
  });
});

describe('results', () => {
  test('scalars, lists of them, and nothing', async () => {
    expect(await get('numbers?n=3')).toEqual([1, 2, 3]);
    expect(await get('null_text')).toBeNull();
    const nothing = await post('nothing');
    expect([nothing.status, nothing.text]).toEqual([204, '']);
  });
  test('rows of a table are filtered, ordered, limited and embedded like the table', async () => {
    expect(
      await get('films_since?since=1960&select=title,directors(name)&rating=gt.7.5&order=title.desc&limit=2'),
    ).toEqual([
      { title: 'Ran', directors: { name: 'Kurosawa' } },
      { title: 'Faces Places', directors: { name: 'Varda' } },
    ]);
    const counted = await server.call('GET /rpc/films_since?since=1960&limit=1&select=id', {
      headers: { prefer: 'count=exact' },
    });
    expect([counted.status, counted.headers.get('content-range')]).toEqual([206, '0-0/4']);
    expect((await post('films_since?select=id&id=eq.5', { since: 1900 })).json).toEqual([{ id: 5 }]);
    expect(await get('films_since?since=1900&select=id,roles!inner(character)&roles.character=eq.Cleo')).toEqual([
      { id: 3, roles: [{ character: 'Cleo' }] },
    ]);
  });
  test('one row is an object', async () => {
    expect(await get('one_film?film=5&select=id,title,directors(name)')).toEqual({
      id: 5,
      title: 'Ran',
      directors: { name: 'Kurosawa' },
    });
    expect(await get('out_params?a=3')).toEqual({ double: 6, half: 1.5 });
  });
  test('rows without a table', async () => {
    expect(await get('table_out?n=2&order=i.desc&select=square')).toEqual([{ square: 4 }, { square: 1 }]);
    expect(await get('table_out?n=3&i=gt.1')).toEqual([
      { i: 2, square: 4 },
      { i: 3, square: 9 },
    ]);
  });
  test('one object of a list', async () => {
    const accept = { accept: 'application/vnd.pgrst.object+json' };
    expect((await server.call('GET /rpc/films_since?since=2000&select=id', { headers: accept })).json).toEqual({
      id: 4,
    });
    const many = await server.call('GET /rpc/films_since?since=1900', { headers: accept });
    expect(many.json).toMatchObject({ code: 'PGRST116', details: 'The result contains 5 rows' });
  });
  test('CSV and HEAD', async () => {
    expect((await server.call('GET /rpc/table_out?n=2', { headers: { accept: 'text/csv' } })).text).toBe(
      'i,square\n1,1\n2,4',
    );
    const head = await server.call('HEAD /rpc/films_since?since=1900', { headers: { prefer: 'count=exact' } });
    expect([head.status, head.text, head.headers.get('content-range')]).toEqual([200, '', '0-4/5']);
  });
  test('media types that functions declare', async () => {
    const page = await server.call('GET /rpc/page', { headers: { accept: 'text/html' } });
    expect([page.text, page.headers.get('content-type')]).toEqual(['<h1>Festival</h1>', 'text/html']);
    const dot = await fetch(`${server.url}/rest/v1/rpc/dot`, {
      headers: { apikey: server.anonKey, accept: 'image/x-dot' },
    });
    expect([...new Uint8Array(await dot.arrayBuffer())]).toEqual([0, 255, 16]);
    expect(dot.headers.get('content-type')).toBe('image/x-dot');
  });
});

describe('transactions', () => {
  test('GET and stable functions cannot write', async () => {
    const { status, json } = await server.call('GET /rpc/rename_all?suffix=x');
    expect([status, json]).toMatchObject([405, { code: '25006' }]);
  });
  test('a call that is refused is undone', async () => {
    const single = await post('rename_all?select=id', { suffix: '!' }, { accept: 'application/vnd.pgrst.object+json' });
    expect(single.json).toMatchObject({ code: 'PGRST116', details: 'The result contains 3 rows' });
    const most = await post('rename_all', { suffix: '!' }, { prefer: 'handling=strict, max-affected=2' });
    expect(most.json).toMatchObject({ code: 'PGRST124' });
    expect((await server.call('GET /venues?name=like.*!')).json).toEqual([]);
    expect((await post('add', { a: 1 }, { prefer: 'handling=strict, max-affected=2' })).json).toMatchObject({
      code: 'PGRST128',
    });
    const done = await post('rename_all?select=name&order=id', { suffix: '!' }, { prefer: 'tx=rollback' });
    expect(done.json).toEqual([{ name: 'Opera!' }, { name: 'Zawya!' }, { name: 'Rex!' }]);
  });
  test('functions bring their isolation level and timeout', async () => {
    expect((await post('serial')).json).toBe('serializable');
    const slow = await post('slow_limited');
    expect([slow.status, slow.json]).toMatchObject([500, { code: '57014' }]);
  });
  test('SQL sees the request', async () => {
    expect(await get('setting?name=request.method')).toBe('GET');
    expect(await get('setting?name=request.path')).toBe('/rpc/setting');
    expect(await get('setting?name=search_path')).toBe('"festival", "extensions"');
    const headers = await post('setting', { name: 'request.headers' }, { 'x-custom': 'é value', cookie: 'a=1; b=2' });
    expect(JSON.parse(String(headers.json))).toMatchObject({ 'content-type': 'application/json' });
    expect(JSON.parse(String(headers.json))).not.toHaveProperty('cookie');
    const cookies = await post('setting', { name: 'request.cookies' }, { cookie: 'a=1; b=2' });
    expect(JSON.parse(String(cookies.json))).toEqual({ a: '1', b: '2' });
    expect(await get('who')).toMatchObject({ role: 'authenticated', claims: { sub: 'mona', role: 'authenticated' } });
  });
  test('a function runs before every request', async () => {
    await festival.database.owner.query(`create function festival.gate() returns void language plpgsql as $$ begin
      if current_setting('request.headers')::json ->> 'x-gate' is not null then raise insufficient_privilege using message = 'closed'; end if;
      perform set_config('response.headers', '[{"X-Gate": "open"}]', true); end $$`);
    const gated = await serve(festival, { preRequest: { schema: 'festival', name: 'gate' } });
    const open = await gated.call('GET /films?select=id&limit=1');
    expect([open.status, open.headers.get('x-gate')]).toEqual([200, 'open']);
    const closed = await gated.call('GET /films', { headers: { 'x-gate': '1' } });
    expect([closed.status, closed.json]).toMatchObject([403, { code: '42501', message: 'closed' }]);
    await gated.close();
  });
  test('an abandoned request is cancelled in the database', async () => {
    const abort = new AbortController();
    const asked = fetch(`${server.url}/rest/v1/rpc/slow`, {
      method: 'POST',
      body: '{"seconds": 30}',
      headers: { apikey: server.anonKey, 'content-type': 'application/json' },
      signal: abort.signal,
    });
    const running = async (): Promise<number> => {
      const { rows } = await festival.database.owner.query('select from pg_locks where objid = 4242');
      return rows.length;
    };
    await expect.poll(running).toBeGreaterThan(0);
    abort.abort();
    await expect(asked).rejects.toThrow();
    await expect.poll(running).toBe(0);
  });
});

describe('what SQL says about the answer', () => {
  test('status and headers', async () => {
    const said = await post('set_answer', {
      status: '418',
      headers: '[{"X-A": "1"}, {"Set-Cookie": "a=1"}, {"Set-Cookie": "b=2"}, {"Content-Type": "text/x"}]',
    });
    expect([
      said.status,
      said.headers.get('x-a'),
      said.headers.getSetCookie(),
      said.headers.get('content-type'),
    ]).toEqual([418, '1', ['a=1', 'b=2'], 'text/x']);
    expect((await post('set_answer', { status: '200', headers: '{"a": 1}' })).json).toMatchObject({ code: 'PGRST111' });
    expect((await post('set_answer', { status: 'many', headers: '[]' })).json).toMatchObject({ code: 'PGRST112' });
  });
  test.each([
    ['P0001', 400],
    ['P0002', 500],
    ['23503', 409],
    ['23505', 409],
    ['08000', 503],
    ['09000', 500],
    ['0L000', 403],
    ['0P000', 403],
    ['25000', 500],
    ['28000', 403],
    ['2D000', 500],
    ['38000', 500],
    ['39000', 500],
    ['3B000', 500],
    ['40000', 500],
    ['53000', 503],
    ['53400', 500],
    ['54000', 500],
    ['55000', 500],
    ['57000', 500],
    ['58000', 500],
    ['F0000', 500],
    ['HV000', 500],
    ['XX000', 500],
    ['42883', 404],
    ['42P01', 404],
    ['42P17', 500],
    ['42501', 403],
    ['PT402', 402],
    ['PT999', 500],
    ['PT40A', 500],
    ['22012', 400],
  ])('error %s is %i', async (state, status) => {
    const failed = await post('fail_with', { state });
    expect([failed.status, failed.json]).toEqual([
      status,
      { code: state, details: 'the detail', hint: 'the hint', message: 'failed on purpose' },
    ]);
  });
  test('an error as JSON decides the whole answer', async () => {
    const message = '{"code": "123", "message": "Payment", "details": "Quota", "hint": "Upgrade"}';
    const raised = await post('raise_json', {
      message,
      detail: '{"status": 402, "headers": {"X-Powered-By": "Nerd Rage"}}',
    });
    expect([raised.status, raised.headers.get('x-powered-by'), raised.json]).toEqual([
      402,
      'Nerd Rage',
      { code: '123', details: 'Quota', hint: 'Upgrade', message: 'Payment' },
    ]);
    const broken = await post('raise_json', { message: 'no json', detail: '{}' });
    expect([broken.status, broken.json]).toMatchObject([
      500,
      { code: 'PGRST121', details: "Invalid JSON value for MESSAGE: 'no json'" },
    ]);
  });
});

describe('schemas', () => {
  test('are chosen by profile headers', async () => {
    const passes = await server.call('GET /passes', { headers: { 'accept-profile': 'backstage' } });
    expect([passes.json, passes.headers.get('content-profile')]).toEqual([[{ id: 1, name: 'crew' }], 'backstage']);
    const made = await server.call('POST /passes', {
      body: { id: 2, name: 'press' },
      headers: { 'content-profile': 'backstage', prefer: 'tx=rollback' },
    });
    expect(made.status).toBe(201);
    expect((await server.call('GET /films?limit=1')).headers.get('content-profile')).toBe('festival');
    const unknown = await server.call('GET /passes', { headers: { 'accept-profile': 'secret' } });
    expect([unknown.status, unknown.json]).toEqual([
      406,
      {
        code: 'PGRST106',
        details: null,
        hint: 'Only the following schemas are exposed: festival, backstage',
        message: 'Invalid schema: secret',
      },
    ]);
  });
});

describe('the root', () => {
  test('describes what the caller can reach', async () => {
    const { json, headers } = await server.call('GET /');
    expect(headers.get('content-type')).toBe('application/openapi+json; charset=utf-8');
    expect(json).toMatchObject({
      swagger: '2.0',
      paths: {
        '/films': { get: { summary: 'Films of the festival', description: 'All that were ever shown.' }, post: {} },
        '/rpc/add': { get: {}, post: {} },
        '/rpc/rename_all': { post: {} },
      },
      definitions: {
        films: {
          required: ['id', 'title', 'tags', 'details', 'created_at'],
          properties: {
            id: { type: 'integer', format: 'int32', description: 'Note:\nThis is a Primary Key.<pk/>' },
            title: { type: 'string', description: 'As on the poster' },
            director_id: {
              description: "Note:\nThis is a Foreign Key to `directors.id`.<fk table='directors' column='id'/>",
            },
            mood: { enum: ['calm', 'tense', 'bright'] },
            tags: { type: 'array', items: { type: 'string' } },
          },
        },
      },
    });
    const anon = await server.call('GET /', { as: 'anon' });
    expect(anon.json).toMatchObject({ paths: { '/films': {} } });
    expect(anon.json).not.toHaveProperty(['paths', '/diaries']);
  });
  test('can be switched off or answered by a function', async () => {
    const off = await serve(festival, { openApi: { mode: 'disabled' } });
    expect((await off.call('GET /')).json).toMatchObject({ code: 'PGRST126' });
    await off.close();
    const own = await serve(festival, { rootFunction: 'hello' });
    expect((await own.call('GET /')).json).toBe('hello');
    await own.close();
  });
});

describe('changes of the schema', () => {
  test('are seen after NOTIFY pgrst', async () => {
    expect((await server.call('GET /new_table')).status).toBe(404);
    await festival.database.owner.query(
      "create table festival.new_table (id int); grant select on festival.new_table to authenticated; notify pgrst, 'reload schema'",
    );
    await expect.poll(async () => (await server.call('GET /new_table')).status).toBe(200);
  });
  test('under a prepared statement do no harm', async () => {
    const ask = () => server.call('GET /no_key?select=*');
    for (let i = 0; i < 4; i++) expect((await ask()).status).toBe(200);
    await festival.database.owner.query('alter table festival.no_key add column c int');
    expect((await ask()).status).toBe(200);
  });
});

describe('execution plans', () => {
  test('are given when switched on', async () => {
    const open = await serve(festival, { plans: true });
    const plan = await open.call('GET /films?id=eq.1', {
      headers: { accept: 'application/vnd.pgrst.plan+json; options=analyze|verbose' },
    });
    expect(plan.headers.get('content-type')).toBe(
      'application/vnd.pgrst.plan+json; for="application/json"; options=analyze|verbose; charset=utf-8',
    );
    expect(plan.json).toMatchObject([{ Plan: { 'Node Type': 'Aggregate' } }]);
    await open.close();
    expect((await server.call('GET /films', { headers: { accept: 'application/vnd.pgrst.plan' } })).status).toBe(406);
  });
});
