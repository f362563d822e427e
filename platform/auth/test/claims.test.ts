import { migrations as postgresMigrations, runAs } from '@connectgain/postgres';
import { createTestDatabase, type TestDatabase } from '@connectgain/testing/database.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrations } from '../src/index.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ sets: [postgresMigrations, migrations] });
});
afterAll(() => database.destroy());

const user = '8f14e45f-ceea-4672-a5b6-0d5b6f3a7c11';
const asked = "select auth.uid() as uid, auth.role() as role, auth.email() as email, auth.jwt() ->> 'x' as x";

describe('the SQL functions about the caller', () => {
  it('read the claims of the request', async () => {
    const claims = { sub: user, role: 'authenticated', email: 'a@b.co', x: '1' };
    const [result] = await runAs(database.requests, { role: 'authenticated', claims }, [{ text: asked }]);
    expect(result?.rows).toEqual([{ uid: user, role: 'authenticated', email: 'a@b.co', x: '1' }]);
  });

  it('are null for anonymous callers and outside a request', async () => {
    const [result] = await runAs(database.requests, { role: 'anon', claims: { role: 'anon' } }, [{ text: asked }]);
    expect(result?.rows).toEqual([{ uid: null, role: 'anon', email: null, x: null }]);
    expect((await database.owner.query(asked)).rows).toEqual([{ uid: null, role: null, email: null, x: null }]);
  });

  it('are run once per statement in a policy', async () => {
    await database.owner.query(`
      create table public.things (id int primary key, owner uuid);
      insert into public.things select n, '${user}' from generate_series(1, 100) n;
      alter table public.things enable row level security;
      create policy own on public.things for select to authenticated using (owner = (select auth.uid()));
      grant select on public.things to authenticated;
    `);
    const principal = { role: 'authenticated', claims: { sub: user } } as const;
    const [plan, count] = await runAs(database.requests, principal, [
      { text: 'explain select * from public.things' },
      { text: 'select count(*)::int as n from public.things' },
    ]);
    expect(plan?.rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/InitPlan/);
    expect(count?.rows).toEqual([{ n: 100 }]);
  });
});

describe('the schema auth', () => {
  it('is read and written by the owner alone', async () => {
    const tables = await database.owner.query<{ name: string }>(
      "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'auth' order by 1",
    );
    expect(tables.rows.length).toBeGreaterThan(7);
    for (const role of ['anon', 'authenticated', 'service_role'] as const) {
      for (const { name } of tables.rows) {
        const text = `select 1 from ${name}`;
        await expect(runAs(database.requests, { role, claims: { sub: user } }, [{ text }])).rejects.toMatchObject({
          code: '42501',
        });
      }
      for (const text of ["select auth.take_attempt('x', 1, 1)", 'select auth.cleanup()']) {
        await expect(runAs(database.requests, { role, claims: {} }, [{ text }])).rejects.toMatchObject({
          code: '42501',
        });
      }
    }
    const open = await database.owner.query(
      "select relname from pg_class where relnamespace = 'auth'::regnamespace and relkind = 'r' and not relrowsecurity",
    );
    expect(open.rows).toEqual([]);
  });

  it('cleans up what can never be used again, and nothing else', async () => {
    const db = database.owner;
    await db.query(`
      insert into auth.users (id, email) values ('${user}', 'a@b.co');
      insert into auth.sessions (id, user_id, created_at, not_after) values
        ('00000000-0000-4000-8000-000000000001', '${user}', now(), null),
        ('00000000-0000-4000-8000-000000000002', '${user}', now(), now() - interval '1 second'),
        ('00000000-0000-4000-8000-000000000003', '${user}', now() - interval '1 year', null);
      insert into auth.refresh_tokens (session_id, token_hash, used_at) values
        ('00000000-0000-4000-8000-000000000001', '\\x01', null),
        ('00000000-0000-4000-8000-000000000001', '\\x02', now() - interval '1 hour'),
        ('00000000-0000-4000-8000-000000000001', '\\x03', now() - interval '60 days');
      insert into auth.one_time_tokens (user_id, token_type, token_hash, code_hash, relates_to, expires_at) values
        ('${user}', 'recovery_token', '\\x01', '\\x01', 'a@b.co', now() + interval '1 hour'),
        ('${user}', 'confirmation_token', '\\x02', '\\x02', 'a@b.co', now() - interval '1 hour');
    `);
    const { rows } = await db.query('select auth.cleanup() as gone');
    expect(rows[0].gone).toMatchObject({ sessions: 2, refresh_tokens: 1, one_time_tokens: 1, mail_outbox: 0 });
    expect((await db.query('select count(*)::int as n from auth.refresh_tokens')).rows[0].n).toBe(2);
  });
});
