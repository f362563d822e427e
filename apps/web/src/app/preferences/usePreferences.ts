import { createContext, use, useCallback, useSyncExternalStore } from 'react';
import type { Language } from '#i18n/languages.ts';
import { type Preferences, spokenLanguage } from './preferences.ts';
import type { PreferencesStore } from './store.ts';

export const PreferencesContext = createContext<PreferencesStore | null>(null);

function useStore(): PreferencesStore {
  const store = use(PreferencesContext);
  if (store === null) throw new Error('PreferencesContext is missing above this component');
  return store;
}

/** One preference and its setter; the component follows only this one. */
export function usePreference<K extends keyof Preferences>(key: K): [Preferences[K], (value: Preferences[K]) => void] {
  const store = useStore();
  const value = useSyncExternalStore(store.subscribe, () => store.get()[key]);
  const set = useCallback(
    (next: Preferences[K]) => {
      const changes: Partial<Preferences> = {};
      changes[key] = next;
      store.set(changes);
    },
    [store, key],
  );
  return [value, set];
}

/** The language that is spoken now, and choosing one. */
export function useLanguage(): [Language, (language: Language) => void] {
  const [chosen, choose] = usePreference('language');
  return [spokenLanguage(chosen, navigator.languages), choose];
}
