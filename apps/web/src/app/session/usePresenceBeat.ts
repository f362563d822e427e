import { useEffect } from 'react';
import { useApi } from '#api/context.ts';

const BEAT_MS = 60_000;

/** Tells colleagues and the chat widget that somebody is here, while this page is looked at. */
export function usePresenceBeat(): void {
  const api = useApi();
  useEffect(() => {
    const beat = () => {
      // A beat that is lost is made up for by the next one.
      if (document.visibilityState === 'visible') void api.rpc('touch_presence').then(undefined, () => undefined);
    };
    beat();
    const timer = setInterval(beat, BEAT_MS);
    document.addEventListener('visibilitychange', beat);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', beat);
    };
  }, [api]);
}
