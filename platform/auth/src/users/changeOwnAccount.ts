import { transaction } from '@connectgain/postgres';
import { audit } from '../audit.ts';
import type { AuthContext } from '../context.ts';
import { invalidCredentials, samePassword } from '../errors.ts';
import { checkPasswordStrength } from '../passwords.ts';
import { endSessions } from '../sessions/endSessions.ts';
import type { SignedIn } from '../sessions/requireUser.ts';
import { mergeMetadata, patchUser, type UserPatch } from './patchUser.ts';
import type { UserRecord } from './userRecord.ts';

export interface OwnChanges {
  password?: string;
  /** Compared when given. */
  currentPassword?: string;
  /** Merged over the metadata; null removes a key. */
  data?: Record<string, unknown>;
}

/**
 * Changes what a user may change about their own account without proof by mail. A new password ends all other sessions and voids every link
 * that is on its way. Throws 422 `weak_password`, `same_password`, 400 `invalid_credentials` for a wrong current password.
 */
export async function changeOwnAccount(
  ctx: AuthContext,
  { user, sessionId }: SignedIn,
  changes: OwnChanges,
  ip: string | null,
): Promise<UserRecord> {
  const patch: UserPatch = {};
  if (changes.currentPassword !== undefined) {
    await ctx.limiter.update(user.id);
    if (!(await ctx.passwords.verify(user.encrypted_password, changes.currentPassword))) {
      throw invalidCredentials('The current password is not right.');
    }
  }
  if (changes.password !== undefined) patch.encrypted_password = await newPasswordHash(ctx, user, changes.password);
  if (changes.data !== undefined) patch.raw_user_meta_data = mergeMetadata(user.raw_user_meta_data, changes.data);
  if (Object.keys(patch).length === 0) return user;

  return await transaction(ctx.pool, async (client) => {
    if (patch.encrypted_password !== undefined) {
      await endSessions(client, { userId: user.id, except: sessionId });
      await client.query('delete from auth.one_time_tokens where user_id = $1', [user.id]);
      patch.email_change = '';
      patch.email_change_confirm_status = 0;
    }
    const action = patch.encrypted_password === undefined ? 'user_modified' : 'user_updated_password';
    await audit(client, { action, userId: user.id, ip });
    return await patchUser(client, user.id, patch);
  });
}

async function newPasswordHash(ctx: AuthContext, user: UserRecord, password: string): Promise<string> {
  checkPasswordStrength(password, ctx.settings.passwordMinLength);
  await ctx.limiter.update(user.id);
  const isSame = user.encrypted_password !== null && (await ctx.passwords.verify(user.encrypted_password, password));
  if (isSame) throw samePassword();
  return await ctx.passwords.hash(password);
}
