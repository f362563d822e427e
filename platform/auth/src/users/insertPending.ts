import { randomUUID } from 'node:crypto';
import { transaction } from '@connectgain/postgres';
import { audit } from '../audit.ts';
import type { AuthContext } from '../context.ts';
import { insertUser } from './insertUser.ts';
import type { UserRecord } from './userRecord.ts';

/** An account without a password whose address is still to be proven by the link that is about to be mailed. */
export async function insertPending(
  ctx: AuthContext,
  o: { email: string; data: Record<string, unknown>; ip: string | null; invited?: boolean },
): Promise<UserRecord> {
  const id = randomUUID();
  const userMetadata = { ...o.data, sub: id, email: o.email, email_verified: false, phone_verified: false };
  return await transaction(ctx.pool, async (client) => {
    const user = await insertUser(client, {
      id,
      email: o.email,
      passwordHash: null,
      emailConfirmed: false,
      invited: o.invited,
      userMetadata,
    });
    await audit(client, { action: 'user_signedup', userId: id, ip: o.ip, payload: { provider: 'email' } });
    return user;
  });
}
