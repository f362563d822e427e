import { transaction } from '@connectgain/postgres';
import { audit } from '../audit.ts';
import type { AuthContext } from '../context.ts';
import type { Queryable } from '../database.ts';
import type { Device } from '../device.ts';
import { otpExpired, userBanned, validationFailed } from '../errors.ts';
import { type OneTimeTokenType, type RedeemedToken, redeemCode, redeemToken } from '../oneTimeTokens/oneTimeToken.ts';
import { issueSession } from '../sessions/issueSession.ts';
import type { SessionAnswer } from '../sessions/sessionAnswer.ts';
import { confirmEmail } from '../users/confirmEmail.ts';
import { findUserById } from '../users/findUser.ts';
import { mergeMetadata, patchUser } from '../users/patchUser.ts';
import { isBanned, type UserRecord } from '../users/userRecord.ts';

/** Which tokens each `type` of a verification accepts. `email` is any code that signs in. */
const ACCEPTED = new Map<string, readonly OneTimeTokenType[]>([
  ['signup', ['confirmation_token']],
  ['invite', ['confirmation_token']],
  ['recovery', ['recovery_token']],
  // For a new address the link of `/otp` is the confirmation of a sign-up.
  ['magiclink', ['recovery_token', 'confirmation_token']],
  ['email', ['confirmation_token', 'recovery_token']],
  ['email_change', ['email_change_token_new', 'email_change_token_current']],
]);

export interface Verification {
  type: string;
  /** What the link carries, or an address with the code that was mailed to it. */
  proof: { token: string } | { email: string; code: string };
  device: Device;
}

/** A session, or `half`: one of the two mailboxes agreed to a change of address. */
export type Verified = { kind: 'session'; session: SessionAnswer } | { kind: 'half' };

export const HALF_MESSAGE = 'Confirmation link accepted. Please proceed to confirm link sent to the other email';

/**
 * Takes a mailed token at its word: confirms the address, changes it, or just signs in. Each token works once.
 * Throws 403 `otp_expired`, 400 `validation_failed` for a type that does not exist, `user_banned`, or the product's refusal.
 */
export async function verifyToken(ctx: AuthContext, o: Verification): Promise<Verified> {
  const types = ACCEPTED.get(o.type);
  if (types === undefined)
    throw validationFailed(`Unsupported verification type: use ${[...ACCEPTED.keys()].join(', ')}.`);
  const { proof } = o;
  const byCode = 'code' in proof ? await redeemCode(ctx.pool, ctx.keys.code, { types, ...proof }) : undefined;
  const user = await transaction(ctx.pool, async (client) => {
    const redeemed = 'token' in proof ? await redeemToken(client, types, proof.token) : byCode;
    if (redeemed === undefined) throw otpExpired();
    return await apply(ctx, client, redeemed, o.device);
  });
  if (user === null) return { kind: 'half' };
  await ctx.requireCanSignIn(user.id);
  return { kind: 'session', session: await issueSession(ctx, { userId: user.id, method: 'otp', device: o.device }) };
}

/** What the token was for. Null when the other mailbox has to agree as well. */
async function apply(
  ctx: AuthContext,
  client: Queryable,
  redeemed: RedeemedToken,
  device: Device,
): Promise<UserRecord | null> {
  const user = await findUserById(client, redeemed.userId, { lock: true });
  if (user === undefined) throw otpExpired();
  if (isBanned(user)) throw userBanned(undefined, { status: 403 });
  switch (redeemed.type) {
    case 'confirmation_token':
      await audit(client, { action: 'user_modified', userId: user.id, ip: device.ip, payload: { confirmed: 'email' } });
      return await confirmEmail(client, user);
    case 'recovery_token':
      if (user.email_confirmed_at !== null) return user;
      // Whoever set the password did not own the mailbox then, as far as we know; who owns it now chooses one.
      return await confirmEmail(client, user, { encrypted_password: null });
    case 'email_change_token_new':
    case 'email_change_token_current':
      return await changeEmail(ctx, client, user, device);
    default:
      throw otpExpired();
  }
}

async function changeEmail(
  ctx: AuthContext,
  client: Queryable,
  user: UserRecord,
  device: Device,
): Promise<UserRecord | null> {
  if (user.email_change === '') throw otpExpired();
  const needsBoth = ctx.settings.secureEmailChange && user.email !== null;
  if (needsBoth && user.email_change_confirm_status === 0) {
    await patchUser(client, user.id, { email_change_confirm_status: 1 });
    return null;
  }
  await audit(client, { action: 'user_modified', userId: user.id, ip: device.ip, payload: { changed: 'email' } });
  const known = 'email' in user.raw_user_meta_data ? { email: user.email_change } : {};
  return await confirmEmail(client, user, {
    email: user.email_change,
    email_change: '',
    email_change_confirm_status: 0,
    raw_user_meta_data: mergeMetadata(user.raw_user_meta_data, { ...known, email_verified: true }),
  });
}
