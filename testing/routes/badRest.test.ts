import { afterAll, describe, expect, test } from 'vitest';
import { createAttempts } from './attempt.ts';
import { badValues } from './badValues.ts';
import { createRestWorld, type Described } from './restWorld.ts';

const world = await createRestWorld();
const attempts = await createAttempts(world);
afterAll(async () => {
  attempts.close();
  await world.close();
});

const { ours, theirs } = world;
const refused = (status: number) => status >= 400;

const send = (
  label: string,
  o: {
    method: string;
    path: string;
    body?: unknown;
    /** A body that is no JSON. */
    text?: string;
    headers?: Record<string, string>;
    fits?: (status: number) => boolean;
  },
) => {
  const body = o.text ?? (o.body === undefined ? undefined : JSON.stringify(o.body));
  const headers = { ...world.headers(body), ...o.headers };
  return attempts.try(label, { method: o.method, path: `/rest/v1/${o.path}`, headers, body }, o.fits);
};

test('the API describes every table and function', () => {
  expect(world.tables.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(ours.rows)));
  expect(world.functions.length).toBeGreaterThan(10);
});

const operands = [
  'not-a-value',
  '%00',
  '99999999999999999999999',
  '%27%3B%20drop%20table%20contacts%3B--',
  '(((',
  '{"a":',
  `${'x'.repeat(3000)}`,
];
const operators = [
  'eq',
  'neq',
  'gt',
  'like',
  'ilike',
  'match',
  'in',
  'is',
  'cs',
  'cd',
  'ov',
  'sl',
  'fts',
  'wfts',
  'not.eq',
  'eq(any)',
  'nonsense',
];

describe('reading', () => {
  test.each(world.tables)(
    '$name answers any filter, select and order',
    async ({ name, columns }) => {
      for (const [at, column] of columns.entries()) {
        // Every column meets four operands, every table all of them with all operators.
        for (let n = 0; n < 4; n += 1) {
          const operator = n === 0 ? 'eq' : operators[(at * 4 + n) % operators.length];
          const operand = operands[(at * 4 + n) % operands.length];
          await send('this filter', { method: 'GET', path: `${name}?${column.name}=${operator}.${operand}` });
        }
        await send('this order', {
          method: 'GET',
          path: `${name}?order=${column.name}.nullsfirst.desc.sideways`,
          fits: refused,
        });
        await send('a path into a value', {
          method: 'GET',
          path: `${name}?select=${column.name}-%3Ea-%3E%3Eb&${column.name}-%3Ec=eq.1`,
        });
        await send('a cast', { method: 'GET', path: `${name}?select=${column.name}::nonsense`, fits: refused });
      }
      for (const select of [
        'nonsense',
        '*,nonsense(*)',
        '*,nonsense!inner(a)',
        'a:b:c',
        '*(',
        '"',
        'count()',
        'id.max()',
        '...nonsense(*)',
        '%00',
      ]) {
        await send('this select', { method: 'GET', path: `${name}?select=${select}` });
      }
      for (const logic of [
        'or=(',
        'and=(id.eq.1,or(',
        'or=(nonsense.eq.1)',
        'not.or=id.eq.1',
        `or=(${'id.is.null,'.repeat(300)}id.is.null)`,
      ]) {
        await send('this logic', { method: 'GET', path: `${name}?${logic}` });
      }
      for (const [header, value] of [
        ['range', 'items=5-1'],
        ['range', '0-99999999999999999999'],
        ['accept', 'application/vnd.pgrst.object+json'],
        ['accept', 'text/nonsense'],
        [
          'prefer',
          'count=nonsense,return=everything,handling=strict,tx=rollback,timezone=Nowhere/None,max-affected=-1',
        ],
        ['accept-profile', 'auth'],
        ['accept-profile', 'app'],
      ] as const) {
        await send(`${header}: ${value}`, { method: 'GET', path: name, headers: { [header]: value } });
      }
      expect(attempts.faults()).toEqual([]);
    },
    20_000,
  );
});

const values = Object.entries(badValues);

describe('writing', () => {
  test.each(world.tables)(
    '$name answers any value in any column',
    async ({ name, columns }) => {
      for (const [at, column] of columns.entries()) {
        // Every column meets five kinds of value, every table all of them.
        for (let n = 0; n < 5; n += 1) {
          const [what, value] = values[(at * 5 + n) % values.length] ?? ['', null];
          await send(`${column.name} = ${what}`, { method: 'POST', path: name, body: { [column.name]: value } });
          await send(`${column.name} = ${what}`, {
            method: 'PATCH',
            path: `${name}?id=eq.${ours.rows[name]}`,
            body: { [column.name]: value },
          });
        }
      }
      expect(attempts.faults()).toEqual([]);
    },
    20_000,
  );

  test.each(world.tables)(
    '$name refuses columns that it has not, rows that differ, and conflicts on nothing',
    async ({ name }) => {
      await send('an unknown column', { method: 'POST', path: name, body: { nonsense: 1 }, fits: refused });
      await send('__proto__', {
        method: 'POST',
        path: name,
        body: [JSON.parse('{"__proto__": {"polluted": 1}}')],
        fits: refused,
      });
      await send('rows that differ', {
        method: 'POST',
        path: name,
        body: [{ id: null }, { nonsense: 1 }],
        fits: refused,
      });
      await send('columns of nothing', { method: 'POST', path: `${name}?columns=nonsense`, body: {}, fits: refused });
      await send('a conflict on nothing', {
        method: 'POST',
        path: `${name}?on_conflict=nonsense`,
        headers: { prefer: 'resolution=merge-duplicates' },
        body: {},
        fits: refused,
      });
      await send('a limit without an order', {
        method: 'DELETE',
        path: `${name}?limit=1&id=eq.not-an-id`,
        fits: refused,
      });
      await send('PUT without its key', { method: 'PUT', path: name, body: {}, fits: refused });
      await send('CSV that is none', {
        method: 'POST',
        path: name,
        headers: { 'content-type': 'text/csv' },
        text: 'a,b\n1',
        fits: refused,
      });
      expect(attempts.faults()).toEqual([]);
    },
  );
});

describe('functions', () => {
  test.each(world.functions)(
    '$name answers any arguments',
    async ({ name, columns }: Described) => {
      await send('no arguments', { method: 'POST', path: `rpc/${name}`, body: {} });
      await send('an unknown argument', {
        method: 'POST',
        path: `rpc/${name}`,
        body: { p_nonsense: 1 },
        fits: refused,
      });
      await send('a list', { method: 'POST', path: `rpc/${name}`, body: [1, 2] });
      await send('a query', { method: 'GET', path: `rpc/${name}?p_nonsense=1`, fits: refused });
      const good = Object.fromEntries(columns.map((column) => [column.name, goodArgument(column.format)]));
      for (const column of columns) {
        for (const [what, value] of values) {
          await send(`${column.name} = ${what}`, {
            method: 'POST',
            path: `rpc/${name}`,
            body: { ...good, [column.name]: value },
          });
        }
      }
      expect(attempts.faults()).toEqual([]);
    },
    20_000,
  );
});

function goodArgument(format: string): unknown {
  if (format === 'uuid') return ours.rows.conversations;
  if (/json/.test(format)) return {};
  if (/int|numeric/.test(format)) return 5;
  if (/timestamp/.test(format)) return '2026-11-21T10:00:00Z';
  return 'text';
}

describe('the rows of another organization', () => {
  const theirIds = new Set([theirs.organizationId, ...Object.values(theirs.rows), ...Object.values(theirs.members)]);
  const shows = (body: string) => {
    let found: unknown;
    try {
      found = JSON.parse(body);
    } catch {
      return [];
    }
    // An error may repeat the id that was asked for; rows may not be there at all.
    return Array.isArray(found) ? [...theirIds].filter((id) => body.includes(id)) : [];
  };

  test.each(world.tables)('of $name are neither read, changed, deleted nor added to', async ({ name, columns }) => {
    const id = theirs.rows[name];
    const back = { prefer: 'return=representation' };
    for (const [method, body] of [['GET'], ['PATCH', { id }], ['DELETE']] as const) {
      const answer = await send('an id of theirs', { method, path: `${name}?id=eq.${id}`, headers: back, body });
      expect(shows(answer.body), `${method} ${name}`).toEqual([]);
      const all = method === 'GET' ? await send('all rows', { method, path: name }) : answer;
      expect(shows(all.body), `${method} ${name}`).toEqual([]);
    }
    if (columns.some((column) => column.name === 'organization_id')) {
      await send('their organization', {
        method: 'POST',
        path: name,
        body: { organization_id: theirs.organizationId },
        fits: refused,
      });
      await send('their organization', {
        method: 'POST',
        path: `${name}?on_conflict=id`,
        headers: { prefer: 'resolution=merge-duplicates' },
        body: { id, organization_id: theirs.organizationId },
        fits: refused,
      });
    }
    expect(attempts.faults()).toEqual([]);
  });

  test('are no arguments of functions', async () => {
    const { conversations, contacts, channel_accounts } = theirs.rows;
    const calls: [string, Record<string, unknown>][] = [
      ['send_message', { p_conversation_id: conversations, p_content: 'x' }],
      ['start_conversation', { p_contact_id: contacts, p_channel_account_id: channel_accounts }],
      ['start_conversation', { p_contact_id: ours.rows.contacts, p_channel_account_id: channel_accounts }],
      ['switch_organization', { p_organization_id: theirs.organizationId }],
    ];
    for (const [name, body] of calls)
      await send('ids of theirs', { method: 'POST', path: `rpc/${name}`, body, fits: refused });
    const { rows: before } = await world.server.database.owner.query(
      'select * from public.conversations where id = $1',
      [conversations],
    );
    for (const name of ['mark_conversation_read', 'mark_conversation_unread']) {
      await send('an id of theirs', {
        method: 'POST',
        path: `rpc/${name}`,
        body: { p_conversation_id: conversations },
      });
    }
    const { rows: after } = await world.server.database.owner.query(
      'select * from public.conversations where id = $1',
      [conversations],
    );
    expect(after).toEqual(before);
    expect(attempts.faults()).toEqual([]);
  });
});
