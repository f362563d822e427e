import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { ContactsSearch } from './contactsSearch.ts';

const ROUTE = '/app/contacts/{-$contactId}';

/** What the address says about the list, and changing it. */
export function useContactsLocation() {
  const search: ContactsSearch = useSearch({ from: ROUTE });
  const { contactId } = useParams({ from: ROUTE });
  const navigate = useNavigate({ from: '/contacts/{-$contactId}' });
  const setSearch = useCallback(
    (changes: ContactsSearch, replace = false) => {
      void navigate({ to: '.', search: (now: ContactsSearch) => ({ ...now, ...changes }), replace });
    },
    [navigate],
  );
  const open = useCallback(
    (id: string | null) => {
      void navigate({
        to: '/contacts/{-$contactId}',
        params: { contactId: id ?? undefined },
        search: (now: ContactsSearch) => now,
      });
    },
    [navigate],
  );
  return { search, contactId: contactId ?? null, setSearch, open };
}
