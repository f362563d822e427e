import type { Logger } from '@connectgain/http';

/** Work that an answer must not wait for, since the time it takes would tell whether an account exists. */
export interface Background {
  /** Starts it; a failure goes to the log under `what`. */
  run(what: string, task: () => Promise<void>): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

export function createBackground(log: Logger): Background {
  const running = new Set<Promise<void>>();
  return {
    run(what, task) {
      const work = task()
        .catch((err: unknown) => log.error({ err }, what))
        .finally(() => running.delete(work));
      running.add(work);
    },
    async settled() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
