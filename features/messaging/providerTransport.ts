import type { Transport } from '@connectgain/channels/transport.ts';
import { createGuardedFetch, type GuardedFetch } from '@connectgain/http';
import type { LoadedAccount } from './accounts/loadAccount.ts';

export interface ProviderTransports {
  /** How this account's adapter reaches its provider. */
  for(account: LoadedAccount): Transport;
  close(): Promise<void>;
}

export interface ProviderTransportsOptions {
  /** Hosts in private networks that may be called. */
  allow: readonly string[];
  /** Milliseconds that a provider may take to answer; 30 000 when absent. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 30_000;
const MAX_BYTES = 110 * 1024 * 1024;

/**
 * Real accounts go through the guarded fetch. Sandbox accounts reach the simulator on loopback, and nothing else there:
 * their transport refuses every address that is not below the simulator's own.
 */
export function createProviderTransports(o: ProviderTransportsOptions): ProviderTransports {
  const timeoutMs = o.timeoutMs ?? TIMEOUT_MS;
  const guarded = createGuardedFetch({ allow: o.allow, timeoutMs, maxBytes: MAX_BYTES });
  return {
    for: (account) => (account.isSandbox ? simulated(account.baseUrl, timeoutMs) : real(guarded)),
    close: () => guarded.close(),
  };
}

function real(guarded: GuardedFetch): Transport {
  return (url, request, limits) =>
    guarded(
      url,
      {
        method: request.method,
        headers: request.headers,
        ...(request.body === undefined ? {} : { body: request.body }),
        ...(request.signal === undefined ? {} : { signal: request.signal }),
      },
      limits?.maxBytes === undefined ? {} : { maxBytes: limits.maxBytes },
    );
}

function simulated(baseUrl: string | undefined, timeoutMs: number): Transport {
  return async (url, request) => {
    if (baseUrl === undefined || new URL(url).origin !== new URL(baseUrl).origin) {
      throw new Error('The Sandbox is not running on this node: start it with DEMO=1.');
    }
    const signal = AbortSignal.timeout(timeoutMs);
    return await fetch(url, {
      method: request.method,
      headers: request.headers,
      signal: request.signal ? AbortSignal.any([request.signal, signal]) : signal,
      ...(request.body === undefined ? {} : { body: request.body }),
    });
  };
}
