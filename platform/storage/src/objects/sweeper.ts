import type { Logger } from '@connectgain/http';
import { type Database, transaction } from '@connectgain/postgres';
import { ABANDONED_AFTER_MS } from '../context.ts';
import type { StorageDriver } from '../driver/driver.ts';

/** Removes bytes that no row refers to any more. */
export interface Sweeper {
  /** Removes all there is now: what was replaced or removed, and writes that nobody finished within a day. Returns how many. */
  sweep(): Promise<number>;
  /** The same in the background; calls during a sweep make one more. Failures are logged, the next sweep finds the rest. */
  soon(): void;
  /** Removes the bytes of one write that failed. They stay if the row was committed after all. */
  discard(version: string): Promise<void>;
  /** Resolves when nothing runs in the background. */
  idle(): Promise<void>;
}

export interface SweeperOptions {
  database: Pick<Database, 'owner'>;
  driver: StorageDriver;
  log: Logger;
}

const BATCH = 100;

/**
 * Works off storage.orphans: bytes go first and their line after, so a crash in between only repeats the removal. Lines are locked while
 * worked on, so several nodes share the work and a write that is just being committed keeps its bytes.
 */
export function createSweeper({ database, driver, log }: SweeperOptions): Sweeper {
  let running: Promise<void> | undefined;
  let again = false;

  async function sweep(): Promise<number> {
    let total = 0;
    for (;;) {
      const removed = await sweepBatch();
      total += removed;
      if (removed < BATCH) return total;
    }
  }

  async function sweepBatch(): Promise<number> {
    return await transaction(database.owner, async (client) => {
      const { rows } = await client.query<{ version: string }>(
        `select version from storage.orphans
         where reason = 'replaced' or since < now() - make_interval(secs => $1)
         order by since limit $2 for update skip locked`,
        [ABANDONED_AFTER_MS / 1000, BATCH],
      );
      const versions = rows.map((row) => row.version);
      await driver.remove(versions);
      await client.query('delete from storage.orphans where version = any($1)', [versions]);
      return versions.length;
    });
  }

  async function untilQuiet(): Promise<void> {
    do {
      again = false;
      await sweep();
    } while (again);
  }

  return {
    sweep,
    soon() {
      again = true;
      running ??= untilQuiet()
        .catch((error: unknown) => log.warn({ err: error }, 'could not remove unused bytes; trying again later'))
        .finally(() => {
          running = undefined;
        });
    },
    async discard(version) {
      await transaction(database.owner, async (client) => {
        // Waits for a commit that is under way; no line means that a row has the bytes now.
        const { rowCount } = await client.query('select from storage.orphans where version = $1 for update', [version]);
        if (!rowCount) return;
        await driver.remove([version]);
        await client.query('delete from storage.orphans where version = $1', [version]);
      });
    },
    async idle() {
      await running;
    },
  };
}
