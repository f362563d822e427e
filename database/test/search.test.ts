import { runAs } from '@connectgain/postgres';
import { createTestDatabase, type TestDatabase } from '@connectgain/testing/database.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTenant, type Tenant } from './tenantFixture.ts';

let database: TestDatabase;
let ours: Tenant;
let theirs: Tenant;
/** Conversation ids by the name of the person. */
const conversations = new Map<string, string>();

async function person(
  tenant: Tenant,
  o: { first: string; last?: string; phone?: string; email?: string; says: readonly string[]; assignee?: string },
): Promise<void> {
  const contact = await database.owner.query<{ id: string }>(
    'insert into contacts (organization_id, first_name, last_name, phones, emails) values ($1, $2, $3, $4, $5) returning id',
    [tenant.organizationId, o.first, o.last, o.phone ? [o.phone] : [], o.email ? [o.email] : []],
  );
  const conversation = await database.owner.query<{ id: string }>(
    'insert into conversations (organization_id, contact_id, channel_account_id, assignee_id) values ($1, $2, $3, $4) returning id',
    [tenant.organizationId, contact.rows[0]?.id, tenant.rows.channel_accounts, o.assignee],
  );
  const id = conversation.rows[0]?.id ?? '';
  conversations.set(o.first, id);
  for (const content of o.says) {
    await database.owner.query(
      `insert into messages (conversation_id, direction, content, created_at) values ($1, 'INBOUND', $2, clock_timestamp())`,
      [id, content],
    );
  }
}

beforeAll(async () => {
  database = await createTestDatabase();
  ours = await createTenant(database.owner, 'ours');
  theirs = await createTenant(database.owner, 'theirs');
  await person(ours, { first: 'Mona', last: 'Adel', phone: '+20 122 345-6789', says: ['Where is my order 1042?'] });
  await person(ours, {
    first: 'أحمد',
    last: 'إبراهيم',
    says: ['متى يصل الطلب؟', 'شكراً'],
    assignee: ours.members.AGENT,
  });
  await person(ours, {
    first: 'Zoë',
    last: 'Brontë',
    email: 'zoe@example.com',
    says: ['Ordering again', 'the last order'],
  });
  await person(theirs, { first: 'Nadia', last: 'Elsewhere', says: ['my order too'] });
  await database.owner.query(
    `update user_roles set permissions = '{"can_see_all_conversations": false, "can_access_crm": false}' where user_id = $1`,
    [ours.members.AGENT],
  );
});
afterAll(() => database.destroy());

async function search(userId: string, query: string, limit = 50) {
  const [result] = await runAs(
    database.requests,
    { role: 'authenticated', claims: { role: 'authenticated', sub: userId } },
    [{ text: 'select * from search_conversations($1, $2)', values: [query, limit] }],
  );
  const names = new Map([...conversations].map(([name, id]) => [id, name]));
  return (result?.rows ?? []).map((row) => ({
    who: names.get(row.conversation_id),
    how: row.matched,
    snippet: row.snippet,
  }));
}

async function people(userId: string, query: string): Promise<string[]> {
  const [result] = await runAs(
    database.requests,
    { role: 'authenticated', claims: { role: 'authenticated', sub: userId } },
    [{ text: 'select full_name from search_contacts($1)', values: [query] }],
  );
  return (result?.rows ?? []).map((row) => row.full_name);
}

describe('conversations are found', () => {
  it.each([
    ['a name', 'mona', 'Mona'],
    ['a name in the other order', 'Adel Mona', 'Mona'],
    ['a name without its accents', 'bronte', 'Zoë'],
    ['a name in capitals', 'ZOË', 'Zoë'],
    ['part of a name', 'ront', 'Zoë'],
    ['an Arabic name, its alef without hamza', 'احمد', 'أحمد'],
    ['an Arabic name as written', 'إبراهيم', 'أحمد'],
    ['a phone with separators', '122-345', 'Mona'],
    ['an e-mail address', 'zoe@exam', 'Zoë'],
  ])('by %s', async (_how, query, who) => {
    expect(await search(ours.members.OWNER, query)).toEqual([{ who, how: 'contact', snippet: null }]);
  });

  it('by words of a message, the newest match of each conversation, newest first, with the words marked', async () => {
    expect(await search(ours.members.OWNER, 'order')).toEqual([
      { who: 'Zoë', how: 'message', snippet: expect.stringContaining('last «order»') },
      { who: 'Mona', how: 'message', snippet: expect.stringContaining('«order»') },
    ]);
    expect(await search(ours.members.OWNER, 'order', 1)).toMatchObject([{ who: 'Zoë' }]);
    expect(await search(ours.members.OWNER, 'الطلب يصل')).toMatchObject([{ who: 'أحمد', how: 'message' }]);
  });

  it('where the words are rare, too: beyond the newest messages, and by people beyond the newest conversations', async () => {
    await database.owner.query(
      `with c as (insert into contacts (organization_id, first_name) values ($1, 'Somebody') returning id),
         v as (insert into conversations (organization_id, contact_id) select $1, c.id from c, generate_series(1, 1100) returning id)
       insert into messages (organization_id, conversation_id, direction, content, created_at)
       select $1, (select id from v limit 1), 'INBOUND', 'nothing of note', clock_timestamp() from generate_series(1, 2100)`,
      [ours.organizationId],
    );
    await database.owner.query(
      'update conversations set last_message_at = now() where organization_id = $1 and last_message_at is null',
      [ours.organizationId],
    );
    expect((await search(ours.members.OWNER, 'order')).map(({ who }) => who)).toEqual(['Zoë', 'Mona']);
    expect(await search(ours.members.OWNER, 'احمد')).toMatchObject([{ who: 'أحمد', how: 'contact' }]);
  });

  it('by those who may see them, and by nobody of another tenant', async () => {
    expect(await search(ours.members.AGENT, 'Mona')).toEqual([]);
    expect(await search(ours.members.AGENT, 'order')).toEqual([]);
    expect(await search(ours.members.AGENT, 'احمد')).toMatchObject([{ who: 'أحمد' }]);
    expect((await search(theirs.members.OWNER, 'order')).map(({ who }) => who)).toHaveLength(1);
    expect(await search(theirs.members.OWNER, 'Adel')).toEqual([]);
  });

  it.each(['', '   ', '%', '_', "'", '\\', '&|!', '😀', '\u064b'])('by no accident: %j', async (query) => {
    for (const { who } of await search(ours.members.OWNER, query))
      expect(['Mona', 'أحمد', 'Zoë', undefined]).toContain(who);
    expect(await search(ours.members.OWNER, `${query}nobody`)).toEqual([]);
  });
});

it('contacts are found by the same, within the rights of who asks', async () => {
  expect(await people(ours.members.OWNER, 'ADEL mona')).toEqual(['Mona Adel']);
  expect(await people(ours.members.OWNER, '٢٢٣٤٥')).toEqual(['Mona Adel']);
  expect(await people(ours.members.AGENT, 'Mona')).toEqual([]);
  expect(await people(ours.members.AGENT, 'ابراهيم')).toEqual(['أحمد إبراهيم']);
  expect(await people(theirs.members.OWNER, 'Adel')).toEqual([]);
});

it('the index on names knows letters beyond ASCII, or an Arabic name would be looked for in every row', async () => {
  const { rows } = await database.owner.query(`select cardinality(extensions.show_trgm('احمد')) as trigrams`);
  expect(rows[0]?.trigrams).toBeGreaterThan(3);
});
