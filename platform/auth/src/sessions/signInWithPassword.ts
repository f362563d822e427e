import type { AuthContext } from '../context.ts';
import type { Device } from '../device.ts';
import { emailNotConfirmed, invalidCredentials, userBanned } from '../errors.ts';
import { findUserByEmail } from '../users/findUser.ts';
import { isBanned } from '../users/userRecord.ts';
import { issueSession } from './issueSession.ts';
import type { SessionAnswer } from './sessionAnswer.ts';

/**
 * Signs in by e-mail and password. An unknown account, one without a password and a wrong password look alike and take alike; what is wrong
 * with the account is told only to whoever knows the password.
 *
 * Throws 400 `invalid_credentials`, `email_not_confirmed`, `user_banned`, 429, or the product's refusal.
 */
export async function signInWithPassword(
  ctx: AuthContext,
  o: { email: string; password: string; device: Device },
): Promise<SessionAnswer> {
  await ctx.limiter.signIn(o.device, o.email);
  const user = await findUserByEmail(ctx.pool, o.email);
  const stored = user?.encrypted_password ?? null;
  const matches = await ctx.passwords.verify(stored, o.password);
  if (user === undefined || stored === null || !matches || user.deleted_at !== null) throw invalidCredentials();
  await ctx.limiter.signedIn(o.device, o.email);
  if (isBanned(user)) throw userBanned();
  if (user.email_confirmed_at === null) throw emailNotConfirmed();
  await ctx.requireCanSignIn(user.id);
  if (ctx.passwords.isOutdated(stored)) {
    await ctx.pool.query('update auth.users set encrypted_password = $2 where id = $1 and encrypted_password = $3', [
      user.id,
      await ctx.passwords.hash(o.password),
      stored,
    ]);
  }
  return await issueSession(ctx, { userId: user.id, method: 'password', device: o.device });
}
