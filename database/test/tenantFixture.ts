import { randomUUID } from 'node:crypto';
import type pg from 'pg';

export type Role = 'OWNER' | 'ADMIN' | 'AGENT' | 'PROJECT_MANAGER' | 'TEAM_ADMIN';
export const roles: readonly Role[] = ['OWNER', 'ADMIN', 'AGENT', 'PROJECT_MANAGER', 'TEAM_ADMIN'];

/** One organization with a member of every role and one row in every table of the product. */
export interface Tenant {
  organizationId: string;
  members: Readonly<Record<Role, string>>;
  /** Id of the row in each table. */
  rows: Readonly<Record<string, string>>;
}

async function signUp(pool: pg.Pool, email: string, meta: object, app: object): Promise<string> {
  const id = randomUUID();
  await pool.query(
    `insert into auth.users (id, email, raw_user_meta_data, raw_app_meta_data, email_confirmed_at) values ($1, $2, $3, $4, now())`,
    [id, email, meta, app],
  );
  return id;
}

export async function createTenant(pool: pg.Pool, name: string): Promise<Tenant> {
  const owner = await signUp(pool, `owner@${name}.example`, { organization_name: name, first_name: 'Owner' }, {});
  const found = await pool.query<{ organization_id: string }>(
    'select organization_id from public.profiles where id = $1',
    [owner],
  );
  const organizationId = found.rows[0]?.organization_id ?? '';
  const members: Record<Role, string> = { OWNER: owner, ADMIN: '', AGENT: '', PROJECT_MANAGER: '', TEAM_ADMIN: '' };
  for (const role of roles.filter((candidate) => candidate !== 'OWNER')) {
    members[role] = await signUp(
      pool,
      `${role.toLowerCase()}@${name}.example`,
      { first_name: role },
      { invitation: { organization_id: organizationId, role } },
    );
  }
  return { organizationId, members, rows: await fillTables(pool, organizationId, members) };
}

async function fillTables(pool: pg.Pool, org: string, members: Record<Role, string>): Promise<Record<string, string>> {
  const rows: Record<string, string> = { organizations: org, profiles: members.AGENT };
  const add = async (table: string, columns: Record<string, unknown>) => {
    const names = ['organization_id', ...Object.keys(columns)];
    const { rows: made } = await pool.query<{ id: string }>(
      `insert into public.${table} (${names.join(', ')}) values (${names.map((_, i) => `$${i + 1}`).join(', ')}) returning id`,
      [org, ...Object.values(columns)],
    );
    rows[table] = made[0]?.id ?? '';
    return rows[table];
  };
  const contact = await add('contacts', { first_name: 'Contact', phones: ['+201017177777'] });
  const company = await add('companies', { name: 'Company' });
  const channel = await add('channel_accounts', { name: 'Chat', type: 'WEB_CHAT' });
  const conversation = await add('conversations', {
    contact_id: contact,
    channel_account_id: channel,
    assignee_id: members.AGENT,
  });
  const message = await add('messages', { conversation_id: conversation, direction: 'INBOUND', content: 'Hello' });
  await add('attachments', { message_id: message, kind: 'image' });
  await add('message_reactions', { message_id: message, contact_id: contact, emoji: '👍' });
  await add('message_status_events', { message_id: message, status: 'SENT' });
  await add('conversation_drafts', { conversation_id: conversation, user_id: members.AGENT, content: 'draft' });
  await add('contact_identities', { contact_id: contact, channel_type: 'WEB_CHAT', external_id: 'visitor' });
  const deal = await add('deals', { title: 'Deal', contact_id: contact, owner_id: members.AGENT });
  await add('deal_contacts', { deal_id: deal, contact_id: contact });
  const history = await pool.query<{ id: string }>('select id from public.deal_owner_history where deal_id = $1', [
    deal,
  ]);
  rows.deal_owner_history = history.rows[0]?.id ?? '';
  await add('tasks', { title: 'Task', contact_id: contact });
  await add('notes', { contact_id: contact, company_id: company, content: 'Note', author_id: members.AGENT });
  await add('tags', { name: 'VIP' });
  await add('templates', { name: 'welcome' });
  await add('quick_replies', { name: 'Hi', content: 'Hello' });
  await add('saved_filters', { user_id: members.AGENT, area: 'inbox', name: 'Mine' });
  await add('api_keys', { name: 'Key', key_prefix: 'cg_abc123' });
  const webhook = await add('webhook_configurations', { url: 'https://hooks.example/x' });
  await add('webhook_logs', { webhook_id: webhook, event_type: 'contact.created', payload: {}, status: 'SUCCESS' });
  await add('inbound_events', {
    channel_account_id: channel,
    channel_type: 'WEB_CHAT',
    provider_event_id: randomUUID(),
    payload: {},
    status: 'PROCESSED',
  });
  await add('user_channel_access', { user_id: members.TEAM_ADMIN, channel_account_id: channel });
  await add('invitations', { email: 'new@x.example', role: 'AGENT' });
  for (const table of ['pipelines', 'lifecycle_stages', 'user_roles', 'activity_logs', 'events']) {
    const { rows: found } = await pool.query<{ id: string }>(
      `select id from public.${table} where organization_id = $1 order by ${table === 'user_roles' ? `role = 'AGENT' desc` : '1'} limit 1`,
      [org],
    );
    rows[table] = found[0]?.id ?? '';
  }
  return rows;
}
