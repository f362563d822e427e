import { createContext, use } from 'react';
import { knownTimeZone } from '#i18n/time.ts';
import type { Me } from './me.ts';

export const MeContext = createContext<Me | null>(null);

/** Whoever is signed in. Only below the signed-in part of the app. */
export function useMe(): Me {
  const me = use(MeContext);
  if (me === null) throw new Error('MeContext is missing above this component');
  return me;
}

/** The zone in which this person reads times: their own choice, else the browser's. */
export function useTimeZone(): string {
  return knownTimeZone(use(MeContext)?.timeZone);
}
