import type { Queryable } from '../database.ts';
import { USER_COLUMNS, type UserRecord } from './userRecord.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(value: string): boolean {
  return UUID.test(value);
}

/** Undefined for an id that nobody has. `lock` keeps the row until the end of the transaction. */
export async function findUserById(
  db: Queryable,
  id: string,
  o: { lock?: boolean } = {},
): Promise<UserRecord | undefined> {
  const result = await db.query<UserRecord>(
    `select ${USER_COLUMNS} from auth.users u where u.id = $1 ${o.lock ? 'for update of u' : ''}`,
    [id],
  );
  return result.rows[0];
}

/** The account that signs in with this address (already in stored form); those of a company's identity provider are not meant. */
export async function findUserByEmail(
  db: Queryable,
  email: string,
  o: { lock?: boolean } = {},
): Promise<UserRecord | undefined> {
  const result = await db.query<UserRecord>(
    `select ${USER_COLUMNS} from auth.users u where u.email = $1 and not u.is_sso_user ${o.lock ? 'for update of u' : ''}`,
    [email],
  );
  return result.rows[0];
}
