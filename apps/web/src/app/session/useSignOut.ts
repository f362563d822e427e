import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useApi } from '#api/context.ts';

/** Ends the session here and forgets everything that was loaded under it. */
export function useSignOut(): () => Promise<void> {
  const api = useApi();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return useCallback(async () => {
    await api.removeAllChannels();
    // Signing out must work without the server: the local session ends in any case.
    await api.auth.signOut({ scope: 'local' });
    await navigate({ to: '/login' });
    queryClient.clear();
  }, [api, queryClient, navigate]);
}
