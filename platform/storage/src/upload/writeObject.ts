import type { Principal } from '@connectgain/postgres';
import { MAX_UPLOAD_MS, type StorageContext } from '../context.ts';
import { entityTooLarge, invalidMimeType, noSpaceLeft, tookTooLong } from '../errors.ts';
import { isFolderPlaceholder } from '../names.ts';
import type { BucketLimits } from '../objects/buckets.ts';
import { commitObject, type ObjectDraft, rehearseCommit } from '../objects/commitObject.ts';
import type { FileMetadata, UserMetadata } from '../objects/objectRow.ts';
import { capped, inspected, interruptible } from './byteStreams.ts';
import { essenceOf, requireListed, requireListedContent, SNIFF_BYTES, withCharset } from './mimePolicy.ts';

/** What comes with the bytes. */
export interface FileDetails {
  /** `Content-Type` as declared. */
  mimeType: string;
  /** A whole `Cache-Control` value. */
  cacheControl: string;
  contentEncoding?: string;
  userMetadata?: UserMetadata;
}

export interface WriteRequest {
  /** Whose policies decide. */
  principal: Principal;
  bucket: BucketLimits;
  /** Checked by requireObjectName. */
  name: string;
  /** Subject that the file will belong to. */
  owner: string | undefined;
  upsert: boolean;
  body: AsyncIterable<Uint8Array>;
  /** What is known before the body. */
  details: FileDetails;
  /** What is known after it, where a form told more; `details` when absent. */
  finish?: () => Promise<FileDetails>;
  /** Bytes as announced, never more than the truth; undefined where nobody said. */
  announcedSize?: number;
  signal?: AbortSignal;
}

export interface WrittenObject {
  id: string;
  version: string;
  metadata: FileMetadata;
}

/**
 * Stores a file: asks whether the principal may, writes the bytes under a new version, points the row at them. A failure at any point
 * leaves the file as it was; bytes that were written by then are removed now, or by the sweeper after a crash.
 *
 * Throws EntityTooLarge, InvalidMimeType, what commitObject throws, what the body throws, InsufficientStorage, RequestTimeout.
 */
export async function writeObject(storage: StorageContext, request: WriteRequest): Promise<WrittenObject> {
  const { bucket, name, principal } = request;
  const isPlaceholder = isFolderPlaceholder(name);
  const limit = isPlaceholder ? 0 : Math.min(bucket.maxBytes ?? Number.POSITIVE_INFINITY, storage.maxFileBytes);
  if (!isPlaceholder && request.announcedSize !== undefined && request.announcedSize > limit) throw entityTooLarge();
  if (!isPlaceholder) requireListed(request.details.mimeType, bucket.allowedTypes);

  const version = crypto.randomUUID();
  const draft = (metadata: Partial<FileMetadata>, details: FileDetails): ObjectDraft => ({
    bucketId: bucket.id,
    name,
    owner: request.owner,
    version,
    metadata,
    userMetadata: details.userMetadata,
    upsert: request.upsert,
  });
  await rehearseCommit(storage.database.requests, principal, draft(announced(request), request.details));

  await storage.database.owner.query("insert into storage.orphans (version, reason) values ($1, 'writing')", [version]);
  try {
    const allowed = isPlaceholder ? undefined : bucket.allowedTypes;
    let mimeType = request.details.mimeType;
    const body = inspected(limited(request, limit), SNIFF_BYTES, async (head) => {
      await requireListedContent(mimeType, head, allowed);
      mimeType = withCharset(mimeType, head);
    });
    const written = await storage.driver.write(version, body, { contentType: request.details.mimeType });
    const details = { ...((await request.finish?.()) ?? request.details), mimeType };
    const metadata = fileMetadata(details, written);
    const id = await commitObject(storage.database.requests, principal, draft(metadata, details));
    // Only after the commit: now the bytes that the row had before belong to nobody.
    storage.sweeper.soon();
    return { id, version, metadata };
  } catch (error) {
    await storage.sweeper.discard(version).catch((cause: unknown) => {
      storage.log.warn({ err: cause, version }, 'could not remove the bytes of a failed upload; the sweeper will');
    });
    throw refined(error);
  }
}

/** The body, cut off when it gets too long, when the caller goes away and when it takes too long. */
function limited(request: WriteRequest, limit: number): AsyncGenerator<Uint8Array> {
  const deadline = AbortSignal.timeout(MAX_UPLOAD_MS);
  const signal = request.signal === undefined ? deadline : AbortSignal.any([request.signal, deadline]);
  return capped(interruptible(request.body, signal), limit);
}

export function fileMetadata(details: FileDetails, written: { size: number; etag: string }): FileMetadata {
  return {
    eTag: written.etag,
    size: written.size,
    // What is not a media type would go out as a header later.
    mimetype: essenceOf(details.mimeType) === undefined ? 'application/octet-stream' : details.mimeType,
    cacheControl: details.cacheControl,
    lastModified: new Date().toISOString(),
    contentLength: written.size,
    httpStatusCode: 200,
    ...(details.contentEncoding === undefined ? {} : { contentEncoding: details.contentEncoding }),
  };
}

/** Metadata as far as the announcement goes, for policies that look at type and size. */
function announced({ details, announcedSize }: WriteRequest): Partial<FileMetadata> {
  return {
    mimetype: details.mimeType,
    cacheControl: details.cacheControl,
    ...(announcedSize === undefined ? {} : { size: announcedSize, contentLength: announcedSize }),
  };
}

function refined(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if ('code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')) {
    return noSpaceLeft(undefined, { cause: error });
  }
  return error.name === 'TimeoutError' ? tookTooLong(undefined, { cause: error }) : error;
}

/** A file that is already stored may be too large or of a wrong type for the bucket it is to go to. */
export function requireFits(storage: StorageContext, bucket: BucketLimits, metadata: FileMetadata | null): void {
  const limit = Math.min(bucket.maxBytes ?? Number.POSITIVE_INFINITY, storage.maxFileBytes);
  if (metadata !== null && metadata.size > limit) throw entityTooLarge();
  if (bucket.allowedTypes === undefined) return;
  if (metadata === null) throw invalidMimeType('unknown');
  requireListed(metadata.mimetype, bucket.allowedTypes);
}
