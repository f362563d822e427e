import { bearerOf, principalOf } from '@connectgain/http';
import type { FastifyRequest } from 'fastify';
import type { AuthContext } from '../context.ts';
import { badJwt, noAuthorization, sessionNotFound, tokenUserNotFound, userBanned } from '../errors.ts';
import { isUuid } from '../users/findUser.ts';
import { isBanned, USER_COLUMNS, type UserRecord } from '../users/userRecord.ts';

/** The signed-in user of a request, as the database has them now, and the session of the token. */
export interface SignedIn {
  user: UserRecord;
  /** Null for a token that was signed without a session. */
  sessionId: string | null;
  aal: string;
}

/**
 * Checks the bearer token and that its session still exists: a token outlives its session by up to an hour, and this is where that ends.
 * Throws 401 `no_authorization`, 403 `bad_jwt`, `session_not_found`, `user_not_found`, 400 `user_banned`.
 */
export async function requireUser(ctx: AuthContext, request: FastifyRequest): Promise<SignedIn> {
  const bearer = bearerOf(request);
  if (bearer === undefined) throw noAuthorization();
  const claims = await ctx.tokens.verify(bearer);
  const { sub, session_id } = claims;
  if (sub === undefined || sub === '') throw badJwt('invalid claim: missing sub claim');
  if (!isUuid(sub)) throw badJwt('invalid claim: sub claim must be a UUID');
  if (session_id !== undefined && !isUuid(session_id)) throw badJwt('invalid claim: session_id claim must be a UUID');
  const result = await ctx.pool.query<UserRecord & { found_session: string | null; aal: string | null }>(
    `select ${USER_COLUMNS}, s.id as found_session, s.aal
     from auth.users u
     left join auth.sessions s on s.id = $2 and s.user_id = u.id and (s.not_after is null or s.not_after > now())
     where u.id = $1`,
    [sub, session_id ?? null],
  );
  const [row] = result.rows;
  if (row === undefined || row.deleted_at !== null) throw tokenUserNotFound();
  if (session_id !== undefined && row.found_session === null) throw sessionNotFound();
  if (isBanned(row)) throw userBanned();
  request.principal = principalOf(claims);
  return { user: row, sessionId: row.found_session, aal: row.aal ?? 'aal1' };
}
