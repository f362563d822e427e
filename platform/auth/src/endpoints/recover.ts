import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { readBody, text } from '../bodies.ts';
import type { AuthContext } from '../context.ts';
import { deviceOf } from '../device.ts';
import { parseEmail } from '../emailAddress.ts';
import { linkRequest, redirectFields } from '../links/linkRequest.ts';
import { sendLink } from '../links/sendLink.ts';
import { findUserByEmail } from '../users/findUser.ts';
import { isBanned } from '../users/userRecord.ts';

const body = z.object({ email: text.nullish(), ...redirectFields });

/**
 * `POST /recover`: mails a link that signs in and lets the user choose a new password. Answer, status, limits and time are the same whether or
 * not the address has an account; whatever is done happens after the answer.
 */
export function recoverRoute(app: FastifyInstance, ctx: AuthContext): void {
  app.post('/recover', async (request) => {
    const input = readBody(body, request.body);
    const email = parseEmail(input.email);
    const link = linkRequest(ctx, request, { body: input, fallbackPath: '/reset-password' });
    await ctx.limiter.mail('recovery', deviceOf(request), email);
    ctx.background.run('a recovery mail could not be made', async () => {
      const user = await findUserByEmail(ctx.pool, email);
      if (user === undefined || isBanned(user)) return;
      await sendLink(ctx, user, 'recovery', link);
    });
    return { message: 'Password recovery email sent' };
  });
}
