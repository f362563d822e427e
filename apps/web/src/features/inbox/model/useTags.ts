import { useQuery } from '@tanstack/react-query';
import { useApi } from '#api/context.ts';
import { unwrap } from '#api/failure.ts';
import { keys } from '#api/queryKeys.ts';

/** The workspace's tags by name. */
export function useTags() {
  const api = useApi();
  return useQuery({
    queryKey: keys.tags,
    staleTime: 5 * 60_000,
    queryFn: async ({ signal }) =>
      unwrap(await api.from('tags').select('id,name,color').order('name').limit(500).abortSignal(signal)),
  });
}
