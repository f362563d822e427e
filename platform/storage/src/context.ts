import type { Logger, Tokens } from '@connectgain/http';
import type { Database, Principal } from '@connectgain/postgres';
import type { StorageDriver } from './driver/driver.ts';
import type { Sweeper } from './objects/sweeper.ts';

/** What every operation of the room needs, made once by storageRoutes or createStorage. */
export interface StorageContext {
  database: Pick<Database, 'owner' | 'requests'>;
  driver: StorageDriver;
  tokens: Tokens;
  /** Where the browser reaches us, without a slash at the end: `https://inbox.example.com`. */
  publicUrl: string;
  /** Largest file in bytes, whatever a bucket allows. */
  maxFileBytes: number;
  sweeper: Sweeper;
  log: Logger;
}

/**
 * Past row level security. Named where it is used, so that a reader sees every place that does not act as the caller: the limits of a
 * bucket, files that are public, and files whose URL was signed by somebody who may see them.
 */
export const asSystem: Principal = { role: 'service_role', claims: { role: 'service_role' } };

/** 5 GiB: what one request of the S3 protocol may carry. */
export const DEFAULT_MAX_FILE_BYTES = 5 * 1024 ** 3;

/** An upload must be over before the sweeper takes its bytes for abandoned. */
export const MAX_UPLOAD_MS = 6 * 3600 * 1000;

/** Bytes without a row are abandoned after a day. */
export const ABANDONED_AFTER_MS = 24 * 3600 * 1000;
