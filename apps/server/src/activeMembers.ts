import { type ApiError, forbidden } from '@connectgain/http';
import type { Database } from '@connectgain/postgres';

/** A member who was removed everywhere cannot sign in; one who left a single organization still can. Null: they may. */
export async function refuseInactive(database: Database, userId: string): Promise<ApiError | null> {
  const { rows } = await database.owner.query<{ allowed: boolean }>(
    `select coalesce(p.is_active and exists (select 1 from public.user_roles r where r.user_id = p.id and r.is_active), true) as allowed
     from (select $1::uuid as id) u left join public.profiles p on p.id = u.id`,
    [userId],
  );
  return rows[0]?.allowed === false
    ? forbidden('This account was deactivated. Ask an administrator of your team.')
    : null;
}
