import { use, useEffect, useRef } from 'react';
import { useApi } from '#api/context.ts';
import { useMe } from '../session/sessionContext.ts';
import { preferencesToJson } from './preferences.ts';
import { PreferencesContext } from './usePreferences.ts';

const SAVE_AFTER_MS = 1_000;

/** Takes over the preferences of the profile once, then keeps the profile up to date with what is changed here. */
export function usePreferenceSync(): void {
  const api = useApi();
  const me = useMe();
  const store = use(PreferencesContext);
  const { id } = me;
  const stored = me.preferences.web;

  const adopted = useRef<string | null>(null);

  useEffect(() => {
    // Once per person: later readings of the profile only echo what was saved from here.
    if (adopted.current === id) return;
    adopted.current = id;
    if (stored !== undefined) store?.adopt(stored);
  }, [store, id, stored]);

  useEffect(() => {
    if (store === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = store.onChange((preferences) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        // A lost save costs nothing now: the next change sends everything again.
        void api
          .from('profiles')
          .update({ preferences: { ...me.preferences, web: preferencesToJson(preferences) } })
          .eq('id', id)
          .then(() => undefined);
      }, SAVE_AFTER_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [api, store, id, me.preferences]);
}
