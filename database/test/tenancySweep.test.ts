import { runAs } from '@connectgain/postgres';
import { createTestDatabase, type TestDatabase } from '@connectgain/testing/database.ts';
import { startOldestServer } from '@connectgain/testing/oldestServer.ts';
import type { TestServer } from '@connectgain/testing/testServer.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTenant, roles, type Tenant } from './tenantFixture.ts';

type Outcome = { rows: number } | { refused: string };

const nothing = (outcome: Outcome) => 'refused' in outcome || outcome.rows === 0;

/** On the oldest PostgreSQL service_role has no BYPASSRLS, and the owner is bound like everybody. */
const servers = [
  { name: "on the run's PostgreSQL", start: async () => undefined },
  { name: 'on PostgreSQL 15', start: startOldestServer },
];

describe.each(servers)('$name', ({ start }) => {
  let server: TestServer | undefined;
  let database: TestDatabase;
  let ours: Tenant;
  let theirs: Tenant;
  let tables: string[];

  beforeAll(async () => {
    server = await start();
    database = await createTestDatabase({ server: server?.url });
    ours = await createTenant(database.owner, 'ours');
    theirs = await createTenant(database.owner, 'theirs');
    const { rows } = await database.owner.query<{ name: string }>(
      `select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`,
    );
    tables = rows.map((row) => row.name);
  });
  afterAll(async () => {
    await database?.destroy();
    await server?.stop();
  });

  async function attempt(userId: string | undefined, text: string, values: unknown[]): Promise<Outcome> {
    const principal =
      userId === undefined
        ? { role: 'anon' as const, claims: { role: 'anon' } }
        : { role: 'authenticated' as const, claims: { role: 'authenticated', sub: userId } };
    try {
      const [result] = await runAs(database.requests, principal, [{ text, values }]);
      return { rows: result?.rowCount ?? 0 };
    } catch (error) {
      return { refused: error instanceof Error && 'code' in error ? String(error.code) : String(error) };
    }
  }

  describe('no tenant reaches another', () => {
    it('has row level security on every table, and the fixture has a row in every table', async () => {
      const { rows } = await database.owner.query<{ relname: string }>(
        `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relrowsecurity`,
      );
      expect(rows).toEqual([]);
      expect(tables.filter((table) => !theirs.rows[table])).toEqual([]);
    });

    it('reads, changes and deletes no row of another organization, in any role, in any table', async () => {
      const leaks: string[] = [];
      for (const table of tables) {
        const id = theirs.rows[table];
        for (const role of [...roles, undefined]) {
          const user = role && ours.members[role];
          const verbs = {
            select: await attempt(user, `select 1 from public.${table} where id = $1`, [id]),
            update: await attempt(user, `update public.${table} set id = id where id = $1`, [id]),
            delete: await attempt(user, `delete from public.${table} where id = $1`, [id]),
          };
          for (const [verb, outcome] of Object.entries(verbs)) {
            if (!nothing(outcome)) leaks.push(`${role ?? 'anon'} ${verb} ${table}`);
          }
        }
      }
      expect(leaks).toEqual([]);
    });

    it('inserts no row into another organization', async () => {
      const leaks: string[] = [];
      for (const table of tables.filter((name) => name !== 'organizations' && name !== 'profiles')) {
        for (const role of [...roles, undefined]) {
          const outcome = await attempt(
            role && ours.members[role],
            `insert into public.${table} (organization_id) values ($1)`,
            [theirs.organizationId],
          );
          // 23503: a trigger found the reference to be another tenant's. A missing value (23502) would prove nothing.
          if (!('refused' in outcome) || !['42501', '23503', '22023'].includes(outcome.refused))
            leaks.push(`${role ?? 'anon'} insert ${table}: ${JSON.stringify(outcome)}`);
        }
      }
      expect(leaks).toEqual([]);
    });

    it('refuses references to rows of another organization as if they did not exist', async () => {
      const owner = ours.members.OWNER;
      const references: [string, unknown[]][] = [
        [`insert into public.deals (title, contact_id) values ('x', $1)`, [theirs.rows.contacts]],
        [
          `insert into public.deals (title, contact_id, owner_id) values ('x', $1, $2)`,
          [ours.rows.contacts, theirs.members.AGENT],
        ],
        [`insert into public.contacts (first_name, company_id) values ('x', $1)`, [theirs.rows.companies]],
        [
          `insert into public.conversations (contact_id, channel_account_id) values ($1, $2)`,
          [ours.rows.contacts, theirs.rows.channel_accounts],
        ],
        [
          `update public.conversations set assignee_id = $2 where id = $1`,
          [ours.rows.conversations, theirs.members.AGENT],
        ],
        [
          `insert into public.messages (organization_id, conversation_id, direction, content) values ($1, $2, 'OUTBOUND', 'x')`,
          [ours.organizationId, theirs.rows.conversations],
        ],
        [`insert into public.tasks (title, deal_id) values ('x', $1)`, [theirs.rows.deals]],
        [`insert into public.notes (content, conversation_id) values ('x', $1)`, [theirs.rows.conversations]],
        [
          `insert into public.user_channel_access (user_id, channel_account_id) values ($1, $2)`,
          [ours.members.AGENT, theirs.rows.channel_accounts],
        ],
        [`select public.send_message($1, 'x')`, [theirs.rows.conversations]],
        [`select public.switch_organization($1)`, [theirs.organizationId]],
      ];
      for (const [text, values] of references) {
        expect(await attempt(owner, text, values), text).toHaveProperty('refused');
      }
    });

    it('keeps the tables of secrets and hashes from every request role', async () => {
      for (const role of roles) {
        for (const table of ['app.secrets', 'app.token_hashes', 'auth.users', 'auth.refresh_tokens']) {
          expect(await attempt(ours.members[role], `select 1 from ${table}`, []), `${role} ${table}`).toEqual({
            refused: '42501',
          });
        }
      }
    });
  });

  describe('what each role may do in its own organization', () => {
    type Verb = 'select' | 'update' | 'delete';
    const all = 'OADTP';
    const letters = { OWNER: 'O', ADMIN: 'A', AGENT: 'D', TEAM_ADMIN: 'T', PROJECT_MANAGER: 'P' } as const;
    /** Per table and verb, the roles that succeed: O owner, A admin, D agent, T team admin, P project manager. */
    const expected: Record<string, Record<Verb, string>> = {
      conversations: { select: 'OADT', update: 'OADT', delete: 'OA' },
      messages: { select: 'OADT', update: 'OADT', delete: 'OA' },
      contacts: { select: 'OADT', update: 'OADT', delete: 'OA' },
      companies: { select: 'OADT', update: 'OADT', delete: 'OA' },
      deals: { select: 'OADT', update: 'OADT', delete: 'OA' },
      tasks: { select: all, update: all, delete: all },
      channel_accounts: { select: all, update: 'OA', delete: 'OA' },
      webhook_configurations: { select: 'OA', update: 'OA', delete: 'OA' },
      api_keys: { select: 'OA', update: 'OA', delete: 'OA' },
      invitations: { select: 'OA', update: 'OA', delete: 'OA' },
      inbound_events: { select: 'OA', update: '', delete: '' },
      events: { select: 'OA', update: '', delete: '' },
      pipelines: { select: all, update: 'OA', delete: 'OA' },
      tags: { select: all, update: 'OA', delete: 'OA' },
      conversation_drafts: { select: 'D', update: 'D', delete: 'D' },
      saved_filters: { select: 'D', update: 'D', delete: 'D' },
    };

    it.each(Object.entries(expected))('%s', async (table, verbs) => {
      const id = ours.rows[table];
      const statement: Record<Verb, string> = {
        select: `select 1 from public.${table} where id = $1`,
        update: `update public.${table} set organization_id = organization_id where id = $1`,
        delete: `delete from public.${table} where id = $1`,
      };
      for (const role of roles) {
        const may = async (verb: Verb) => !nothing(await attempt(ours.members[role], statement[verb], [id]));
        for (const verb of ['select', 'update'] as const) {
          expect(await may(verb), `${role} ${verb} ${table}`).toBe(verbs[verb].includes(letters[role]));
        }
      }
      for (const role of roles.filter((candidate) => !verbs.delete.includes(letters[candidate]))) {
        const outcome = await attempt(ours.members[role], statement.delete, [id]);
        expect(nothing(outcome), `${role} delete ${table}`).toBe(true);
      }
    });
  });
});
