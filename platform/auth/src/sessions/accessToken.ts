import type { AuthContext } from '../context.ts';
import type { UserRecord } from '../users/userRecord.ts';

/** How a session was proven (RFC 8176 `amr`, with GoTrue's method names). */
export interface AuthenticationMethod {
  method: string;
  /** Unix seconds. */
  timestamp: number;
}

/** What an access token says of its session. */
export interface SessionClaims {
  id: string;
  aal: string;
  amr: AuthenticationMethod[];
}

/** Claims that the product's hook cannot replace: they decide who is asking. */
const OWN_CLAIMS = new Set([
  'iss',
  'sub',
  'aud',
  'exp',
  'iat',
  'nbf',
  'jti',
  'role',
  'email',
  'phone',
  'aal',
  'amr',
  'session_id',
  'is_anonymous',
]);

/** Signs an access token with GoTrue's claims (https://supabase.com/docs/guides/auth/jwt-fields) and those of the product's hook. */
export async function signAccessToken(
  ctx: AuthContext,
  user: UserRecord,
  session: SessionClaims,
  seconds: number,
): Promise<{ token: string; expiresAt: number }> {
  const extra = Object.entries(await ctx.extraClaims(user.id)).filter(([name]) => !OWN_CLAIMS.has(name));
  const issuedAt = Math.floor(Date.now() / 1000);
  const token = await ctx.tokens.sign(
    {
      ...Object.fromEntries(extra),
      iat: issuedAt,
      aud: user.aud,
      sub: user.id,
      email: user.email ?? '',
      phone: user.phone ?? '',
      app_metadata: user.raw_app_meta_data,
      user_metadata: user.raw_user_meta_data,
      role: user.role,
      aal: session.aal,
      amr: session.amr,
      session_id: session.id,
      is_anonymous: user.is_anonymous,
    },
    { expiresIn: seconds },
  );
  return { token, expiresAt: issuedAt + seconds };
}
