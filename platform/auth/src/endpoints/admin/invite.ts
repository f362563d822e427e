import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { metadata, readBody, text } from '../../bodies.ts';
import type { AuthContext } from '../../context.ts';
import { deviceOf } from '../../device.ts';
import { parseEmail } from '../../emailAddress.ts';
import { emailExists } from '../../errors.ts';
import { linkRequest, redirectFields } from '../../links/linkRequest.ts';
import { sendLink } from '../../links/sendLink.ts';
import { findUserByEmail } from '../../users/findUser.ts';
import { insertPending } from '../../users/insertPending.ts';
import { patchUser } from '../../users/patchUser.ts';
import { publicUser } from '../../users/userRecord.ts';

const body = z.object({ email: text.nullish(), data: metadata.nullish(), ...redirectFields });

/** `POST /invite`: makes an account, or takes one that never confirmed, and mails a link to it. */
export function inviteRoute(app: FastifyInstance, ctx: AuthContext): void {
  app.post('/invite', async (request) => {
    const input = readBody(body, request.body);
    const email = parseEmail(input.email);
    const link = linkRequest(ctx, request, { body: input });
    const existing = await findUserByEmail(ctx.pool, email);
    if (existing !== undefined && existing.email_confirmed_at !== null) throw emailExists();
    const ip = deviceOf(request).ip;
    const user =
      existing === undefined
        ? await insertPending(ctx, { email, data: input.data ?? {}, ip, invited: true })
        : // Somebody who never proved the address chose that password; the guest chooses their own.
          await patchUser(ctx.pool, existing.id, { encrypted_password: null });
    return publicUser(await sendLink(ctx, user, 'invite', link));
  });
}
