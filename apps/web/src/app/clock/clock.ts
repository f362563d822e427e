/** A clock that many components can watch with one timer between them; it runs only while someone looks. */
export interface Clock {
  subscribe(listener: () => void): () => void;
  now(): Date;
}

export function createClock(everyMs: number): Clock {
  const listeners = new Set<() => void>();
  let current = new Date();
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = () => {
    current = new Date();
    for (const listener of listeners) listener();
  };
  return {
    subscribe(listener) {
      if (listeners.size === 0) {
        current = new Date();
        timer = setInterval(tick, everyMs);
      }
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) clearInterval(timer);
      };
    },
    now: () => current,
  };
}
