import type { Readable } from 'node:stream';

/** Part of a file, both ends included, as in HTTP's `bytes=0-99`. */
export interface ByteRange {
  start: number;
  end: number;
}

export interface StoredBytes {
  /** Bytes written. */
  size: number;
  /** Entity tag with its quotes (RFC 9110 section 8.8.3); the same bytes give the same tag. */
  etag: string;
}

export interface WriteOptions {
  /** Aborting rejects the write and leaves nothing behind. */
  signal?: AbortSignal;
  /** For stores that keep a type beside the bytes; the row in storage.objects is what counts. */
  contentType?: string;
}

/**
 * Where the bytes of files are: a folder or an S3 bucket. Keys are names that the room makes up itself (one per version, never reused,
 * `driverKeyPattern`), so nothing that a user typed ever becomes a path.
 *
 * A key is readable only once its write has succeeded as a whole, and its bytes never change afterwards.
 */
export interface StorageDriver {
  /**
   * Stores everything that `body` yields. Rejects with what `body` throws, or with the store's own error; the key does not exist then.
   * Memory is bounded by the chunks: the next one is asked for when the last one is taken care of.
   */
  write(key: string, body: AsyncIterable<Uint8Array>, options?: WriteOptions): Promise<StoredBytes>;
  /** The bytes, or part of them. Throws MissingBytes before the stream begins when there is no such key. */
  read(key: string, range?: ByteRange): Promise<Readable>;
  /** A second key with the same bytes, made by the store. `etag` is absent where it is known to be the source's. Throws MissingBytes. */
  copy(from: string, to: string): Promise<{ size: number; etag?: string }>;
  /** Removes keys and what an interrupted write of them left. Missing ones are fine. */
  remove(keys: readonly string[]): Promise<void>;
  /** Undefined when there is no such key. */
  stat(key: string): Promise<{ size: number; modifiedAt: Date } | undefined>;
}

/** What a driver may be asked for: safe as a file name and as an S3 key. */
export const driverKeyPattern = /^[\w-]{8,128}$/;

/** The key is not there: the file was replaced or removed between reading its row and opening its bytes. */
export class MissingBytes extends Error {
  readonly key: string;

  constructor(key: string, cause?: unknown) {
    super(`There are no bytes under ${key}.`, { cause });
    this.name = 'MissingBytes';
    this.key = key;
  }
}
