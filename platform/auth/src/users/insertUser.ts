import type { Queryable } from '../database.ts';
import { userNotFound } from '../errors.ts';
import { findUserById } from './findUser.ts';
import { mergeMetadata, userWriteError } from './patchUser.ts';
import type { UserRecord } from './userRecord.ts';

export interface NewUser {
  /** In stored form (`parseEmail`). */
  email: string | null;
  phone?: string | null;
  /** PHC string; null for accounts without a password. */
  passwordHash: string | null;
  emailConfirmed: boolean;
  phoneConfirmed?: boolean;
  userMetadata?: Record<string, unknown>;
  appMetadata?: Record<string, unknown>;
  id?: string;
  role?: string;
  invited?: boolean;
  bannedUntil?: Date | null;
}

/**
 * Writes the account and its identity, inside the caller's transaction: triggers of the product on `auth.users` run in it too, and when
 * they fail nothing is left. Throws 422 when the address is taken.
 */
export async function insertUser(db: Queryable, input: NewUser): Promise<UserRecord> {
  const provider = input.email === null ? 'phone' : 'email';
  const now = new Date();
  try {
    const inserted = await db.query<{ id: string }>(
      `insert into auth.users (
         id, email, phone, encrypted_password, role, email_confirmed_at, phone_confirmed_at, invited_at, banned_until,
         raw_app_meta_data, raw_user_meta_data
       )
       values (coalesce($1, gen_random_uuid()), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
       returning id`,
      [
        input.id ?? null,
        input.email,
        input.phone ?? null,
        input.passwordHash,
        input.role ?? 'authenticated',
        input.emailConfirmed ? now : null,
        input.phoneConfirmed ? now : null,
        input.invited ? now : null,
        input.bannedUntil ?? null,
        JSON.stringify(mergeMetadata({ provider, providers: [provider] }, input.appMetadata ?? {})),
        JSON.stringify(mergeMetadata({}, input.userMetadata ?? {})),
      ],
    );
    const id = inserted.rows[0]?.id;
    if (id === undefined) throw userNotFound();
    if (input.email !== null) await writeEmailIdentity(db, id, input.email, input.emailConfirmed);
    // Read again: the product's triggers may have changed the row.
    const user = await findUserById(db, id);
    if (user === undefined) throw userNotFound();
    return user;
  } catch (error) {
    throw userWriteError(error);
  }
}

/** The `email` identity of a user, made or brought up to date. */
export async function writeEmailIdentity(
  db: Queryable,
  userId: string,
  email: string,
  verified: boolean,
): Promise<void> {
  await db.query(
    `insert into auth.identities (user_id, provider, provider_id, identity_data, last_sign_in_at)
     values ($1::uuid, 'email', $1::uuid::text, $2, now())
     on conflict (provider_id, provider) do update
     set identity_data = identities.identity_data || excluded.identity_data, updated_at = now()`,
    [userId, JSON.stringify({ sub: userId, email, email_verified: verified, phone_verified: false })],
  );
}
