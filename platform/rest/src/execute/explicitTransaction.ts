/** Transactions that are rolled back or isolated by request: the few that need statements of their own around them. */
import { pipeline, type RunsAs, type Settings, type Statement } from '@connectgain/postgres';
import type { Pool, QueryResult } from 'pg';

export interface ExplicitOptions {
  principal: RunsAs;
  settings: Settings;
  readOnly: boolean;
  isolation?: string;
  rollback: boolean;
}

const levels = new Set(['read uncommitted', 'read committed', 'repeatable read', 'serializable']);

/** Runs the statements between BEGIN and COMMIT or ROLLBACK. A rolled back one still checks its deferred constraints. */
export const runExplicitly = async (
  pool: Pool,
  statements: readonly Statement[],
  options: ExplicitOptions,
): Promise<QueryResult[]> => {
  const client = await pool.connect();
  let broken = false;
  try {
    await client.query(beginText(options));
    const results = await pipeline(client, [becomeStatement(options), ...statements], { raw: true });
    if (options.rollback) await client.query('set constraints all immediate');
    await client.query(options.rollback ? 'rollback' : 'commit');
    return results.slice(1);
  } catch (error) {
    broken = await client.query('rollback').then(
      () => false,
      () => true,
    );
    throw error;
  } finally {
    client.release(broken);
  }
};

const beginText = ({ isolation, readOnly }: ExplicitOptions): string => {
  const level = isolation !== undefined && levels.has(isolation) ? ` isolation level ${isolation}` : '';
  return `begin${level}${readOnly ? ' read only' : ''}`;
};

const becomeStatement = ({ principal, settings }: ExplicitOptions): Statement => {
  // `none` would give the login's own rights back.
  if (principal.role === '' || principal.role.toLowerCase() === 'none') {
    throw new TypeError(`"${principal.role}" is not a role to run as`);
  }
  const pairs = Object.entries({
    role: principal.role,
    'request.jwt.claims': JSON.stringify(principal.claims),
    ...settings,
  });
  const calls = pairs.map((_, i) => `set_config($${2 * i + 1}, $${2 * i + 2}, true)`);
  return { text: `select ${calls.join(', ')}`, values: pairs.flat() };
};
