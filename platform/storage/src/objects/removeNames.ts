import { type Database, type Principal, runAs } from '@connectgain/postgres';
import { type ObjectRow, objectColumns } from './objectRow.ts';

export interface WantedName {
  path: string;
  /** Only if this is the file's version; null for whichever it has. */
  versionId: string | null;
}

/** Removes the rows that this principal may delete and returns them. Their bytes are the sweeper's. */
export async function removeNames(
  database: Pick<Database, 'requests'>,
  principal: Principal,
  bucketId: string,
  names: readonly (string | WantedName)[],
): Promise<ObjectRow[]> {
  const wanted = names.map((name) => (typeof name === 'string' ? { path: name, versionId: null } : name));
  const [result] = await runAs(database.requests, principal, [
    {
      text: `delete from storage.objects
             where bucket_id = $1 and name = any($2) and exists (
               select from unnest($2::text[], $3::text[]) as wanted (path, version_id)
               where wanted.path = name and (wanted.version_id is null or wanted.version_id = version))
             returning ${objectColumns}`,
      values: [bucketId, wanted.map(({ path }) => path), wanted.map(({ versionId }) => versionId)],
    },
  ]);
  return result?.rows ?? [];
}
