import { transaction } from '@connectgain/postgres';
import { audit } from '../audit.ts';
import type { AuthContext } from '../context.ts';
import { parseEmail } from '../emailAddress.ts';
import { checkPasswordStrength } from '../passwords.ts';
import { insertUser } from './insertUser.ts';
import { type PublicUser, publicUser } from './userRecord.ts';

export interface CreateUser {
  email: string;
  /** Absent for an account that will set one later, or signs in by link. */
  password?: string;
  /** True when absent: server code vouches for the address. */
  emailConfirmed?: boolean;
  /** `organization_name`, `first_name`, ...: what the product's trigger on `auth.users` reads. */
  userMetadata?: Record<string, unknown>;
  /** Only the server writes these; they are in the access token. */
  appMetadata?: Record<string, unknown>;
  id?: string;
}

/**
 * Makes an account from server code: seeding, accepted invitations, `accept-invitation`. No mail is sent and no limit counts.
 * Throws ApiError `email_exists` (422), `weak_password` (422), `validation_failed` (400).
 */
export async function createUser(ctx: AuthContext, input: CreateUser): Promise<PublicUser> {
  const email = parseEmail(input.email);
  if (input.password !== undefined) checkPasswordStrength(input.password, ctx.settings.passwordMinLength);
  // Hashing takes a while; no connection waits for it.
  const passwordHash = input.password === undefined ? null : await ctx.passwords.hash(input.password);
  const user = await transaction(ctx.pool, async (client) => {
    const emailConfirmed = input.emailConfirmed ?? true;
    const created = await insertUser(client, { ...input, email, passwordHash, emailConfirmed });
    await audit(client, { action: 'user_signedup', userId: created.id, payload: { by: 'server' } });
    return created;
  });
  return publicUser(user);
}
