import { runAs } from '@connectgain/postgres';
import { createTestDatabase, type TestDatabase } from '@connectgain/testing/database.ts';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTenant, type Tenant } from './tenantFixture.ts';

let database: TestDatabase;
let tenant: Tenant;
let accounts: string[];
beforeAll(async () => {
  database = await createTestDatabase();
  tenant = await createTenant(database.owner, 'counted');
  const { rows } = await database.owner.query<{ id: string }>(
    `insert into channel_accounts (organization_id, name, type)
     select $1, 'WhatsApp', 'WHATSAPP_CLOUD' from generate_series(1, 2) returning id`,
    [tenant.organizationId],
  );
  accounts = rows.map((row) => row.id);
  // One agent who sees what is theirs alone, one who sees a single channel.
  await database.owner.query(
    `update user_roles set permissions = '{"can_see_all_conversations": false}' where user_id = $1`,
    [tenant.members.AGENT],
  );
  await database.owner.query(
    'update user_channel_access set channel_account_id = $1 where user_id = $2 and organization_id = $3',
    [accounts[0], tenant.members.TEAM_ADMIN, tenant.organizationId],
  );
});
afterAll(() => database.destroy());

const viewers = ['OWNER', 'AGENT', 'TEAM_ADMIN'] as const;

async function as(userId: string, text: string) {
  const claims = { role: 'authenticated', sub: userId };
  const [result] = await runAs(database.requests, { role: 'authenticated', claims }, [{ text }]);
  return result?.rows[0];
}

/** What the numbers mean, counted over the rows that row level security shows. */
const counted = `
  select jsonb_build_object('all', count(*) filter (where awake), 'mine', count(*) filter (where awake and assignee_id = app.user_id()),
    'unassigned', count(*) filter (where awake and assignee_id is null), 'unread', count(*) filter (where awake and unread_count > 0),
    'unanswered', count(*) filter (where awake and waiting_since is not null), 'important', count(*) filter (where awake and is_important),
    'snoozed', count(*) filter (where not awake)) as counts, count(waiting_since)::int as unanswered
  from conversations c cross join lateral (select coalesce(c.snoozed_until <= now(), true) as awake) s
  where organization_id = app.organization_id() and status in ('OPEN', 'PENDING')`;

async function expectTrueCounts(): Promise<void> {
  for (const role of viewers) {
    const userId = tenant.members[role];
    const truth = await as(userId, counted);
    expect(
      await as(userId, 'select inbox_counts() as counts, get_unanswered_conversations_count() as unanswered'),
    ).toEqual(truth);
  }
}

const change = fc.oneof(
  fc.record({ status: fc.constantFrom('open', 'PENDING', 'RESOLVED', 'CLOSED') }),
  fc.record({ assignee: fc.constantFrom('OWNER', 'AGENT', null) }),
  fc.record({ snoozed: fc.constantFrom('1 hour', '-1 hour', null) }),
  fc.record({ unread: fc.nat(2) }),
  fc.record({ important: fc.boolean() }),
  fc.record({ account: fc.constantFrom(0, 1, null) }),
  fc.record({ message: fc.constantFrom('INBOUND', 'OUTBOUND') }),
  fc.constant({ remove: true }),
);
const steps = fc.array(fc.tuple(fc.nat(7), change), { minLength: 20, maxLength: 60 });

async function apply(id: string, what: Record<string, unknown>): Promise<void> {
  const set = (column: string, value: unknown) =>
    database.owner.query(`update conversations set ${column} = $2 where id = $1`, [id, value]);
  if ('status' in what) await set('status', what.status);
  if ('assignee' in what)
    await set(
      'assignee_id',
      what.assignee === null ? null : tenant.members[what.assignee === 'OWNER' ? 'OWNER' : 'AGENT'],
    );
  if ('snoozed' in what) {
    await database.owner.query('update conversations set snoozed_until = now() + $2::interval where id = $1', [
      id,
      what.snoozed,
    ]);
  }
  if ('unread' in what) await set('unread_count', what.unread);
  if ('important' in what) await set('is_important', what.important);
  if ('account' in what)
    await set('channel_account_id', typeof what.account === 'number' ? accounts[what.account] : null);
  if ('message' in what) {
    await database.owner.query(
      `insert into messages (conversation_id, direction, status, sender_type, content)
       select id, $2::text, case $2::text when 'INBOUND' then 'RECEIVED' else 'SENT' end,
         case $2::text when 'INBOUND' then 'CONTACT' else 'USER' end, 'x'
       from conversations where id = $1`,
      [id, what.message],
    );
  }
  if ('remove' in what) await database.owner.query('delete from conversations where id = $1', [id]);
}

async function open(): Promise<string> {
  const { rows } = await database.owner.query<{ id: string }>(
    'insert into conversations (organization_id, contact_id, channel_account_id) values ($1, $2, $3) returning id',
    [tenant.organizationId, tenant.rows.contacts, accounts[0]],
  );
  return rows[0]?.id ?? '';
}

it('the numbers beside the tabs are those of the rows, for everybody, whatever happens to conversations and at once', async () => {
  await expectTrueCounts();
  await fc.assert(
    fc.asyncProperty(steps, async (made) => {
      const ids = await Promise.all(Array.from({ length: 8 }, open));
      // Several at a time: those who change different conversations must not get into each other's way.
      await Promise.all(
        ids.map(async (id, lane) => {
          for (const [at, what] of made) if (at === lane) await apply(id, what);
        }),
      );
      await expectTrueCounts();
    }),
    { numRuns: 8 },
  );
});

it('counting anew gives the same numbers', async () => {
  const before = await as(tenant.members.OWNER, 'select inbox_counts() as counts');
  await database.owner.query('select app.recount_inbox($1)', [tenant.organizationId]);
  expect(await as(tenant.members.OWNER, 'select inbox_counts() as counts')).toEqual(before);
});

it('an organization that is deleted takes its sums along', async () => {
  const other = await createTenant(database.owner, 'leaving');
  const sums = async () =>
    (await database.owner.query('select from app.inbox_sums where organization_id = $1', [other.organizationId]))
      .rowCount;
  expect(await sums()).toBeGreaterThan(0);
  await database.owner.query('delete from organizations where id = $1', [other.organizationId]);
  expect(await sums()).toBe(0);
});
