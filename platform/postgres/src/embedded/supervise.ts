import type { Logger } from 'pino';
import { reasonOf } from '../errors.ts';
import type { RunningServer } from './server.ts';

export interface Supervised {
  /** Resolves when the server has ended for good: stopped, or given up on. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

const mostRestarts = 5;
const withinMs = 60_000;

/**
 * Starts the server again when it ends without being asked to (killed for memory, say). The pools reconnect by themselves, since the
 * port stays the same. Five ends within a minute are one too many: then it stays down.
 */
export function supervise(first: RunningServer, restart: () => Promise<RunningServer>, log: Logger): Supervised {
  let current = first;
  let stopping = false;
  let restarts: number[] = [];

  const watch = async () => {
    while (true) {
      await current.ended;
      if (stopping) return;
      const now = Date.now();
      restarts = [...restarts.filter((time) => now - time < withinMs), now];
      if (restarts.length >= mostRestarts) {
        log.fatal('the database server keeps ending, giving up: see the lines above for its last words');
        return;
      }
      log.error('the database server ended unexpectedly, starting it again');
      try {
        current = await restart();
      } catch (error) {
        log.fatal({ err: error }, `the database server cannot be started again: ${reasonOf(error)}`);
        return;
      }
      if (stopping) await current.stop();
    }
  };

  const ended = watch();
  return {
    ended,
    async stop() {
      stopping = true;
      await current.stop();
      await ended;
    },
  };
}
