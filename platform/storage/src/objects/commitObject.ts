import { type Principal, transactionAs } from '@connectgain/postgres';
import type { Pool, PoolClient } from 'pg';
import { accessDenied, keyAlreadyExists, noSuchBucket, noSuchKey } from '../errors.ts';
import { type FileMetadata, ownerColumns, type UserMetadata } from './objectRow.ts';
import { violated } from './violated.ts';

/** A file as its row will say. */
export interface ObjectDraft {
  bucketId: string;
  name: string;
  /** Subject of the uploader's token. */
  owner: string | undefined;
  version: string;
  metadata: Partial<FileMetadata>;
  userMetadata: UserMetadata | undefined;
  /** Replace a file of that name; otherwise one makes the upload fail. */
  upsert: boolean;
}

/**
 * Points the row at new bytes, as the principal: policies see the finished row, its size and type included. Writes of one name follow one
 * another, so two at once end with one of them whole.
 *
 * Throws KeyAlreadyExists, AccessDenied, NoSuchKey (a file is there that the principal may not see), NoSuchBucket.
 * @returns the row's id
 */
export async function commitObject(pool: Pool, principal: Principal, draft: ObjectDraft): Promise<string> {
  return await transactionAs(pool, principal, (client) => writeRow(client, draft));
}

/**
 * Would the write be allowed? Does it and takes it back, before a stranger's bytes are accepted. What the body will tell later (its size,
 * its fields) may be missing from the draft; the commit decides again.
 */
export async function rehearseCommit(pool: Pool, principal: Principal, draft: ObjectDraft): Promise<void> {
  await transactionAs(pool, principal, async (client) => {
    await client.query('savepoint rehearsal');
    await writeRow(client, draft);
    await client.query('rollback to rehearsal');
  });
}

async function writeRow(client: PoolClient, draft: ObjectDraft): Promise<string> {
  await client.query({
    name: 'storage_lock_name',
    text: 'select pg_advisory_xact_lock(hashtextextended($1, 0))',
    values: [`storage.objects ${draft.bucketId}/${draft.name}`],
  });
  if (!draft.upsert) return await insertRow(client, draft, keyAlreadyExists);
  const replaced = await updateRow(client, draft);
  if (replaced !== undefined) return replaced;
  if (await isVisible(client, draft)) throw accessDenied();
  return await insertRow(client, draft, noSuchKey);
}

async function insertRow(client: PoolClient, draft: ObjectDraft, whenThere: () => Error): Promise<string> {
  // The id is made here: RETURNING would need the right to read, which an uploader may lack.
  const id = crypto.randomUUID();
  try {
    await client.query({
      name: 'storage_insert_object',
      text: `insert into storage.objects (id, bucket_id, name, version, metadata, user_metadata, owner, owner_id)
             values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      values: [id, draft.bucketId, draft.name, ...valuesOf(draft)],
    });
  } catch (error) {
    if (violated(error, 'objects_bucket_id_name_key')) throw whenThere();
    if (violated(error, 'objects_bucket_id_fkey')) throw noSuchBucket();
    throw error;
  }
  return id;
}

async function updateRow(client: PoolClient, draft: ObjectDraft): Promise<string | undefined> {
  const { rows } = await client.query<{ id: string }>({
    name: 'storage_replace_object',
    text: `update storage.objects set version = $3, metadata = $4, user_metadata = $5, owner = $6, owner_id = $7
           where bucket_id = $1 and name = $2 returning id`,
    values: [draft.bucketId, draft.name, ...valuesOf(draft)],
  });
  return rows[0]?.id;
}

async function isVisible(client: PoolClient, draft: ObjectDraft): Promise<boolean> {
  const found = await client.query('select from storage.objects where bucket_id = $1 and name = $2', [
    draft.bucketId,
    draft.name,
  ]);
  return found.rowCount !== 0;
}

function valuesOf(draft: ObjectDraft): unknown[] {
  const { owner, ownerId } = ownerColumns(draft.owner);
  const userMetadata = draft.userMetadata === undefined ? null : JSON.stringify(draft.userMetadata);
  return [draft.version, JSON.stringify(draft.metadata), userMetadata, owner, ownerId];
}
