import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '#api/context.ts';
import { unwrap } from '#api/failure.ts';
import { keys } from '#api/queryKeys.ts';
import type { Member } from './me.ts';

/** Everyone who can be assigned work: active members of the current workspace, by name. */
export function useMembers(): { members: readonly Member[]; byId: ReadonlyMap<string, Member>; isPending: boolean } {
  const api = useApi();
  const { data, isPending } = useQuery({
    queryKey: keys.members,
    staleTime: 5 * 60_000,
    queryFn: async ({ signal }) =>
      unwrap(
        await api
          .from('profiles')
          .select('id,first_name,last_name,email,avatar_url,is_online')
          .eq('is_active', true)
          .order('first_name')
          .limit(500)
          .abortSignal(signal),
      ),
  });
  return useMemo(() => {
    const members = data ?? [];
    return { members, byId: new Map(members.map((member) => [member.id, member])), isPending };
  }, [data, isPending]);
}
