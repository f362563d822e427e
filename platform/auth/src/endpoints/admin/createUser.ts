import { transaction } from '@connectgain/postgres';
import type { FastifyInstance } from 'fastify';
import { audit } from '../../audit.ts';
import { readBody } from '../../bodies.ts';
import type { AuthContext } from '../../context.ts';
import { deviceOf } from '../../device.ts';
import { parseEmail } from '../../emailAddress.ts';
import { validationFailed } from '../../errors.ts';
import { insertUser } from '../../users/insertUser.ts';
import { publicUser } from '../../users/userRecord.ts';
import { adminUserBody, banEnd, parsePhone, passwordHashOf } from './userFields.ts';

/** `POST /admin/users`: an account without mail or confirmation, confirmed when `email_confirm` says so. */
export function createUserRoute(app: FastifyInstance, ctx: AuthContext): void {
  app.post('/admin/users', async (request) => {
    const input = readBody(adminUserBody, request.body);
    if (!input.email && !input.phone) throw validationFailed('Cannot create a user without either an email or phone');
    const newUser = {
      id: input.id ?? undefined,
      email: input.email ? parseEmail(input.email) : null,
      phone: input.phone ? parsePhone(input.phone) : null,
      passwordHash: (await passwordHashOf(ctx, input)) ?? null,
      emailConfirmed: input.email_confirm === true,
      phoneConfirmed: input.phone_confirm === true,
      userMetadata: input.user_metadata ?? {},
      appMetadata: input.app_metadata ?? {},
      role: input.role || undefined,
      bannedUntil: input.ban_duration ? banEnd(input.ban_duration) : null,
    };
    const user = await transaction(ctx.pool, async (client) => {
      const created = await insertUser(client, newUser);
      const payload = { by: 'service_role' };
      await audit(client, { action: 'user_signedup', userId: created.id, ip: deviceOf(request).ip, payload });
      return created;
    });
    return publicUser(user);
  });
}
