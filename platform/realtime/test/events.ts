import type { RealtimeChannel } from '@supabase/supabase-js';

/** Collects what arrives, to be waited for instead of slept for. */
export interface Events<T> {
  readonly all: readonly T[];
  push(event: T): void;
  /** The next event not taken yet that fits; rejects after 8 s. */
  next(fits?: (event: T) => boolean): Promise<T>;
}

export function collect<T>(): Events<T> {
  const all: T[] = [];
  let waiting: T[] = [];
  const waiters = new Set<() => void>();
  return {
    all,
    push(event) {
      all.push(event);
      waiting.push(event);
      for (const wake of [...waiters]) wake();
    },
    next(fits = () => true) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiters.delete(look);
          reject(new Error(`Waited in vain; there were ${JSON.stringify(all).slice(0, 2000)}`));
        }, 8_000);
        const look = () => {
          const index = waiting.findIndex(fits);
          const found = waiting[index];
          if (index < 0 || found === undefined) return;
          waiting = waiting.toSpliced(index, 1);
          waiters.delete(look);
          clearTimeout(timer);
          resolve(found);
        };
        waiters.add(look);
        look();
      });
    },
  };
}

/** Subscribes and waits for SUBSCRIBED; later statuses go to `statuses`. */
export async function subscribed(
  channel: RealtimeChannel,
  statuses: Events<{ status: string; error?: string }> = collect(),
): Promise<RealtimeChannel> {
  channel.subscribe((status, error) => statuses.push({ status, error: error?.message }));
  const { status, error } = await statuses.next();
  if (status !== 'SUBSCRIBED') throw new Error(`${status}: ${error}`);
  return channel;
}

/** Waits until `condition` holds, asking again whenever the event loop has turned. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + 8_000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`Never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
