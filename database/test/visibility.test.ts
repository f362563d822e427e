import { runAs } from '@connectgain/postgres';
import { createTestDatabase, type TestDatabase } from '@connectgain/testing/database.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTenant, type Tenant } from './tenantFixture.ts';

let database: TestDatabase;
let tenant: Tenant;
let mine: string;
let others: string;

const tables = ['conversations', 'messages', 'attachments', 'message_reactions', 'message_status_events'] as const;

beforeAll(async () => {
  database = await createTestDatabase();
  tenant = await createTenant(database.owner, 'acme');
  mine = tenant.rows.conversations ?? '';
  const { rows } = await database.owner.query<{ id: string }>(
    `insert into public.conversations (organization_id, contact_id, channel_account_id, assignee_id, thread_key)
     values ($1, $2, $3, $4, 'other') returning id`,
    [tenant.organizationId, tenant.rows.contacts, tenant.rows.channel_accounts, tenant.members.OWNER],
  );
  others = rows[0]?.id ?? '';
  const message = await database.owner.query<{ id: string }>(
    `insert into public.messages (conversation_id, direction, content, organization_id) values ($1, 'INBOUND', 'Pineapple', $2) returning id`,
    [others, tenant.organizationId],
  );
  await database.owner.query(`insert into public.attachments (message_id, kind) values ($1, 'image')`, [
    message.rows[0]?.id,
  ]);
  for (const conversation of [mine, others]) {
    await database.owner.query(`insert into storage.objects (bucket_id, name) values ('media', $1)`, [
      `${tenant.organizationId}/${conversation}/photo.jpg`,
    ]);
  }
});
afterAll(() => database.destroy());

async function asAgent(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const claims = { role: 'authenticated', sub: tenant.members.AGENT };
  const [result] = await runAs(database.requests, { role: 'authenticated', claims }, [{ text, values }]);
  return result?.rows ?? [];
}

async function allow(permissions: Record<string, boolean>): Promise<void> {
  await database.owner.query('update public.user_roles set permissions = $2 where user_id = $1', [
    tenant.members.AGENT,
    permissions,
  ]);
}

describe('an agent who sees only assigned conversations', () => {
  beforeAll(() => allow({ can_see_all_conversations: false }));

  it.each(tables)('finds their own conversation and nothing of another in %s', async (table) => {
    expect(await asAgent(`select 1 from public.${table}`)).toHaveLength(1);
  });

  it('in search, counts and files', async () => {
    expect(await asAgent(`select * from public.search_conversations('pineapple')`)).toEqual([]);
    expect(await asAgent(`select public.inbox_counts() ->> 'all' as n`)).toEqual([{ n: '1' }]);
    expect(await asAgent('select name from storage.objects')).toEqual([
      { name: `${tenant.organizationId}/${mine}/photo.jpg` },
    ]);
    const upload = asAgent(`insert into storage.objects (bucket_id, name) values ('media', $1)`, [
      `${tenant.organizationId}/${others}/x.jpg`,
    ]);
    await expect(upload).rejects.toMatchObject({ code: '42501' });
  });
});

describe('an agent with one channel', () => {
  beforeAll(async () => {
    await allow({});
    const { rows } = await database.owner.query<{ id: string }>(
      `insert into public.channel_accounts (organization_id, name, type) values ($1, 'Other', 'WEB_CHAT') returning id`,
      [tenant.organizationId],
    );
    await database.owner.query(
      `insert into public.user_channel_access (organization_id, user_id, channel_account_id) values ($1, $2, $3)`,
      [tenant.organizationId, tenant.members.AGENT, rows[0]?.id],
    );
  });

  it('sees neither the other channels nor what was said there', async () => {
    expect(await asAgent('select name from public.channel_accounts')).toEqual([{ name: 'Other' }]);
    for (const table of tables) expect(await asAgent(`select 1 from public.${table}`), table).toEqual([]);
    expect(await asAgent(`select * from public.search_conversations('pineapple')`)).toEqual([]);
  });
});

describe('an agent without a right', () => {
  beforeAll(async () => {
    await database.owner.query('delete from public.user_channel_access where user_id = $1', [tenant.members.AGENT]);
  });

  it('to read messages reads none, to send sends none, without CRM sees only people they talk to', async () => {
    await allow({ can_read_messages: false });
    expect(await asAgent('select 1 from public.messages')).toEqual([]);
    await allow({ can_send_messages: false });
    await expect(asAgent(`select public.send_message($1, 'x')`, [mine])).rejects.toMatchObject({ code: '42501' });
    await allow({ can_access_crm: false, can_see_all_conversations: false });
    await database.owner.query(`insert into public.contacts (organization_id, first_name) values ($1, 'Stranger')`, [
      tenant.organizationId,
    ]);
    expect(await asAgent('select first_name from public.contacts')).toEqual([{ first_name: 'Contact' }]);
    expect(await asAgent('select 1 from public.deals')).toEqual([]);
  });

  it('can give themselves none', async () => {
    await expect(
      asAgent(`update public.profiles set permissions = '{"can_manage_team": true}' where id = $1`, [
        tenant.members.AGENT,
      ]),
    ).rejects.toMatchObject({ code: '42501' });
    expect(
      await asAgent(`update public.user_roles set role = 'ADMIN' where user_id = $1 returning 1`, [
        tenant.members.AGENT,
      ]),
    ).toEqual([]);
  });
});
