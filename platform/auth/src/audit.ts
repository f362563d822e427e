import type { Queryable } from './database.ts';

export type AuditAction =
  | 'login'
  | 'logout'
  | 'user_signedup'
  | 'user_repeated_signup'
  | 'user_invited'
  | 'user_modified'
  | 'user_updated_password'
  | 'user_deleted'
  | 'user_recovery_requested'
  | 'user_confirmation_requested'
  | 'token_revoked';

/** Writes to `auth.audit_log_entries`. Pass the transaction's client, so that the entry stands or falls with what it tells. */
export async function audit(
  db: Queryable,
  entry: { action: AuditAction; userId: string | null; ip?: string | null; payload?: Record<string, unknown> },
): Promise<void> {
  await db.query('insert into auth.audit_log_entries (action, user_id, ip_address, payload) values ($1, $2, $3, $4)', [
    entry.action,
    entry.userId,
    entry.ip ?? null,
    JSON.stringify(entry.payload ?? {}),
  ]);
}
