import type { Queryable } from '../database.ts';

/** Which sessions of a user end: all, one, or all but one. Their refresh tokens go with them. Returns how many ended. */
export type EndSessions =
  | { userId: string }
  | { userId: string; only: string }
  | { userId: string; except: string | null };

export async function endSessions(db: Queryable, o: EndSessions): Promise<number> {
  const only = 'only' in o ? o.only : null;
  const except = 'except' in o ? o.except : null;
  const result = await db.query(
    `delete from auth.sessions
     where user_id = $1 and ($2::uuid is null or id = $2) and ($3::uuid is null or id <> $3)`,
    [o.userId, only, except],
  );
  return result.rowCount ?? 0;
}
