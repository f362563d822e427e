import { z } from 'zod';
import { metadata, text } from '../../bodies.ts';
import type { AuthContext } from '../../context.ts';
import { validationFailed } from '../../errors.ts';
import { checkPasswordStrength, isArgon2 } from '../../passwords.ts';

/** What an administrator may set (GoTrue's AdminUserAttributes). */
export const adminUserBody = z.object({
  id: z.uuid({ error: 'must be a UUID' }).nullish(),
  email: text.nullish(),
  phone: text.nullish(),
  password: text.nullish(),
  password_hash: text.nullish(),
  email_confirm: z.boolean().nullish(),
  phone_confirm: z.boolean().nullish(),
  user_metadata: metadata.nullish(),
  app_metadata: metadata.nullish(),
  ban_duration: text.nullish(),
  role: z.enum(['', 'authenticated', 'service_role']).nullish(),
});

export type AdminUserBody = z.infer<typeof adminUserBody>;

/** Hash for the given password, or the given hash; undefined when there is neither. */
export async function passwordHashOf(ctx: AuthContext, input: AdminUserBody): Promise<string | undefined> {
  if (input.password && input.password_hash) {
    throw validationFailed('Only a password or a password hash should be provided');
  }
  if (input.password_hash) {
    if (!isArgon2(input.password_hash)) throw validationFailed('"password_hash": must be an Argon2 hash in PHC form.');
    return input.password_hash;
  }
  if (!input.password) return undefined;
  checkPasswordStrength(input.password, ctx.settings.passwordMinLength);
  return await ctx.passwords.hash(input.password);
}

/** E.164 digits without `+`, as GoTrue stores numbers. */
export function parsePhone(phone: string): string {
  const digits = phone.trim().replace(/^\+/, '');
  if (!/^[1-9]\d{6,14}$/.test(digits)) throw validationFailed('Invalid phone number format (E.164 required)');
  return digits;
}

const UNIT_MS: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** The end of a ban from Go's duration text (`24h`, `1h30m`); null for `none`. */
export function banEnd(duration: string): Date | null {
  if (duration === 'none') return null;
  const pieces = [...duration.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  if (pieces.length === 0 || pieces.map((piece) => piece[0]).join('') !== duration) {
    throw validationFailed('invalid format for ban duration: use for example 24h, 90m or none');
  }
  const length = pieces.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNIT_MS[unit] ?? 0), 0);
  const end = new Date(Date.now() + Math.min(length, 200 * 365 * 24 * 3_600_000));
  return end;
}
