import { type ApiError, toApiError } from '@connectgain/http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { readBody, readQuery, text } from '../bodies.ts';
import type { AuthContext } from '../context.ts';
import { deviceOf } from '../device.ts';
import { parseEmail } from '../emailAddress.ts';
import { inDialect } from '../errorEnvelope.ts';
import { phoneProviderDisabled, validationFailed } from '../errors.ts';
import { redirectFields, wantedRedirect } from '../links/linkRequest.ts';
import { resolveRedirect, withFragment } from '../redirects.ts';
import type { SessionAnswer } from '../sessions/sessionAnswer.ts';
import { HALF_MESSAGE, type Verification, verifyToken } from '../verify/verifyToken.ts';

const query = z.object({
  token: text.optional(),
  type: text.optional(),
  redirect_to: text.optional(),
});

const body = z.object({
  type: text.nullish(),
  token: text.nullish(),
  token_hash: text.nullish(),
  email: text.nullish(),
  phone: text.nullish(),
  ...redirectFields,
});

/**
 * `GET /verify`: the link in a mail. Answers 303 to the web app with the session, or with what is wrong, in the fragment, as auth-js reads
 * it. No HEAD: mail scanners send it, and it would use the link up.
 */
export function verifyLinkRoute(app: FastifyInstance, ctx: AuthContext): void {
  app.get('/verify', { exposeHeadRoute: false }, async (request, reply) => {
    const { token, type } = readQuery(query, request.query);
    if (!token) throw validationFailed('Verify requires a token or a token hash');
    if (!type) throw validationFailed('Verify requires a verification type');
    const fallbackPath = type === 'recovery' ? '/reset-password' : '/';
    const target = resolveRedirect(ctx.settings, wantedRedirect(request, {}), fallbackPath);
    const values = await verifyLink(ctx, request, { type, token });
    // The address of the next page carries a session: it must not travel on in a Referer header.
    return reply.header('referrer-policy', 'no-referrer').redirect(withFragment(target, values), 303);
  });
}

/** `POST /verify`: the same for `verifyOtp`, by `token_hash`, or by `email` and the six digits of its mail. */
export function verifyRoute(app: FastifyInstance, ctx: AuthContext): void {
  app.post('/verify', async (request) => {
    const input = readBody(body, request.body);
    if (!input.type) throw validationFailed('Verify requires a verification type');
    if (input.phone) throw phoneProviderDisabled();
    const device = deviceOf(request);
    await ctx.limiter.request('verifyPerAddress', device);
    const verified = await verifyToken(ctx, { type: input.type, proof: proofOf(input), device });
    return verified.kind === 'half' ? { msg: HALF_MESSAGE, code: '200' } : verified.session;
  });
}

function proofOf(input: z.infer<typeof body>): Verification['proof'] {
  if (input.token_hash) return { token: input.token_hash };
  if (!input.token) throw validationFailed('Verify requires a token or a token hash');
  // People copy codes with the spaces and dashes that a mail program or a keyboard put in.
  if (input.email) return { email: parseEmail(input.email), code: input.token.replace(/[\s-]/g, '') };
  throw validationFailed('Only an email address or phone number should be provided on verify');
}

/** What goes into the fragment. */
async function verifyLink(
  ctx: AuthContext,
  request: FastifyRequest,
  o: { type: string; token: string },
): Promise<Record<string, string>> {
  const device = deviceOf(request);
  try {
    await ctx.limiter.request('verifyPerAddress', device);
    const verified = await verifyToken(ctx, { type: o.type, proof: { token: o.token }, device });
    return verified.kind === 'half' ? { message: HALF_MESSAGE } : sessionValues(verified.session, o.type);
  } catch (thrown) {
    const error = inDialect(toApiError(thrown));
    if (error.status >= 500) throw thrown;
    return errorValues(error);
  }
}

function sessionValues(session: SessionAnswer, type: string): Record<string, string> {
  return {
    access_token: session.access_token,
    expires_at: String(session.expires_at),
    expires_in: String(session.expires_in),
    refresh_token: session.refresh_token,
    token_type: session.token_type,
    type,
  };
}

/** OAuth's names for the status (RFC 6749 section 4.1.2.1), as GoTrue puts them. */
function errorValues(error: ApiError): Record<string, string> {
  const names: Record<number, string> = { 400: 'invalid_request', 401: 'unauthorized_client', 403: 'access_denied' };
  const description = error.code === 'otp_expired' ? 'Email link is invalid or has expired' : error.message;
  return { error: names[error.status] ?? 'invalid_request', error_code: error.code, error_description: description };
}
