import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import type { Database } from './database.ts';

export type Api = SupabaseClient<Database>;

/** What the server tells the page before anyone has signed in (`GET /app-config.json`). */
export interface AppConfig {
  anonKey: string;
  publicUrl: string;
  /** Present on a demo workspace: the account anyone may try. */
  demo: { email: string; password: string } | null;
  /** True where the server plays the providers itself, so that a customer can be played in the browser. */
  sandbox?: boolean;
  version: string;
}

/** Reads the settings; throws when the server does not answer or answers something else. */
export async function loadAppConfig(): Promise<AppConfig> {
  const response = await fetch('/app-config.json', { headers: { accept: 'application/json' } });
  if (!response.ok) throw new Error(`The server answered ${String(response.status)} to /app-config.json`);
  const body: unknown = await response.json();
  if (!isConfig(body)) throw new Error('The server sent settings that this version does not understand');
  return body;
}

function isConfig(body: unknown): body is AppConfig {
  return typeof body === 'object' && body !== null && 'anonKey' in body && typeof body.anonKey === 'string';
}

/** The one way to the server: our API is Supabase-shaped, so its own client speaks it. */
export function createApi(config: AppConfig): Api {
  return createClient<Database>(window.location.origin, config.anonKey, {
    auth: { storageKey: 'connectgain.session', persistSession: true, autoRefreshToken: true, detectSessionInUrl: true },
    realtime: { params: { eventsPerSecond: 20 } },
  });
}
