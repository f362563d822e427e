import { useQuery } from '@tanstack/react-query';
import { useApi } from '#api/context.ts';
import type { Json } from '#api/database.ts';
import { unwrap } from '#api/failure.ts';
import { keys } from '#api/queryKeys.ts';

/** Open conversations by whose they are. */
export interface InboxCounts {
  all: number;
  mine: number;
  unassigned: number;
  unread: number;
}

/** Undefined until they are known. */
export function useInboxCounts(): InboxCounts | undefined {
  const api = useApi();
  const { data } = useQuery({
    queryKey: keys.inboxCounts,
    queryFn: async ({ signal }) => readCounts(unwrap(await api.rpc('inbox_counts').abortSignal(signal))),
    staleTime: 30_000,
  });
  return data;
}

export function readCounts(answer: Json): InboxCounts {
  const at = (key: string): number => {
    if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return 0;
    const value = answer[key];
    return typeof value === 'number' ? value : 0;
  };
  return { all: at('all'), mine: at('mine'), unassigned: at('unassigned'), unread: at('unread') };
}
