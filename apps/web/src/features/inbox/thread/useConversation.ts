import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '#api/context.ts';
import { keys } from '#api/queryKeys.ts';
import { useMe } from '#app/session/sessionContext.ts';
import { fetchConversation } from '../list/listConversations.ts';
import { knownConversation } from '../live/applyChanges.ts';

/** The conversation that the address names; from the list at once, from the server when it was opened directly. */
export function useConversation(id: string | null) {
  const api = useApi();
  const queryClient = useQueryClient();
  const me = useMe();
  return useQuery({
    queryKey: keys.conversation(id ?? ''),
    queryFn: ({ signal }) => fetchConversation(api, id ?? '', signal),
    enabled: id !== null,
    staleTime: Number.POSITIVE_INFINITY,
    initialData: () => (id === null ? undefined : knownConversation({ api, queryClient, me: me.id }, id)),
  });
}
