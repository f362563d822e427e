import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { metadata, readBody, text } from '../bodies.ts';
import type { AuthContext } from '../context.ts';
import { deviceOf } from '../device.ts';
import { parseEmail } from '../emailAddress.ts';
import { anonymousProviderDisabled, phoneProviderDisabled, signupDisabled, validationFailed } from '../errors.ts';
import { linkRequest, redirectFields } from '../links/linkRequest.ts';
import { checkPasswordStrength } from '../passwords.ts';
import { issueSession } from '../sessions/issueSession.ts';
import { signUp } from '../users/signUp.ts';

const body = z.object({
  email: text.nullish(),
  phone: text.nullish(),
  password: text.nullish(),
  data: metadata.nullish(),
  ...redirectFields,
});

/** `POST /signup`: a session where accounts confirm themselves, otherwise the user who now has a mail to open. */
export function signupRoute(app: FastifyInstance, ctx: AuthContext): void {
  app.post('/signup', async (request) => {
    const input = readBody(body, request.body);
    const device = deviceOf(request);
    await ctx.limiter.request('signUpPerAddress', device);
    if (ctx.settings.disableSignup) throw signupDisabled();
    if (input.phone) throw phoneProviderDisabled('Phone signups are disabled: use an e-mail.');
    if (!input.email && !input.password) throw anonymousProviderDisabled();
    const email = parseEmail(input.email);
    if (!input.password) throw validationFailed('Signup requires a valid password');
    checkPasswordStrength(input.password, ctx.settings.passwordMinLength);
    if (!ctx.settings.autoConfirm) await ctx.limiter.mail('confirmation', device, email);
    // Before it is known whether the address is taken, so that both take the same time.
    const passwordHash = await ctx.passwords.hash(input.password);
    const data = input.data ?? {};
    const link = linkRequest(ctx, request, { body: input });
    const outcome = await signUp(ctx, { email, passwordHash, data, device, link });
    if (outcome.kind === 'pending') return outcome.user;
    await ctx.requireCanSignIn(outcome.user.id);
    return await issueSession(ctx, { userId: outcome.user.id, method: 'password', device });
  });
}
