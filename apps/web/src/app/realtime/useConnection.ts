import { createContext, use, useSyncExternalStore } from 'react';
import { type ConnectionState, createConnectionStore } from './connection.ts';

export const ConnectionContext = createContext(createConnectionStore());

export function useConnection(): ConnectionState {
  const store = use(ConnectionContext);
  return useSyncExternalStore(store.subscribe, store.get);
}
