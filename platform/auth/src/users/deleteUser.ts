import { createHash } from 'node:crypto';
import { conflict, isPostgresError } from '@connectgain/http';
import { transaction } from '@connectgain/postgres';
import { audit } from '../audit.ts';
import type { AuthContext } from '../context.ts';
import { userNotFound } from '../errors.ts';
import { findUserById } from './findUser.ts';
import { patchUser } from './patchUser.ts';

/**
 * Removes an account with its sessions. `soft` keeps the row, so that what refers to it stays, and makes it unusable and anonymous.
 * Throws 404, or 409 when other tables hold on to the user.
 */
export async function deleteUser(ctx: AuthContext, id: string, o: { soft?: boolean } = {}): Promise<void> {
  try {
    await transaction(ctx.pool, async (client) => {
      const user = await findUserById(client, id, { lock: true });
      if (user === undefined) throw userNotFound();
      await audit(client, { action: 'user_deleted', userId: id, payload: { soft: o.soft === true } });
      if (!o.soft) {
        await client.query('delete from auth.users where id = $1', [id]);
        return;
      }
      if (user.deleted_at !== null) return;
      await client.query('delete from auth.sessions where user_id = $1', [id]);
      await client.query('delete from auth.identities where user_id = $1', [id]);
      await client.query('delete from auth.one_time_tokens where user_id = $1', [id]);
      await patchUser(client, id, {
        // The address becomes free, and can still be recognised by who knows it.
        email: user.email === null ? null : obscured(id, user.email),
        phone: null,
        email_change: '',
        phone_change: '',
        encrypted_password: null,
        raw_user_meta_data: {},
        raw_app_meta_data: {},
        deleted_at: new Date(),
      });
    });
  } catch (error) {
    if (isPostgresError(error) && error.code === '23503') {
      throw conflict('The user is still referred to elsewhere: delete it softly (`should_soft_delete`) instead.', {
        cause: error,
      });
    }
    throw error;
  }
}

function obscured(id: string, email: string): string {
  return createHash('sha256')
    .update(id + email)
    .digest('hex');
}
