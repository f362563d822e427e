import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useApi } from '#api/context.ts';
import type { Json } from '#api/database.ts';
import { asFailure, succeed, unwrap } from '#api/failure.ts';
import { keys } from '#api/queryKeys.ts';
import { useNotify } from '#design/useNotify.ts';
import { type InboxSearch, readInboxSearch } from './inboxFilter.ts';

const AREA = 'inbox';

export interface SavedFilter {
  id: string;
  userId: string;
  name: string;
  search: InboxSearch;
}

export function useSavedFilters() {
  const api = useApi();
  return useQuery({
    queryKey: keys.savedFilters(AREA),
    staleTime: 5 * 60_000,
    queryFn: async ({ signal }): Promise<SavedFilter[]> => {
      const rows = unwrap(
        await api
          .from('saved_filters')
          .select('id,user_id,name,filter')
          .eq('area', AREA)
          .order('position')
          .order('name')
          .abortSignal(signal),
      );
      return rows.map((row) => ({
        id: row.id,
        userId: row.user_id,
        name: row.name,
        search: readInboxSearch(asRecord(row.filter)),
      }));
    },
  });
}

export function useSaveFilter() {
  const api = useApi();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ name, search }: { name: string; search: InboxSearch }) => {
      const { q: _, ...rest } = search;
      const filter: Json = { ...rest };
      succeed(await api.from('saved_filters').insert({ area: AREA, name, filter }));
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.savedFilters(AREA) }),
  });
}

export function useDeleteFilter() {
  const api = useApi();
  const queryClient = useQueryClient();
  const { t } = useTranslation();
  const notify = useNotify();
  return useMutation({
    mutationFn: async (id: string) => succeed(await api.from('saved_filters').delete().eq('id', id)),
    onError: (thrown) => notify.failure(t('inbox.views.deleteFailed'), { reason: asFailure(thrown).message }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.savedFilters(AREA) }),
  });
}

function asRecord(value: Json): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
