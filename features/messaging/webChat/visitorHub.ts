import type { Logger } from '@connectgain/http';
import { type Listener, listen } from '@connectgain/postgres';

/** Wakes the long polls of a visitor when one of their messages changed, on whichever node that happened. */
export interface VisitorHub {
  /** Resolves true at the next change, false after `timeoutMs`, when `signal` aborts or when the hub closes. */
  wait(visitorId: string, timeoutMs: number, signal: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}

export async function createVisitorHub(databaseUrl: string, log: Logger): Promise<VisitorHub> {
  const waiters = new Map<string, Set<(changed: boolean) => void>>();
  const wake = (visitorId: string) => {
    for (const resolve of waiters.get(visitorId) ?? []) resolve(true);
  };
  const listener: Listener = await listen(databaseUrl, ['web_chat'], (_channel, payload) => wake(payload), {
    log,
    // Something may have been missed: everybody looks again.
    onReconnect: () => [...waiters.keys()].forEach(wake),
  });
  let closed = false;
  return {
    wait(visitorId, timeoutMs, signal) {
      if (closed || signal.aborted) return Promise.resolve(false);
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const own = waiters.get(visitorId) ?? new Set();
      waiters.set(visitorId, own);
      own.add(resolve);
      const timer = setTimeout(() => resolve(false), timeoutMs);
      const aborted = () => resolve(false);
      signal.addEventListener('abort', aborted, { once: true });
      return promise.finally(() => {
        clearTimeout(timer);
        signal.removeEventListener('abort', aborted);
        own.delete(resolve);
        if (own.size === 0) waiters.delete(visitorId);
      });
    },
    async close() {
      closed = true;
      for (const own of waiters.values()) for (const resolve of own) resolve(false);
      await listener.close();
    },
  };
}
