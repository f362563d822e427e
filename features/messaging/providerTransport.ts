import type { Transport } from '@connectgain/channels/transport.ts';
import { createGuardedFetch, type GuardedFetch } from '@connectgain/http';
import type { LoadedAccount } from './accounts/loadAccount.ts';

export interface ProviderTransports {
  /** How this account's adapter reaches its provider. */
  for(account: LoadedAccount): Transport;
  close(): Promise<void>;
}

const TIMEOUT_MS = 30_000;
const MAX_BYTES = 110 * 1024 * 1024;

/**
 * Real accounts go through the guarded fetch. Sandbox accounts reach the simulator on loopback, and nothing else there:
 * their transport refuses every address that is not below the simulator's own.
 */
export function createProviderTransports(o: { allow: readonly string[] }): ProviderTransports {
  const guarded = createGuardedFetch({ allow: o.allow, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES });
  return {
    for: (account) => (account.isSandbox ? simulated(account.baseUrl) : real(guarded)),
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

function simulated(baseUrl: string | undefined): Transport {
  return async (url, request) => {
    if (baseUrl === undefined || new URL(url).origin !== new URL(baseUrl).origin) {
      throw new Error('The Sandbox is not running on this node: start it with DEMO=1.');
    }
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    return await fetch(url, {
      method: request.method,
      headers: request.headers,
      signal: request.signal ? AbortSignal.any([request.signal, signal]) : signal,
      ...(request.body === undefined ? {} : { body: request.body }),
    });
  };
}
