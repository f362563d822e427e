import { createHash, createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import type { Queryable } from '../database.ts';

/** `auth.one_time_token_type`. */
export type OneTimeTokenType =
  | 'confirmation_token'
  | 'recovery_token'
  | 'email_change_token_new'
  | 'email_change_token_current'
  | 'phone_change_token'
  | 'reauthentication_token';

/** Wrong codes after which a code is dead, though its link lives. One in 200,000 to guess it. */
const CODE_ATTEMPTS = 5;

/** How long link and code are good, in seconds. */
const LIFETIME: Record<OneTimeTokenType, number> = {
  confirmation_token: 24 * 3600,
  recovery_token: 3600,
  email_change_token_new: 24 * 3600,
  email_change_token_current: 24 * 3600,
  phone_change_token: 600,
  reauthentication_token: 600,
};

export interface MailedSecrets {
  /** For the link, and for `verifyOtp({token_hash})`. */
  token: string;
  /** Six digits to type. */
  code: string;
}

export interface RedeemedToken {
  userId: string;
  type: OneTimeTokenType;
  /** The address that the mail went to. */
  relatesTo: string;
}

/** Makes link and code for a purpose; those made before for the same purpose are void. `seconds` replaces the usual lifetime. */
export async function issueOneTimeToken(
  db: Queryable,
  codeKey: Buffer,
  o: { userId: string; type: OneTimeTokenType; relatesTo: string; seconds?: number },
): Promise<MailedSecrets> {
  const token = randomBytes(28).toString('hex');
  const code = randomInt(1_000_000).toString().padStart(6, '0');
  await db.query(
    `insert into auth.one_time_tokens (user_id, token_type, token_hash, code_hash, relates_to, expires_at)
     values ($1, $2, $3, $4, $5, now() + make_interval(secs => $6))
     on conflict (user_id, token_type) do update
     set token_hash = excluded.token_hash, code_hash = excluded.code_hash, code_attempts = 0,
         relates_to = excluded.relates_to, created_at = now(), expires_at = excluded.expires_at`,
    [
      o.userId,
      o.type,
      tokenHash(token),
      codeHash(codeKey, o.userId, o.type, code),
      o.relatesTo,
      o.seconds ?? LIFETIME[o.type],
    ],
  );
  return { token, code };
}

/** Takes the token of a link out of the database; undefined when it was used, replaced, too old or never ours. */
export async function redeemToken(
  db: Queryable,
  types: readonly OneTimeTokenType[],
  token: string,
): Promise<RedeemedToken | undefined> {
  const result = await db.query<TokenRow>(
    `delete from auth.one_time_tokens where token_hash = $1 and token_type::text = any($2) and expires_at > now()
     returning id, user_id, token_type, relates_to, code_hash`,
    [tokenHash(token), types],
  );
  return redeemed(result.rows[0]);
}

/**
 * The same by the code that was mailed to `email`. Each try is counted before it is compared and stays counted: `db` must be the pool, not
 * a client in a transaction that may roll back.
 */
export async function redeemCode(
  db: Queryable,
  codeKey: Buffer,
  o: { types: readonly OneTimeTokenType[]; email: string; code: string },
): Promise<RedeemedToken | undefined> {
  const tried = await db.query<TokenRow>(
    `update auth.one_time_tokens set code_attempts = code_attempts + 1
     where relates_to = $1 and token_type::text = any($2) and expires_at > now() and code_attempts < $3
     returning id, user_id, token_type, relates_to, code_hash`,
    [o.email, o.types, CODE_ATTEMPTS],
  );
  const match = tried.rows.find((row) =>
    timingSafeEqual(row.code_hash, codeHash(codeKey, row.user_id, row.token_type, o.code)),
  );
  if (match === undefined) return undefined;
  // Whoever deletes the row has the token; a second request with the same code finds nothing.
  const taken = await db.query('delete from auth.one_time_tokens where id = $1 and code_hash = $2', [
    match.id,
    match.code_hash,
  ]);
  return taken.rowCount === 1 ? redeemed(match) : undefined;
}

interface TokenRow {
  id: string;
  user_id: string;
  token_type: OneTimeTokenType;
  relates_to: string;
  code_hash: Buffer;
}

function redeemed(row: TokenRow | undefined): RedeemedToken | undefined {
  return row && { userId: row.user_id, type: row.token_type, relatesTo: row.relates_to };
}

function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Bound to user and purpose, so that equal codes of two people do not look equal. */
function codeHash(key: Buffer, userId: string, type: OneTimeTokenType, code: string): Buffer {
  return createHmac('sha256', key).update(`${userId} ${type} ${code}`).digest();
}
