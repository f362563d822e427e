import { transaction } from '@connectgain/postgres';
import type { FastifyInstance } from 'fastify';
import { audit } from '../../audit.ts';
import { readBody } from '../../bodies.ts';
import type { AuthContext } from '../../context.ts';
import { deviceOf } from '../../device.ts';
import { parseEmail } from '../../emailAddress.ts';
import { endSessions } from '../../sessions/endSessions.ts';
import { writeEmailIdentity } from '../../users/insertUser.ts';
import { mergeMetadata, patchUser, type UserPatch } from '../../users/patchUser.ts';
import { publicUser, type UserRecord } from '../../users/userRecord.ts';
import { pathUser } from './pathUser.ts';
import { type AdminUserBody, adminUserBody, banEnd, parsePhone, passwordHashOf } from './userFields.ts';

/** `PUT /admin/users/:id`: changes at once, without mails. A new password or a ban ends the user's sessions. */
export function updateUserRoute(app: FastifyInstance, ctx: AuthContext): void {
  app.put('/admin/users/:id', async (request) => {
    const input = readBody(adminUserBody, request.body);
    const user = await pathUser(ctx, request);
    const patch = { ...patchOf(user, input), encrypted_password: await passwordHashOf(ctx, input) };
    const isBan = patch.banned_until instanceof Date;
    const updated = await transaction(ctx.pool, async (client) => {
      if (patch.encrypted_password !== undefined || isBan) await endSessions(client, { userId: user.id });
      if (patch.email) await writeEmailIdentity(client, user.id, patch.email, patch.email_confirmed_at !== undefined);
      const payload = { by: 'service_role', fields: Object.keys(input) };
      await audit(client, { action: 'user_modified', userId: user.id, ip: deviceOf(request).ip, payload });
      return await patchUser(client, user.id, patch);
    });
    return publicUser(updated);
  });
}

function patchOf(user: UserRecord, input: AdminUserBody): UserPatch {
  const patch: UserPatch = {};
  if (input.email) patch.email = parseEmail(input.email);
  if (input.phone) patch.phone = parsePhone(input.phone);
  if (input.role) patch.role = input.role;
  if (input.email_confirm) patch.email_confirmed_at = user.email_confirmed_at ?? new Date();
  if (input.phone_confirm) patch.phone_confirmed_at = user.phone_confirmed_at ?? new Date();
  if (input.user_metadata) patch.raw_user_meta_data = mergeMetadata(user.raw_user_meta_data, input.user_metadata);
  if (input.app_metadata) patch.raw_app_meta_data = mergeMetadata(user.raw_app_meta_data, input.app_metadata);
  if (input.ban_duration) patch.banned_until = banEnd(input.ban_duration);
  return patch;
}
