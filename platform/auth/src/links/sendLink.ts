import { transaction } from '@connectgain/postgres';
import { type AuditAction, audit } from '../audit.ts';
import type { AuthContext } from '../context.ts';
import { sendAuthMail } from '../mail/authMail.ts';
import { mailLanguage } from '../mail/language.ts';
import { issueOneTimeToken } from '../oneTimeTokens/oneTimeToken.ts';
import { patchUser, type UserPatch } from '../users/patchUser.ts';
import type { UserRecord } from '../users/userRecord.ts';

/** How a mail with a link was asked for. */
export interface LinkRequest {
  /** The browser's, for users who have not chosen a language. */
  acceptLanguage: string | undefined;
  /** Checked by `resolveRedirect`. */
  redirectTo: string;
  ip: string | null;
}

/** An invitation waits longer than other links: people are on holiday. */
export const INVITE_SECONDS = 7 * 24 * 3600;

type LinkKind = 'confirmation' | 'invite' | 'recovery' | 'magiclink';

const LINKS: Record<
  LinkKind,
  {
    token: 'confirmation_token' | 'recovery_token';
    stamp: (now: Date) => UserPatch;
    action: AuditAction;
    seconds?: number;
  }
> = {
  confirmation: {
    token: 'confirmation_token',
    stamp: (now) => ({ confirmation_sent_at: now }),
    action: 'user_confirmation_requested',
  },
  invite: {
    token: 'confirmation_token',
    stamp: (now) => ({ confirmation_sent_at: now, invited_at: now }),
    action: 'user_invited',
    seconds: INVITE_SECONDS,
  },
  recovery: {
    token: 'recovery_token',
    stamp: (now) => ({ recovery_sent_at: now }),
    action: 'user_recovery_requested',
  },
  magiclink: {
    token: 'recovery_token',
    stamp: (now) => ({ recovery_sent_at: now }),
    action: 'user_recovery_requested',
  },
};

/** Makes a new link for the user's address and mails it. Returns the user with the time of sending. */
export async function sendLink(
  ctx: AuthContext,
  user: UserRecord,
  kind: LinkKind,
  request: LinkRequest,
): Promise<UserRecord> {
  const to = user.email ?? '';
  const link = LINKS[kind];
  const { secrets, updated } = await transaction(ctx.pool, async (client) => {
    const issued = await issueOneTimeToken(client, ctx.keys.code, {
      userId: user.id,
      type: link.token,
      relatesTo: to,
      seconds: link.seconds,
    });
    await audit(client, { action: link.action, userId: user.id, ip: request.ip, payload: { kind } });
    return { secrets: issued, updated: await patchUser(client, user.id, link.stamp(new Date())) };
  });
  const lang = mailLanguage(user.raw_user_meta_data, request.acceptLanguage);
  await sendAuthMail(ctx, { kind, to, lang, email: to, secrets, redirectTo: request.redirectTo });
  return updated;
}
