import type { AuthContext } from '../context.ts';
import { type PublicUser, publicUser, type UserRecord } from '../users/userRecord.ts';
import { type SessionClaims, signAccessToken } from './accessToken.ts';

/** What a successful sign-in or refresh answers (GoTrue's AccessTokenResponse). */
export interface SessionAnswer {
  access_token: string;
  token_type: 'bearer';
  /** Seconds. */
  expires_in: number;
  /** Unix seconds. */
  expires_at: number;
  refresh_token: string;
  user: PublicUser;
}

export async function answerSession(
  ctx: AuthContext,
  o: { user: UserRecord; session: SessionClaims; accessTokenSeconds: number | null; refreshToken: string },
): Promise<SessionAnswer> {
  const seconds = o.accessTokenSeconds ?? ctx.settings.accessTokenSeconds;
  const { token, expiresAt } = await signAccessToken(ctx, o.user, o.session, seconds);
  return {
    access_token: token,
    token_type: 'bearer',
    expires_in: seconds,
    expires_at: expiresAt,
    refresh_token: o.refreshToken,
    user: publicUser(o.user),
  };
}
