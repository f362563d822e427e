import type { Pool } from 'pg';

/** What changes without saying anything about half-written data: counters of limits, logs of refusals, bytes on their way. */
const busy = ['auth.attempts', 'auth.audit_log_entries', 'storage.orphans'];

/** Written after the answer, so that its time does not tell whether an account exists: a request later is no fault of that request. */
const afterTheAnswer = ['auth.mail_outbox', 'auth.one_time_tokens', 'auth.users'];

/**
 * Tells which tables were written to by transactions that committed since it was last asked. Triggers note it in a table of their own, so what
 * is rolled back leaves no trace, as it must.
 */
export async function watchChanges(pool: Pool): Promise<() => Promise<string[]>> {
  await pool.query(`
    create schema sweep;
    create table sweep.changes (name text not null);
    create function sweep.note() returns trigger language plpgsql security definer set search_path = '' as $$
    begin
      insert into sweep.changes values (tg_table_schema || '.' || tg_table_name);
      return null;
    end $$`);
  const { rows } = await pool.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'auth', 'storage', 'app')`,
  );
  const watched = rows.map((row) => row.name).filter((name) => !busy.includes(name) && !afterTheAnswer.includes(name));
  const triggers = watched.map(
    (name) =>
      `create trigger zz_sweep after insert or update or delete on ${name} for each row execute function sweep.note()`,
  );
  await pool.query(triggers.join(';'));
  return async () => {
    const changed = await pool.query<{ name: string }>({
      name: 'sweep_changes',
      text: 'with gone as (delete from sweep.changes returning name) select distinct name from gone order by 1',
    });
    return changed.rows.map((row) => row.name);
  };
}
