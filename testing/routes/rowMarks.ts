import type { Pool } from 'pg';

/** What changes without saying anything about half-written data: counters of limits, logs of refusals, bytes on their way. */
const busy = ['auth.attempts', 'auth.audit_log_entries', 'storage.orphans'];

/** Written after the answer, so that its time does not tell whether an account exists: a request later is no fault of that request. */
const afterTheAnswer = ['auth.mail_outbox', 'auth.one_time_tokens', 'auth.users'];

/**
 * One line per table that stays the same as long as no row is added, changed or removed: how many rows, and the latest transaction that
 * wrote one.
 */
export async function createRowMarks(pool: Pool): Promise<() => Promise<string[]>> {
  const { rows } = await pool.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname in ('public', 'auth', 'storage', 'app') order by 1`,
  );
  const tables = rows.map((row) => row.name).filter((name) => !busy.includes(name) && !afterTheAnswer.includes(name));
  const text = tables
    .map(
      (name) =>
        `select '${name}' as name, count(*) || ' rows, last ' || coalesce(max(xmin::text::bigint), 0) as mark from ${name}`,
    )
    .join(' union all ');
  return async () => {
    const marks = await pool.query<{ name: string; mark: string }>({ name: 'row_marks', text });
    return marks.rows.map(({ name, mark }) => `${name}: ${mark}`);
  };
}
