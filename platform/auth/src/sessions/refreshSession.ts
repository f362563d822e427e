import { transaction } from '@connectgain/postgres';
import { audit } from '../audit.ts';
import type { AuthContext } from '../context.ts';
import type { Queryable } from '../database.ts';
import type { Device } from '../device.ts';
import { refreshTokenAlreadyUsed, refreshTokenNotFound, sessionExpired, userBanned } from '../errors.ts';
import { isBanned, USER_COLUMNS, type UserRecord } from '../users/userRecord.ts';
import type { AuthenticationMethod } from './accessToken.ts';
import { refreshTokenHash, successorOf } from './refreshToken.ts';
import { answerSession, type SessionAnswer } from './sessionAnswer.ts';

/**
 * Exchanges a refresh token for a new pair. Each token is good once. Shown again within `refreshReuseSeconds` it gets the same successor (two
 * tabs, an answer lost on the way); later than that the session ends for everybody who holds a token of it (RFC 9700 section 4.14.2).
 *
 * Throws 400 `refresh_token_not_found`, `refresh_token_already_used`, `session_expired`, `user_banned`, or the product's refusal.
 */
export async function refreshSession(ctx: AuthContext, token: string, device: Device): Promise<SessionAnswer> {
  const found = await findSession(ctx.pool, token);
  if (found === undefined) throw refreshTokenNotFound();
  if (isBanned(found)) throw userBanned('Invalid Refresh Token: User Banned');
  if (found.not_after !== null && found.not_after.getTime() <= Date.now()) throw sessionExpired();
  // Asked before the token is used up, and outside the transaction: the product has queries of its own to make.
  await ctx.requireCanSignIn(found.id);
  const refreshToken = await rotate(ctx, found, token, device);
  return await answerSession(ctx, {
    user: found,
    session: { id: found.session_id, aal: found.aal, amr: found.amr },
    accessTokenSeconds: found.access_token_seconds,
    refreshToken,
  });
}

type FoundSession = UserRecord & {
  session_id: string;
  aal: string;
  amr: AuthenticationMethod[];
  not_after: Date | null;
  access_token_seconds: number | null;
};

async function findSession(db: Queryable, token: string): Promise<FoundSession | undefined> {
  const result = await db.query<FoundSession>(
    `select ${USER_COLUMNS}, s.id as session_id, s.aal, s.not_after, s.access_token_seconds, (
       select coalesce(jsonb_agg(jsonb_build_object(
         'method', c.authentication_method, 'timestamp', floor(extract(epoch from c.updated_at))
       ) order by c.updated_at desc), '[]')
       from auth.mfa_amr_claims c where c.session_id = s.id
     ) as amr
     from auth.refresh_tokens t
     join auth.sessions s on s.id = t.session_id
     join auth.users u on u.id = s.user_id
     where t.token_hash = $1`,
    [refreshTokenHash(token)],
  );
  return result.rows[0];
}

/** The token to hand out instead of `token`. */
async function rotate(ctx: AuthContext, session: FoundSession, token: string, device: Device): Promise<string> {
  const sessionId = session.session_id;
  const outcome = await transaction(ctx.pool, async (client): Promise<string | 'gone' | 'reused'> => {
    // One refresh of a session at a time; whoever comes second sees what the first one did.
    const locked = await client.query('select 1 from auth.sessions where id = $1 for update', [sessionId]);
    if (locked.rowCount === 0) return 'gone';
    const next = await nextInChain(ctx, client, token);
    if (next === 'reused') {
      await client.query('delete from auth.sessions where id = $1', [sessionId]);
      const payload = { reason: 'refresh token used again', session_id: sessionId, user_agent: device.userAgent };
      await audit(client, { action: 'token_revoked', userId: session.id, ip: device.ip, payload });
      return next;
    }
    await client.query(
      `update auth.sessions
       set refreshed_at = now(), updated_at = now(), user_agent = coalesce($2, user_agent), ip = coalesce($3, ip)
       where id = $1`,
      [sessionId, device.userAgent, device.ip],
    );
    return next;
  });
  if (outcome === 'gone') throw refreshTokenNotFound();
  if (outcome === 'reused') {
    ctx.log.warn(
      { user_id: session.id, session_id: sessionId, ip: device.ip },
      'a used refresh token came back: session ended',
    );
    throw refreshTokenAlreadyUsed();
  }
  return outcome;
}

/** Uses `token` up, or follows the chain of tokens that were used moments ago to its end. */
async function nextInChain(ctx: AuthContext, client: Queryable, token: string): Promise<string | 'gone' | 'reused'> {
  let current = token;
  // Every step was made within the reuse interval, so the chain is short; the bound only guards against the unforeseen.
  for (let step = 0; step < 100; step++) {
    const result = await client.query<{ id: string; session_id: string; used: boolean; recent: boolean }>(
      `select id, session_id, used_at is not null as used,
              coalesce(used_at > clock_timestamp() - make_interval(secs => $2), false) as recent
       from auth.refresh_tokens where token_hash = $1`,
      [refreshTokenHash(current), ctx.settings.refreshReuseSeconds],
    );
    const [row] = result.rows;
    if (row === undefined) return step === 0 ? 'gone' : 'reused';
    const next = successorOf(current, ctx.keys.refresh);
    if (!row.used) {
      // Somebody else's refresh made this one a moment ago and has not used it yet.
      if (step > 0) return current;
      await client.query(
        `with used as (update auth.refresh_tokens set used_at = clock_timestamp() where id = $1)
         insert into auth.refresh_tokens (session_id, parent_id, token_hash) values ($2, $1, $3)`,
        [row.id, row.session_id, refreshTokenHash(next)],
      );
      return next;
    }
    if (!row.recent) return 'reused';
    current = next;
  }
  return 'reused';
}
