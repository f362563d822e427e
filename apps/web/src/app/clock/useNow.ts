import { createContext, use, useSyncExternalStore } from 'react';
import { type Clock, createClock } from './clock.ts';

export const ClockContext = createContext<Clock>(createClock(20_000));

/** The time, refreshed every 20 seconds: enough for "5m" and for countdowns in minutes. */
export function useNow(): Date {
  const clock = use(ClockContext);
  return useSyncExternalStore(clock.subscribe, clock.now);
}
