import type { AuthContext } from '../context.ts';
import type { Device } from '../device.ts';
import { NO_DEVICE } from '../device.ts';
import { userNotFound } from '../errors.ts';
import { USER_COLUMNS, type UserRecord } from '../users/userRecord.ts';
import { newRefreshToken, refreshTokenHash } from './refreshToken.ts';
import { answerSession, type SessionAnswer } from './sessionAnswer.ts';

export interface NewSession {
  userId: string;
  /** How the user proved who they are: `password`, `otp`, `invite`, ... Becomes the `amr` claim. */
  method: string;
  device?: Device;
  /** A name for the kind of client, such as `mobile`. */
  tag?: string;
  /** Seconds that access tokens of this session live; the server's default when absent. */
  accessTokenSeconds?: number;
  /** Seconds after which the session cannot be refreshed any more; no end when absent. */
  sessionSeconds?: number;
}

/**
 * Opens a session: one statement writes session, method, refresh token and log entry. Nothing is checked here; whoever calls has proven the
 * user and asked `requireCanSignIn`. Throws 404 for an unknown user.
 */
export async function issueSession(ctx: AuthContext, o: NewSession): Promise<SessionAnswer> {
  const { ip, userAgent } = o.device ?? NO_DEVICE;
  const refreshToken = newRefreshToken();
  const result = await ctx.pool.query<UserRecord & { session_id: string; session_at: Date }>(
    `with u as (
       update auth.users set last_sign_in_at = now(), updated_at = now() where id = $1 returning *
     ), s as (
       insert into auth.sessions (user_id, user_agent, ip, tag, access_token_seconds, not_after)
       select id, $3, $4, $5, $6, now() + make_interval(secs => $7) from u
       returning id, created_at
     ), methods as (
       insert into auth.mfa_amr_claims (session_id, authentication_method) select id, $2 from s
     ), tokens as (
       insert into auth.refresh_tokens (session_id, token_hash) select id, $8 from s
     ), entry as (
       insert into auth.audit_log_entries (action, user_id, ip_address, payload)
       select 'login', u.id, $4, jsonb_build_object('method', $2::text, 'session_id', s.id) from u, s
     )
     select ${USER_COLUMNS}, s.id as session_id, s.created_at as session_at from u, s`,
    [
      o.userId,
      o.method,
      userAgent,
      ip,
      o.tag ?? null,
      o.accessTokenSeconds ?? null,
      o.sessionSeconds ?? null,
      refreshTokenHash(refreshToken),
    ],
  );
  const [row] = result.rows;
  if (row === undefined) throw userNotFound();
  return await answerSession(ctx, {
    user: row,
    session: {
      id: row.session_id,
      aal: 'aal1',
      amr: [{ method: o.method, timestamp: Math.floor(row.session_at.getTime() / 1000) }],
    },
    accessTokenSeconds: o.accessTokenSeconds ?? null,
    refreshToken,
  });
}
