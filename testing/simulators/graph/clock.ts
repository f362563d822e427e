/** Time as the simulator sees it. Tests move it by hand; the Sandbox lets it run. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

export interface ManualClock extends Clock {
  set(now: number): void;
}

export function manualClock(start: number): ManualClock {
  let current = start;
  return {
    now: () => current,
    set: (now) => {
      // Time never runs backwards, whatever order the steps come in.
      current = Math.max(current, now);
    },
  };
}

export const systemClock: Clock = { now: () => Date.now() };
