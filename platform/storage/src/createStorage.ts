import type { Readable } from 'node:stream';
import type { Principal } from '@connectgain/postgres';
import { subjectOf } from './caller.ts';
import { asSystem, type StorageContext } from './context.ts';
import { createContext, type StorageOptions } from './createContext.ts';
import { type ByteRange, MissingBytes } from './driver/driver.ts';
import { noSuchKey } from './errors.ts';
import { requireBucketName, requireObjectName } from './names.ts';
import { requireLimits } from './objects/buckets.ts';
import { findObject, requireObject } from './objects/findObject.ts';
import type { FileMetadata, UserMetadata } from './objects/objectRow.ts';
import { removeNames } from './objects/removeNames.ts';
import { signDownload } from './signatures.ts';
import { type ByteSource, bytesOf } from './upload/byteStreams.ts';
import { cacheControlOf, encodingOf } from './upload/fileHeaders.ts';
import { writeObject } from './upload/writeObject.ts';

export interface PutOptions {
  /** `image/jpeg`; `application/octet-stream` when absent. */
  contentType?: string;
  /** Seconds, or a whole `Cache-Control` value; an hour when absent. */
  cacheControl?: string;
  contentEncoding?: string;
  /** Replace a file of that name; otherwise KeyAlreadyExists. */
  upsert?: boolean;
  /** Kept with the file and shown by `info`. */
  metadata?: UserMetadata;
  /** Subject (user id) that the file belongs to; the principal's own when absent. */
  owner?: string;
  signal?: AbortSignal;
}

export interface StoredObject {
  id: string;
  bucket: string;
  name: string;
  /** Bytes. */
  size: number;
  contentType: string;
  /** With quotes. */
  etag: string;
  version: string;
  metadata: UserMetadata;
}

/** Files as one principal sees them. Every method throws ApiError of the room's catalogue (`code`: NoSuchKey, AccessDenied, ...). */
export interface ObjectStore {
  /** Stores bytes or a stream, which is read chunk by chunk. The bucket's limits hold for every principal. */
  put(bucket: string, name: string, body: ByteSource, options?: PutOptions): Promise<StoredObject>;
  /** The file and its bytes; read or destroy the stream. */
  get(bucket: string, name: string, range?: ByteRange): Promise<StoredObject & { body: Readable }>;
  /** Undefined where there is no such file for this principal. */
  find(bucket: string, name: string): Promise<StoredObject | undefined>;
  /** Returns the names that are gone now; missing ones are fine. */
  remove(bucket: string, names: readonly string[]): Promise<string[]>;
  /** An absolute URL that anyone may read the file at. `download` names it for saving, '' by its own name. */
  createSignedUrl(bucket: string, name: string, options: { expiresIn: number; download?: string }): Promise<string>;
}

export interface Storage {
  /** Past row level security: for jobs and webhooks, which act for the server itself. Say so where you call it. */
  asSystem(): ObjectStore;
  /** Under the policies of somebody. */
  as(principal: Principal): ObjectStore;
  /** URL of a file in a public bucket. */
  publicUrl(bucket: string, name: string): string;
  /** Removes bytes that nothing refers to any more: run it at start and once an hour. Returns how many. */
  sweep(): Promise<number>;
  /** Resolves when nothing runs in the background. */
  close(): Promise<void>;
}

/** Files for server code, over the same rows and bytes as the HTTP routes. */
export function createStorage(options: StorageOptions): Storage {
  const storage = createContext(options);
  return {
    asSystem: () => objectStore(storage, asSystem),
    as: (principal) => objectStore(storage, principal),
    publicUrl: (bucket, name) => `${storage.publicUrl}/storage/v1/object/public/${pathOf(bucket, name)}`,
    sweep: () => storage.sweeper.sweep(),
    close: () => storage.sweeper.idle(),
  };
}

function objectStore(storage: StorageContext, principal: Principal): ObjectStore {
  return {
    async put(bucket, name, body, o = {}) {
      const limits = await requireLimits(storage.database, requireBucketName(bucket));
      const written = await writeObject(storage, {
        principal,
        bucket: limits,
        name: requireObjectName(name),
        owner: o.owner ?? subjectOf(principal),
        upsert: o.upsert ?? false,
        body: bytesOf(body),
        details: {
          mimeType: o.contentType ?? 'application/octet-stream',
          cacheControl: cacheControlOf(o.cacheControl ?? '3600'),
          contentEncoding: encodingOf(o.contentEncoding),
          userMetadata: o.metadata,
        },
        announcedSize: body instanceof Uint8Array ? body.byteLength : undefined,
        signal: o.signal,
      });
      return describe(bucket, name, written.id, written.version, written.metadata, o.metadata);
    },

    async get(bucket, name, range) {
      for (let attempt = 1; ; attempt++) {
        const row = await requireObject(storage.database, principal, bucket, name);
        if (row.version === null || row.metadata === null) throw noSuchKey();
        try {
          const body = await storage.driver.read(row.version, range);
          return { ...describe(bucket, name, row.id, row.version, row.metadata, row.user_metadata), body };
        } catch (error) {
          // Replaced in between: the row names other bytes by now.
          if (!(error instanceof MissingBytes)) throw error;
          if (attempt === 3) throw noSuchKey(undefined, { cause: error });
        }
      }
    },

    async find(bucket, name) {
      const row = await findObject(storage.database, principal, bucket, name);
      if (row === undefined || row.version === null || row.metadata === null) return undefined;
      return describe(bucket, name, row.id, row.version, row.metadata, row.user_metadata);
    },

    async remove(bucket, names) {
      const removed = await removeNames(storage.database, principal, bucket, names);
      storage.sweeper.soon();
      return removed.map((row) => row.name);
    },

    async createSignedUrl(bucket, name, { expiresIn, download }) {
      await requireObject(storage.database, principal, bucket, name);
      const token = await signDownload(storage.tokens, bucket, name, expiresIn);
      const query = new URLSearchParams({ token, ...(download === undefined ? {} : { download }) });
      return `${storage.publicUrl}/storage/v1/object/sign/${pathOf(bucket, name)}?${query}`;
    },
  };
}

function describe(
  bucket: string,
  name: string,
  id: string,
  version: string,
  metadata: FileMetadata,
  userMetadata: UserMetadata | null | undefined,
): StoredObject {
  return {
    id,
    bucket,
    name,
    version,
    size: metadata.size,
    contentType: metadata.mimetype,
    etag: metadata.eTag,
    metadata: userMetadata ?? {},
  };
}

function pathOf(bucket: string, name: string): string {
  return `${bucket}/${name}`.split('/').map(encodeURIComponent).join('/');
}
