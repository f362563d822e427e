import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { SandboxSearch } from './sandboxSearch.ts';

const ROUTE = '/app/sandbox/{-$phone}';

/** Whose phone is in the hand, by its digits, and changing it. */
export function useSandboxLocation() {
  const search: SandboxSearch = useSearch({ from: ROUTE });
  const { phone } = useParams({ from: ROUTE });
  const navigate = useNavigate({ from: '/sandbox/{-$phone}' });
  const open = useCallback(
    (next: string | null, options: { name?: string; replace?: boolean } = {}) => {
      void navigate({
        to: '/sandbox/{-$phone}',
        params: { phone: next ?? undefined },
        search: (now: SandboxSearch) => ({ channel: now.channel, name: options.name }),
        replace: options.replace ?? false,
      });
    },
    [navigate],
  );
  const chooseChannel = useCallback(
    (channel: string) => {
      void navigate({ to: '/sandbox/{-$phone}', params: { phone: undefined }, search: { channel } });
    },
    [navigate],
  );
  return { phone: phone ?? null, search, open, chooseChannel };
}
