import { transaction } from '@connectgain/postgres';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { audit } from '../../audit.ts';
import { metadata, readBody, text } from '../../bodies.ts';
import type { AuthContext } from '../../context.ts';
import { deviceOf } from '../../device.ts';
import { parseEmail } from '../../emailAddress.ts';
import { emailExists, userNotFound, validationFailed } from '../../errors.ts';
import { redirectFields, wantedRedirect } from '../../links/linkRequest.ts';
import { INVITE_SECONDS } from '../../links/sendLink.ts';
import { actionLink } from '../../mail/authMail.ts';
import { issueOneTimeToken, type OneTimeTokenType } from '../../oneTimeTokens/oneTimeToken.ts';
import { checkPasswordStrength } from '../../passwords.ts';
import { resolveRedirect } from '../../redirects.ts';
import { findUserByEmail } from '../../users/findUser.ts';
import { insertPending } from '../../users/insertPending.ts';
import { patchUser, type UserPatch } from '../../users/patchUser.ts';
import { publicUser, type UserRecord } from '../../users/userRecord.ts';

type LinkType = 'signup' | 'invite' | 'magiclink' | 'recovery' | 'email_change_current' | 'email_change_new';

const body = z.object({
  type: z.enum(['signup', 'invite', 'magiclink', 'recovery', 'email_change_current', 'email_change_new'], {
    error: 'use signup, invite, magiclink, recovery, email_change_current or email_change_new',
  }),
  email: text.nullish(),
  new_email: text.nullish(),
  password: text.nullish(),
  data: metadata.nullish(),
  ...redirectFields,
});

type Body = z.infer<typeof body>;

const TOKENS: Record<LinkType, OneTimeTokenType> = {
  signup: 'confirmation_token',
  invite: 'confirmation_token',
  magiclink: 'recovery_token',
  recovery: 'recovery_token',
  email_change_current: 'email_change_token_current',
  email_change_new: 'email_change_token_new',
};

/** `POST /admin/generate_link`: what a mail would carry, for applications that send their own. Nothing is mailed. */
export function generateLinkRoute(app: FastifyInstance, ctx: AuthContext): void {
  app.post('/admin/generate_link', async (request) => {
    const input = readBody(body, request.body);
    const email = parseEmail(input.email);
    const ip = deviceOf(request).ip;
    const { type, user } = await userFor(ctx, input, email, ip);
    const redirectTo = resolveRedirect(
      ctx.settings,
      wantedRedirect(request, input),
      type === 'recovery' ? '/reset-password' : '/',
    );
    const newEmail = type.startsWith('email_change') ? await freeEmail(ctx, input.new_email) : undefined;
    const made = await transaction(ctx.pool, async (client) => {
      const secrets = await issueOneTimeToken(client, ctx.keys.code, {
        userId: user.id,
        type: TOKENS[type],
        relatesTo: type === 'email_change_new' && newEmail !== undefined ? newEmail : email,
        seconds: type === 'invite' ? INVITE_SECONDS : undefined,
      });
      await audit(client, { action: 'user_modified', userId: user.id, ip, payload: { generated: type } });
      return { secrets, user: await patchUser(client, user.id, stamp(type, user, newEmail)) };
    });
    const verifyType = type.startsWith('email_change') ? 'email_change' : type;
    return {
      ...publicUser(made.user),
      action_link: actionLink(ctx.settings, { token: made.secrets.token, type: verifyType, redirectTo }),
      email_otp: made.secrets.code,
      hashed_token: made.secrets.token,
      redirect_to: redirectTo,
      verification_type: type,
    };
  });
}

/** The account that the link is for. Sign-ups, invitations and magic links make it when there is none. */
async function userFor(
  ctx: AuthContext,
  input: Body,
  email: string,
  ip: string | null,
): Promise<{ type: LinkType; user: UserRecord }> {
  const existing = await findUserByEmail(ctx.pool, email);
  const makes = input.type === 'signup' || input.type === 'invite';
  if (existing !== undefined) {
    if (!makes) return { type: input.type, user: existing };
    if (existing.email_confirmed_at !== null) throw emailExists();
    // The password of an unproven account is nobody's: the one given here replaces it, an invited guest chooses one.
    const passwordHash = input.type === 'signup' ? await signupPassword(ctx, input) : null;
    return { type: input.type, user: await patchUser(ctx.pool, existing.id, { encrypted_password: passwordHash }) };
  }
  if (!makes && input.type !== 'magiclink') throw userNotFound('User with this email not found');
  const passwordHash = input.type === 'signup' ? await signupPassword(ctx, input) : undefined;
  const created = await insertPending(ctx, { email, data: input.data ?? {}, ip, invited: input.type === 'invite' });
  const user =
    passwordHash === undefined ? created : await patchUser(ctx.pool, created.id, { encrypted_password: passwordHash });
  // A magic link for somebody new is the confirmation of a sign-up.
  return { type: input.type === 'magiclink' ? 'signup' : input.type, user };
}

async function signupPassword(ctx: AuthContext, input: Body): Promise<string> {
  if (!input.password) throw validationFailed('Signup requires a valid password');
  checkPasswordStrength(input.password, ctx.settings.passwordMinLength);
  return await ctx.passwords.hash(input.password);
}

async function freeEmail(ctx: AuthContext, wanted: string | null | undefined): Promise<string> {
  const email = parseEmail(wanted);
  if ((await findUserByEmail(ctx.pool, email)) !== undefined) throw emailExists();
  return email;
}

function stamp(type: LinkType, user: UserRecord, newEmail: string | undefined): UserPatch {
  const now = new Date();
  switch (type) {
    case 'signup':
      return { confirmation_sent_at: now };
    case 'invite':
      return { confirmation_sent_at: now, invited_at: now };
    case 'magiclink':
    case 'recovery':
      return { recovery_sent_at: now };
    default: {
      // The two links of one change are asked for one after the other.
      const same = user.email_change === newEmail;
      return {
        email_change: newEmail,
        email_change_sent_at: now,
        email_change_confirm_status: same ? user.email_change_confirm_status : 0,
      };
    }
  }
}
