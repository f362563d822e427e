import { useCallback, useSyncExternalStore } from 'react';

/** Follows a media query, for layouts that differ in more than style. */
export function useMediaQuery(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = matchMedia(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}

/** One pane at a time below this width. */
export const ONE_PANE = '(max-width: 767.98px)';
/** A context column beside list and thread needs a rail (56), a list (320), a thread (480) and itself (320). */
export const CONTEXT_COLUMN = '(min-width: 1176px)';
