import { createContext, use } from 'react';
import type { Api, AppConfig } from './client.ts';
import type { UrlSigner } from './urlSigner.ts';

/** What every screen may ask for to reach the server. */
export interface ApiContextValue {
  api: Api;
  config: AppConfig;
  urls: UrlSigner;
}

export const ApiContext = createContext<ApiContextValue | null>(null);

export function useApiContext(): ApiContextValue {
  const value = use(ApiContext);
  if (value === null) throw new Error('ApiContext is missing above this component');
  return value;
}

export const useApi = (): Api => useApiContext().api;
