import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { useApi } from '#api/context.ts';
import type { ContactsSearch } from './contactsSearch.ts';
import { CONTACT_PAGE, type ContactRow, contactPageQuery } from './listContacts.ts';

/** A list of any length of which only the pages in sight are read from the server. */
export function useContactPages(search: ContactsSearch, firstVisible: number, lastVisible: number) {
  const api = useApi();
  const first = useQuery({ ...contactPageQuery(api, search, 0), placeholderData: keepPreviousData });
  const total = first.data?.total ?? 0;
  const from = Math.floor(firstVisible / CONTACT_PAGE);
  const to = Math.floor(Math.min(lastVisible, Math.max(0, total - 1)) / CONTACT_PAGE);
  const wanted = useMemo(
    () => Array.from({ length: to - from + 1 }, (_, index) => from + index).filter((page) => page > 0),
    [from, to],
  );
  const pages = useQueries({ queries: wanted.map((page) => contactPageQuery(api, search, page)) });

  const rowAt = useCallback(
    (index: number): ContactRow | undefined => {
      const page = Math.floor(index / CONTACT_PAGE);
      const rows = page === 0 ? first.data?.rows : pages[wanted.indexOf(page)]?.data?.rows;
      return rows?.[index % CONTACT_PAGE];
    },
    [first.data, pages, wanted],
  );
  return {
    total,
    rowAt,
    isPending: first.isPending,
    isStale: first.isPlaceholderData,
    error: first.error,
    retry: () => void first.refetch(),
  };
}
