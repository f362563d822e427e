import { transaction } from '@connectgain/postgres';
import { audit } from '../audit.ts';
import type { AuthContext } from '../context.ts';
import { emailExists } from '../errors.ts';
import { sendAuthMail } from '../mail/authMail.ts';
import { mailLanguage } from '../mail/language.ts';
import { issueOneTimeToken } from '../oneTimeTokens/oneTimeToken.ts';
import { findUserByEmail } from '../users/findUser.ts';
import { patchUser } from '../users/patchUser.ts';
import type { UserRecord } from '../users/userRecord.ts';
import type { LinkRequest } from './sendLink.ts';

/**
 * Begins a change of address: mails the new mailbox and, unless `secureEmailChange` is off, the old one too. The address changes when every
 * mail's link was opened. Throws 422 `email_exists`.
 */
export async function sendEmailChange(
  ctx: AuthContext,
  user: UserRecord,
  newEmail: string,
  request: LinkRequest,
): Promise<UserRecord> {
  const asksOld = ctx.settings.secureEmailChange && user.email !== null;
  const { changed, forNew, forOld } = await transaction(ctx.pool, async (client) => {
    if ((await findUserByEmail(client, newEmail)) !== undefined) throw emailExists();
    const issue = (type: 'email_change_token_new' | 'email_change_token_current', relatesTo: string) =>
      issueOneTimeToken(client, ctx.keys.code, { userId: user.id, type, relatesTo });
    const issuedNew = await issue('email_change_token_new', newEmail);
    const issuedOld = asksOld ? await issue('email_change_token_current', user.email ?? '') : undefined;
    await audit(client, { action: 'user_modified', userId: user.id, ip: request.ip, payload: { asked: 'email' } });
    const patched = await patchUser(client, user.id, {
      email_change: newEmail,
      email_change_sent_at: new Date(),
      email_change_confirm_status: 0,
    });
    return { changed: patched, forNew: issuedNew, forOld: issuedOld };
  });
  const lang = mailLanguage(user.raw_user_meta_data, request.acceptLanguage);
  const common = { lang, redirectTo: request.redirectTo, email: user.email ?? '', newEmail };
  await sendAuthMail(ctx, { ...common, kind: 'email_change_new', to: newEmail, secrets: forNew });
  if (forOld !== undefined) {
    await sendAuthMail(ctx, { ...common, kind: 'email_change_current', to: user.email ?? '', secrets: forOld });
  }
  return changed;
}
