import { useQuery } from '@tanstack/react-query';
import { useApi } from '#api/context.ts';
import { unwrap } from '#api/failure.ts';
import { keys } from '#api/queryKeys.ts';

/** Saved replies of the workspace and of oneself. */
export function useQuickReplies() {
  const api = useApi();
  return useQuery({
    queryKey: keys.quickReplies,
    staleTime: 5 * 60_000,
    queryFn: async ({ signal }) =>
      unwrap(
        await api
          .from('quick_replies')
          .select('id,name,shortcut,content,category')
          .order('name')
          .limit(500)
          .abortSignal(signal),
      ),
  });
}
