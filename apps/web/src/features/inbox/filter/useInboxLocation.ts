import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { filterOf, type InboxFilter, type InboxSearch, searchOf } from './inboxFilter.ts';

const ROUTE = '/app/inbox/{-$conversationId}';

/** Where in the inbox one is, read from the address and changed through it. */
export function useInboxLocation() {
  const search: InboxSearch = useSearch({ from: ROUTE });
  const { conversationId } = useParams({ from: ROUTE });
  const navigate = useNavigate({ from: '/inbox/{-$conversationId}' });
  // The router keeps the same object while the search stays the same.
  const filter = useMemo(() => filterOf(search), [search]);

  const setFilter = useCallback(
    (changes: Partial<InboxFilter>) => {
      void navigate({
        to: '.',
        search: (now: InboxSearch) => searchOf({ ...filterOf(now), ...changes }, now.q),
        replace: false,
      });
    },
    [navigate],
  );
  const setQuery = useCallback(
    (q: string) => {
      void navigate({
        to: '.',
        search: (now: InboxSearch) => ({ ...now, q: q === '' ? undefined : q }),
        replace: true,
      });
    },
    [navigate],
  );
  const open = useCallback(
    (id: string | null) => {
      void navigate({
        to: '/inbox/{-$conversationId}',
        params: { conversationId: id ?? undefined },
        search: (now: InboxSearch) => now,
      });
    },
    [navigate],
  );
  return { filter, query: search.q ?? '', conversationId: conversationId ?? null, setFilter, setQuery, open };
}
