import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { readBody, readQuery, text } from '../bodies.ts';
import type { AuthContext } from '../context.ts';
import { deviceOf } from '../device.ts';
import { invalidCredentials, phoneProviderDisabled, validationFailed } from '../errors.ts';
import { refreshSession } from '../sessions/refreshSession.ts';
import type { SessionAnswer } from '../sessions/sessionAnswer.ts';
import { signInWithPassword } from '../sessions/signInWithPassword.ts';

const grantType = z.object({ grant_type: text.optional() });
const passwordBody = z.object({ email: text.nullish(), phone: text.nullish(), password: text.nullish() });
const refreshBody = z.object({ refresh_token: text.nullish() });

type Grant = (ctx: AuthContext, request: FastifyRequest) => Promise<SessionAnswer>;

const GRANTS = new Map<string, Grant>([
  ['password', passwordGrant],
  ['refresh_token', refreshTokenGrant],
]);

/** `POST /token?grant_type=password|refresh_token`: a session for credentials or for an earlier session's token. */
export function tokenRoute(app: FastifyInstance, ctx: AuthContext): void {
  app.post('/token', async (request) => {
    const name = readQuery(grantType, request.query).grant_type ?? readBody(grantType, request.body).grant_type;
    const grant = name === undefined ? undefined : GRANTS.get(name);
    // GoTrue's code for it, and its text with the way out added.
    if (grant === undefined) {
      throw invalidCredentials(
        `unsupported_grant_type: send grant_type=${[...GRANTS.keys()].join(' or ')} in the query.`,
      );
    }
    return await grant(ctx, request);
  });
}

async function passwordGrant(ctx: AuthContext, request: FastifyRequest): Promise<SessionAnswer> {
  const { email, phone, password } = readBody(passwordBody, request.body);
  if (email && phone) throw validationFailed('Only an email address or phone number should be provided on login.');
  if (phone) throw phoneProviderDisabled();
  if (!email) throw validationFailed('missing email or phone');
  // Not parsed: what cannot be an address simply has no account.
  const stored = email.trim().normalize('NFKC').toLowerCase();
  return await signInWithPassword(ctx, { email: stored, password: password ?? '', device: deviceOf(request) });
}

async function refreshTokenGrant(ctx: AuthContext, request: FastifyRequest): Promise<SessionAnswer> {
  const { refresh_token: token } = readBody(refreshBody, request.body);
  if (!token) throw validationFailed('refresh_token required');
  const device = deviceOf(request);
  await ctx.limiter.request('refreshPerAddress', device);
  return await refreshSession(ctx, token, device);
}
