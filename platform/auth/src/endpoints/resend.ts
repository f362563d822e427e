import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { readBody, text } from '../bodies.ts';
import type { AuthContext } from '../context.ts';
import { deviceOf } from '../device.ts';
import { parseEmail } from '../emailAddress.ts';
import { phoneProviderDisabled } from '../errors.ts';
import { linkRequest, redirectFields } from '../links/linkRequest.ts';
import { sendEmailChange } from '../links/sendEmailChange.ts';
import { sendLink } from '../links/sendLink.ts';
import { findUserByEmail } from '../users/findUser.ts';

const body = z.object({
  type: z.enum(['signup', 'email_change', 'sms', 'phone_change'], {
    error: 'use one of these types: signup, email_change',
  }),
  email: text.nullish(),
  ...redirectFields,
});

/** `POST /resend`: the confirmation of a sign-up or of a change of address once more. `{}` whether or not there was one to send. */
export function resendRoute(app: FastifyInstance, ctx: AuthContext): void {
  app.post('/resend', async (request) => {
    const input = readBody(body, request.body);
    if (input.type === 'sms' || input.type === 'phone_change') throw phoneProviderDisabled();
    const email = parseEmail(input.email);
    const { type } = input;
    const link = linkRequest(ctx, request, { body: input });
    await ctx.limiter.mail(type === 'signup' ? 'confirmation' : 'email_change', deviceOf(request), email);
    ctx.background.run('a mail could not be sent again', async () => {
      const user = await findUserByEmail(ctx.pool, email);
      if (user === undefined) return;
      if (type === 'signup' && user.email_confirmed_at === null) await sendLink(ctx, user, 'confirmation', link);
      if (type === 'email_change' && user.email_change !== '')
        await sendEmailChange(ctx, user, user.email_change, link);
    });
    return {};
  });
}
