import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { metadata, readBody, text } from '../bodies.ts';
import type { AuthContext } from '../context.ts';
import { deviceOf } from '../device.ts';
import { parseEmail } from '../emailAddress.ts';
import { emailExists, notAdmin, phoneProviderDisabled } from '../errors.ts';
import { linkRequest, redirectFields } from '../links/linkRequest.ts';
import { sendEmailChange } from '../links/sendEmailChange.ts';
import { requireUser } from '../sessions/requireUser.ts';
import { changeOwnAccount } from '../users/changeOwnAccount.ts';
import { findUserByEmail } from '../users/findUser.ts';
import { publicUser } from '../users/userRecord.ts';

const body = z.object({
  email: text.nullish(),
  phone: text.nullish(),
  password: text.nullish(),
  current_password: text.nullish(),
  data: metadata.nullish(),
  app_metadata: z.unknown().optional(),
  ...redirectFields,
});

/**
 * `PUT /user`, and `POST /user` as the product's documentation spells it: one's own password, metadata and e-mail. The e-mail changes only
 * when the mails about it were answered; until then it stands in `new_email`.
 */
export function updateUserRoute(app: FastifyInstance, ctx: AuthContext): void {
  app.route({
    method: ['PUT', 'POST'],
    url: '/user',
    async handler(request) {
      const signedIn = await requireUser(ctx, request);
      const input = readBody(body, request.body);
      if (input.app_metadata !== undefined) throw notAdmin('Updating app_metadata requires admin privileges');
      if (input.phone) throw phoneProviderDisabled('Phone changes are disabled.');
      const wanted = input.email ? parseEmail(input.email) : undefined;
      const newEmail = wanted === signedIn.user.email ? undefined : wanted;
      const device = deviceOf(request);
      if (newEmail !== undefined) {
        await ctx.limiter.update(signedIn.user.id);
        if ((await findUserByEmail(ctx.pool, newEmail)) !== undefined) throw emailExists();
        await ctx.limiter.mail('email_change', device, newEmail);
      }
      const user = await changeOwnAccount(
        ctx,
        signedIn,
        {
          password: input.password ?? undefined,
          currentPassword: input.current_password ?? undefined,
          data: input.data ?? undefined,
        },
        device.ip,
      );
      if (newEmail === undefined) return publicUser(user);
      const link = linkRequest(ctx, request, { body: input });
      return publicUser(await sendEmailChange(ctx, user, newEmail, link));
    },
  });
}
