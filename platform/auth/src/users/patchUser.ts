import { fromDatabase, isPostgresError } from '@connectgain/http';
import type { Queryable } from '../database.ts';
import { emailExists, phoneExists, userNotFound, validationFailed } from '../errors.ts';
import { findUserById } from './findUser.ts';
import type { UserRecord } from './userRecord.ts';

/** The columns that this room changes after an account was made. */
export type UserPatch = Partial<
  Omit<UserRecord, 'id' | 'aud' | 'confirmed_at' | 'created_at' | 'updated_at' | 'identities' | 'is_sso_user'>
>;

/** Changes the given columns and returns the user. Throws 404 when it is gone, 422 for an address or number of somebody else. */
export async function patchUser(db: Queryable, id: string, patch: UserPatch): Promise<UserRecord> {
  const columns = Object.entries(patch).filter(([, value]) => value !== undefined);
  const sets = columns.map(([name], index) => `${name} = $${index + 2}`);
  const values = columns.map(([, value]) => value);
  try {
    await db.query(`update auth.users set ${[...sets, 'updated_at = now()'].join(', ')} where id = $1`, [
      id,
      ...values,
    ]);
  } catch (error) {
    throw userWriteError(error);
  }
  const user = await findUserById(db, id);
  if (user === undefined) throw userNotFound();
  return user;
}

/** What writing a user failed with, in words for the caller where it is the caller's to change. */
export function userWriteError(error: unknown): unknown {
  if (!isPostgresError(error)) return error;
  if (error.constraint === 'users_email_partial_key') return emailExists(undefined, { cause: error });
  if (error.constraint === 'users_phone_key') return phoneExists(undefined, { cause: error });
  // A product trigger on auth.users may refuse an account and say why.
  if (error.code === 'P0001') return validationFailed(error.message, { status: 422, cause: error });
  return fromDatabase(error) ?? error;
}

/** Bytes of metadata as JSON. It travels in every access token, and servers refuse headers over 16 KiB. */
const METADATA_LIMIT = 4096;

/** `updates` over `current`, null removing a key (GoTrue's rule). Throws 400 when the result is too large for a token. */
export function mergeMetadata(
  current: Record<string, unknown>,
  updates: Record<string, unknown>,
): Record<string, unknown> {
  const merged = Object.fromEntries(
    Object.entries({ ...current, ...updates }).filter(([, value]) => value !== null && value !== undefined),
  );
  if (Buffer.byteLength(JSON.stringify(merged)) > METADATA_LIMIT) {
    throw validationFailed(
      `Metadata is larger than ${METADATA_LIMIT} bytes: it is part of every access token. Store less.`,
    );
  }
  return merged;
}
