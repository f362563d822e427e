import type { Principal } from '@connectgain/postgres';
import type { StorageContext } from '../context.ts';
import { MissingBytes } from '../driver/driver.ts';
import { noSuchKey } from '../errors.ts';
import { requireFits } from '../upload/writeObject.ts';
import { requireLimits } from './buckets.ts';
import { commitObject, type ObjectDraft, rehearseCommit } from './commitObject.ts';
import { findObject, requireObject } from './findObject.ts';
import type { FileMetadata, ObjectRow, UserMetadata } from './objectRow.ts';

export interface CopyRequest {
  principal: Principal;
  owner: string | undefined;
  from: { bucket: string; name: string };
  to: { bucket: string; name: string };
  upsert: boolean;
  /** What the copy says instead of the source. */
  changes: { mimetype?: string; cacheControl?: string; contentEncoding?: string };
  userMetadata: 'keep' | { replace: UserMetadata | undefined };
}

/**
 * Copies a file, bytes included, in the same order as an upload: rights, bytes under a new version, row. The limits of the bucket it goes
 * to apply. Throws NoSuchKey, NoSuchBucket, EntityTooLarge, InvalidMimeType and what commitObject throws.
 *
 * @returns the new row, as far as the one who copied may know it
 */
export async function copyStored(storage: StorageContext, request: CopyRequest): Promise<ObjectRow> {
  const { principal, from, to } = request;
  const source = await requireObject(storage.database, principal, from.bucket, from.name);
  if (source.version === null || source.metadata === null) throw noSuchKey();
  const metadata: FileMetadata = { ...source.metadata, ...definedOnly(request.changes) };
  requireFits(storage, await requireLimits(storage.database, to.bucket), metadata);

  const version = crypto.randomUUID();
  const draft: ObjectDraft = {
    bucketId: to.bucket,
    name: to.name,
    owner: request.owner,
    version,
    metadata,
    userMetadata: request.userMetadata === 'keep' ? (source.user_metadata ?? undefined) : request.userMetadata.replace,
    upsert: request.upsert,
  };
  const { owner, requests } = storage.database;
  await rehearseCommit(requests, principal, draft);
  await owner.query("insert into storage.orphans (version, reason) values ($1, 'writing')", [version]);
  try {
    const copied = await storage.driver.copy(source.version, version);
    const finished = { ...metadata, eTag: copied.etag ?? metadata.eTag, lastModified: new Date().toISOString() };
    const id = await commitObject(requests, principal, { ...draft, metadata: finished });
    storage.sweeper.soon();
    const visible = await findObject(storage.database, principal, to.bucket, to.name);
    if (visible !== undefined) return visible;
    const now = new Date();
    return {
      id,
      bucket_id: to.bucket,
      name: to.name,
      owner: null,
      owner_id: request.owner ?? null,
      version,
      metadata: finished,
      user_metadata: draft.userMetadata ?? null,
      created_at: now,
      updated_at: now,
      last_accessed_at: now,
    };
  } catch (error) {
    await storage.sweeper.discard(version).catch((cause: unknown) => {
      storage.log.warn({ err: cause, version }, 'could not remove the bytes of a failed copy; the sweeper will');
    });
    throw error instanceof MissingBytes ? noSuchKey(undefined, { cause: error }) : error;
  }
}

function definedOnly<T extends object>(changes: T): Partial<T> {
  const copy: Partial<T> = { ...changes };
  for (const key in copy) if (copy[key] === undefined) delete copy[key];
  return copy;
}
