import { type Database, type Principal, runAs } from '@connectgain/postgres';
import { asSystem } from '../context.ts';
import { noSuchBucket } from '../errors.ts';

/** A row of storage.buckets. `file_size_limit` is a bigint and comes as text. */
export interface BucketRow {
  id: string;
  name: string;
  owner: string | null;
  owner_id: string | null;
  public: boolean;
  file_size_limit: string | null;
  allowed_mime_types: string[] | null;
  created_at: Date;
  updated_at: Date;
}

/** A bucket's own limits, which bind everybody. */
export interface BucketLimits {
  id: string;
  public: boolean;
  /** Bytes; undefined where the bucket has no limit of its own. */
  maxBytes: number | undefined;
  /** Undefined where any type is allowed. */
  allowedTypes: readonly string[] | undefined;
}

export const bucketColumns =
  'id, name, owner, owner_id, public, file_size_limit, allowed_mime_types, created_at, updated_at';

/** Read as the system: whoever may write into a bucket need not be allowed to read its row. Throws NoSuchBucket. */
export async function requireLimits(database: Pick<Database, 'requests'>, id: string): Promise<BucketLimits> {
  const limits = await findLimits(database, id);
  if (limits === undefined) throw noSuchBucket();
  return limits;
}

export async function findLimits(database: Pick<Database, 'requests'>, id: string): Promise<BucketLimits | undefined> {
  const row = await findBucket(database, asSystem, id);
  if (row === undefined) return undefined;
  return {
    id: row.id,
    public: row.public,
    maxBytes: row.file_size_limit === null ? undefined : Number(row.file_size_limit),
    allowedTypes: row.allowed_mime_types?.length ? row.allowed_mime_types : undefined,
  };
}

/** The row, if this principal may see it. */
export async function findBucket(
  database: Pick<Database, 'requests'>,
  principal: Principal,
  id: string,
): Promise<BucketRow | undefined> {
  const [found] = await runAs(database.requests, principal, [
    {
      name: 'storage_find_bucket',
      text: `select ${bucketColumns} from storage.buckets where id = $1`,
      values: [id],
    },
  ]);
  return found?.rows[0];
}

/** As clients of the hosted service know it. */
export function bucketAnswer(row: BucketRow): Record<string, unknown> {
  return {
    id: row.id,
    name: row.name,
    owner: row.owner_id ?? row.owner ?? '',
    public: row.public,
    file_size_limit: row.file_size_limit === null ? null : Number(row.file_size_limit),
    allowed_mime_types: row.allowed_mime_types,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}
