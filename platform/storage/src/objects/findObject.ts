import { type Database, type Principal, runAs } from '@connectgain/postgres';
import { noSuchKey } from '../errors.ts';
import { type ObjectRow, objectColumns } from './objectRow.ts';

type Requests = Pick<Database, 'requests'>;

/** The row, if this principal may see it. */
export async function findObject(
  database: Requests,
  principal: Principal,
  bucketId: string,
  name: string,
): Promise<ObjectRow | undefined> {
  const [found] = await runAs(database.requests, principal, [
    {
      name: 'storage_find_object',
      text: `select ${objectColumns} from storage.objects where bucket_id = $1 and name = $2`,
      values: [bucketId, name],
    },
  ]);
  return found?.rows[0];
}

/** As findObject, but an absent or invisible row is NoSuchKey. */
export async function requireObject(
  database: Requests,
  principal: Principal,
  bucketId: string,
  name: string,
): Promise<ObjectRow> {
  const row = await findObject(database, principal, bucketId, name);
  if (row === undefined) throw noSuchKey();
  return row;
}

/** Which of these names exist for this principal. */
export async function findNames(
  database: Requests,
  principal: Principal,
  bucketId: string,
  names: readonly string[],
): Promise<Set<string>> {
  const [found] = await runAs(database.requests, principal, [
    { text: 'select name from storage.objects where bucket_id = $1 and name = any($2)', values: [bucketId, names] },
  ]);
  const rows: { name: string }[] = found?.rows ?? [];
  return new Set(rows.map((row) => row.name));
}
