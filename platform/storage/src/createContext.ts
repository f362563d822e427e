import { createLogger, type Logger, type Tokens } from '@connectgain/http';
import type { Database } from '@connectgain/postgres';
import { DEFAULT_MAX_FILE_BYTES, type StorageContext } from './context.ts';
import type { StorageDriver } from './driver/driver.ts';
import { createSweeper } from './objects/sweeper.ts';

export interface StorageOptions {
  database: Pick<Database, 'owner' | 'requests'>;
  driver: StorageDriver;
  tokens: Tokens;
  /** Where the browser reaches the server: `https://inbox.example.com`. */
  publicUrl: string;
  /** Largest file in bytes, whatever a bucket allows; 5 GiB when absent. */
  maxFileBytes?: number;
  log?: Logger;
}

export function createContext(options: StorageOptions): StorageContext {
  const log = options.log ?? createLogger('warn');
  const { database, driver, tokens } = options;
  return {
    database,
    driver,
    tokens,
    log,
    publicUrl: options.publicUrl.replace(/\/+$/, ''),
    maxFileBytes: options.maxFileBytes ?? DEFAULT_MAX_FILE_BYTES,
    sweeper: createSweeper({ database, driver, log }),
  };
}
