import { createContext, use, useSyncExternalStore } from 'react';
import type { DraftStore, Drafts } from './draftStore.ts';

export const DraftContext = createContext<DraftStore | null>(null);

export function useDraftStore(): DraftStore {
  const store = use(DraftContext);
  if (store === null) throw new Error('DraftContext is missing above this component');
  return store;
}

/** All drafts of this person; a new map whenever one changes. */
export function useDrafts(): Drafts {
  const store = useDraftStore();
  return useSyncExternalStore(store.subscribe, store.get);
}
