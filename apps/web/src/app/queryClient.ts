import { QueryClient } from '@tanstack/react-query';
import { asFailure } from '#api/failure.ts';

/** Tries again what may pass by itself, never what the server has refused. */
function isWorthRetrying(attempt: number, thrown: unknown): boolean {
  const { kind } = asFailure(thrown);
  return attempt < 2 && (kind === 'offline' || kind === 'server' || kind === 'too-many');
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 60_000,
        gcTime: 15 * 60_000,
        refetchOnWindowFocus: false,
        // The browser's idea of being online is often wrong on local networks; a failed request is the truth.
        networkMode: 'always',
        retry: isWorthRetrying,
      },
      mutations: { networkMode: 'always' },
    },
  });
}
