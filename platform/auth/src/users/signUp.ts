import { randomUUID } from 'node:crypto';
import { ApiError } from '@connectgain/http';
import { transaction } from '@connectgain/postgres';
import { audit } from '../audit.ts';
import type { AuthContext } from '../context.ts';
import type { Device } from '../device.ts';
import { userAlreadyExists } from '../errors.ts';
import { type LinkRequest, sendLink } from '../links/sendLink.ts';
import { sendRegisteredNotice } from '../mail/authMail.ts';
import { mailLanguage } from '../mail/language.ts';
import { findUserByEmail } from './findUser.ts';
import { insertUser } from './insertUser.ts';
import { mergeMetadata, patchUser } from './patchUser.ts';
import { type PublicUser, publicUser, type UserRecord } from './userRecord.ts';

export interface SignUp {
  /** In stored form. */
  email: string;
  /** PHC string; null for accounts that sign in by link. */
  passwordHash: string | null;
  data: Record<string, unknown>;
  device: Device;
  link: LinkRequest;
}

/** `confirmed` accounts can be given a session; `pending` ones have a mail in their mailbox, or look as if they had. */
export type SignUpOutcome = { kind: 'confirmed'; user: UserRecord } | { kind: 'pending'; user: PublicUser };

/**
 * Makes an account, or says as little as possible about the one that is there: with confirmation by mail, an address that is taken answers as
 * a free one does. Throws 422 `user_already_exists` where accounts confirm themselves and the answer shows it anyway.
 */
export async function signUp(ctx: AuthContext, input: SignUp): Promise<SignUpOutcome> {
  const existing = await findUserByEmail(ctx.pool, input.email);
  if (existing !== undefined && !isReplaceable(ctx, existing)) return await repeated(ctx, input, existing);
  try {
    const user = existing === undefined ? await create(ctx, input) : await replaceUnproven(ctx, input, existing);
    if (ctx.settings.autoConfirm) return { kind: 'confirmed', user };
    return { kind: 'pending', user: publicUser(await sendLink(ctx, user, 'confirmation', input.link)) };
  } catch (error) {
    // Somebody signed up with the same address between the look and the write.
    if (error instanceof ApiError && error.code === 'email_exists') return await repeated(ctx, input);
    throw error;
  }
}

async function create(ctx: AuthContext, input: SignUp): Promise<UserRecord> {
  const id = randomUUID();
  const emailConfirmed = ctx.settings.autoConfirm;
  return await transaction(ctx.pool, async (client) => {
    const user = await insertUser(client, {
      id,
      email: input.email,
      passwordHash: input.passwordHash,
      emailConfirmed,
      userMetadata: {
        ...input.data,
        sub: id,
        email: input.email,
        email_verified: emailConfirmed,
        phone_verified: false,
      },
    });
    await audit(client, { action: 'user_signedup', userId: id, ip: input.device.ip, payload: { provider: 'email' } });
    return user;
  });
}

/**
 * An account whose address nobody proved yet belongs to whoever signs up last: otherwise a stranger could register somebody's address with a
 * password of their own and wait for the owner to open the confirmation link. Not so an invited one, which may have rights already, nor where
 * accounts confirm themselves and the newcomer would prove nothing.
 */
function isReplaceable(ctx: AuthContext, existing: UserRecord): boolean {
  const isProven = existing.email_confirmed_at !== null || existing.deleted_at !== null;
  return !isProven && existing.invited_at === null && !ctx.settings.autoConfirm;
}

async function replaceUnproven(ctx: AuthContext, input: SignUp, existing: UserRecord): Promise<UserRecord> {
  return await transaction(ctx.pool, async (client) => {
    await client.query('delete from auth.one_time_tokens where user_id = $1', [existing.id]);
    return await patchUser(client, existing.id, {
      encrypted_password: input.passwordHash,
      raw_user_meta_data: mergeMetadata(existing.raw_user_meta_data, {
        ...input.data,
        sub: existing.id,
        email: input.email,
        email_verified: false,
      }),
    });
  });
}

async function repeated(ctx: AuthContext, input: SignUp, existing?: UserRecord): Promise<SignUpOutcome> {
  await audit(ctx.pool, { action: 'user_repeated_signup', userId: existing?.id ?? null, ip: input.device.ip });
  if (ctx.settings.autoConfirm) throw userAlreadyExists();
  // The owner of the address learns what the answer does not tell.
  await sendRegisteredNotice(ctx, input.email, mailLanguage(input.data, input.link.acceptLanguage));
  return { kind: 'pending', user: publicUser(lookalike(input)) };
}

/** What the answer would be if the address were free. */
function lookalike(input: SignUp): UserRecord {
  const id = randomUUID();
  const now = new Date();
  const identity = { sub: id, email: input.email, email_verified: false, phone_verified: false };
  return {
    id,
    aud: 'authenticated',
    role: 'authenticated',
    email: input.email,
    phone: null,
    encrypted_password: null,
    email_confirmed_at: null,
    phone_confirmed_at: null,
    confirmed_at: null,
    invited_at: null,
    confirmation_sent_at: now,
    recovery_sent_at: null,
    email_change: '',
    email_change_sent_at: null,
    email_change_confirm_status: 0,
    phone_change: '',
    phone_change_sent_at: null,
    reauthentication_sent_at: null,
    last_sign_in_at: null,
    raw_app_meta_data: { provider: 'email', providers: ['email'] },
    raw_user_meta_data: mergeMetadata({}, { ...input.data, ...identity }),
    banned_until: null,
    is_sso_user: false,
    is_anonymous: false,
    created_at: now,
    updated_at: now,
    deleted_at: null,
    identities: [
      {
        identity_id: randomUUID(),
        id,
        user_id: id,
        identity_data: identity,
        provider: 'email',
        last_sign_in_at: now.toISOString(),
        created_at: now.toISOString(),
        updated_at: now.toISOString(),
        email: input.email,
      },
    ],
  };
}
