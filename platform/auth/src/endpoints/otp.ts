import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { metadata, readBody, text } from '../bodies.ts';
import type { AuthContext } from '../context.ts';
import { deviceOf } from '../device.ts';
import { parseEmail } from '../emailAddress.ts';
import { phoneProviderDisabled } from '../errors.ts';
import { linkRequest, redirectFields } from '../links/linkRequest.ts';
import { sendLink } from '../links/sendLink.ts';
import { findUserByEmail } from '../users/findUser.ts';
import { insertPending } from '../users/insertPending.ts';
import { isBanned } from '../users/userRecord.ts';

const body = z.object({
  email: text.nullish(),
  phone: text.nullish(),
  create_user: z.boolean().nullish(),
  data: metadata.nullish(),
  ...redirectFields,
});

/**
 * `POST /otp` and its older name `POST /magiclink`: mails a link and a code that sign in. Unless `create_user` is false, an unknown address
 * gets an account, confirmed by the link. The answer is `{}` in every case, for the reason told at `/recover`.
 */
export function otpRoutes(app: FastifyInstance, ctx: AuthContext): void {
  app.post('/otp', (request) => requestLink(ctx, request));
  app.post('/magiclink', (request) => requestLink(ctx, request));
}

async function requestLink(ctx: AuthContext, request: FastifyRequest): Promise<object> {
  const input = readBody(body, request.body);
  if (input.phone) throw phoneProviderDisabled();
  const email = parseEmail(input.email);
  const device = deviceOf(request);
  const data = input.data ?? {};
  const link = linkRequest(ctx, request, { body: input });
  await ctx.limiter.mail('magiclink', device, email);
  ctx.background.run('a sign-in link could not be made', async () => {
    const user = await findUserByEmail(ctx.pool, email);
    if (user !== undefined) {
      if (isBanned(user)) return;
      await sendLink(ctx, user, 'magiclink', link);
      return;
    }
    if (input.create_user === false || ctx.settings.disableSignup) return;
    const created = await insertPending(ctx, { email, data, ip: device.ip });
    await sendLink(ctx, created, 'confirmation', link);
  });
  return {};
}
