import type { Queryable } from '../database.ts';
import { writeEmailIdentity } from './insertUser.ts';
import { mergeMetadata, patchUser, type UserPatch } from './patchUser.ts';
import type { UserRecord } from './userRecord.ts';

/** Marks the user's address as proven, with further changes in the same write. Links and codes sent before are of no use any more. */
export async function confirmEmail(db: Queryable, user: UserRecord, changes: UserPatch = {}): Promise<UserRecord> {
  await db.query('delete from auth.one_time_tokens where user_id = $1', [user.id]);
  const email = changes.email ?? user.email;
  if (email !== null) await writeEmailIdentity(db, user.id, email, true);
  return await patchUser(db, user.id, {
    email_confirmed_at: user.email_confirmed_at ?? new Date(),
    raw_user_meta_data: mergeMetadata(user.raw_user_meta_data, { email_verified: true }),
    ...changes,
  });
}
