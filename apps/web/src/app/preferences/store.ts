import { defaultPreferences, mergePreferences, type Preferences } from './preferences.ts';

const KEY = 'connectgain.preferences';
/** Read by public/appearance.js before the first paint: keep the key and the shape the same there. */
const APPEARANCE_KEY = 'connectgain.appearance';

export interface PreferencesStore {
  subscribe(listener: () => void): () => void;
  get(): Preferences;
  set(changes: Partial<Preferences>): void;
  /** Takes over what the profile holds, without counting as a change of this person. */
  adopt(stored: unknown): void;
  /** Called after every change made here, with all preferences. */
  onChange(listener: (preferences: Preferences) => void): () => void;
}

export function createPreferencesStore(storage: Storage | null): PreferencesStore {
  const listeners = new Set<() => void>();
  const changeListeners = new Set<(preferences: Preferences) => void>();
  let current = mergePreferences(defaultPreferences(), read(storage));

  const replace = (next: Preferences) => {
    current = next;
    write(storage, next);
    for (const listener of listeners) listener();
  };
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get: () => current,
    set(changes) {
      replace({ ...current, ...changes });
      for (const listener of changeListeners) listener(current);
    },
    adopt: (stored) => replace(mergePreferences(current, stored)),
    onChange(listener) {
      changeListeners.add(listener);
      return () => changeListeners.delete(listener);
    },
  };
}

function read(storage: Storage | null): unknown {
  try {
    return JSON.parse(storage?.getItem(KEY) ?? '{}');
  } catch {
    return {};
  }
}

function write(storage: Storage | null, preferences: Preferences): void {
  try {
    storage?.setItem(KEY, JSON.stringify(preferences));
    storage?.setItem(APPEARANCE_KEY, JSON.stringify({ theme: preferences.theme, language: preferences.language }));
  } catch {
    // A full or forbidden storage costs only the memory of the next visit.
  }
}
