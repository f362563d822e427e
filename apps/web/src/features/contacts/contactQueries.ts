import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { Api } from '#api/client.ts';
import { useApi } from '#api/context.ts';
import type { Changes } from '#api/database.ts';
import { ApiFailure, asFailure, unwrap } from '#api/failure.ts';
import { keys } from '#api/queryKeys.ts';
import { useNotify } from '#design/useNotify.ts';

export const contactSelect =
  'id,first_name,last_name,full_name,phones,emails,tags,custom_fields,opt_in_status,company_id,assignee_id,lifecycle_stage_id,job_title,avatar_url,source,description,city,country,language,last_contacted_at,created_at,updated_at,company:companies!contacts_company_id_fkey(id,name),stage:lifecycle_stages!contacts_lifecycle_stage_id_fkey(id,name,color)' as const;

export async function fetchContact(api: Api, id: string, signal: AbortSignal) {
  return unwrap(await api.from('contacts').select(contactSelect).eq('id', id).abortSignal(signal).single());
}

export type ContactDetail = Awaited<ReturnType<typeof fetchContact>>;

export const contactQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: keys.contact(id),
    queryFn: ({ signal }) => fetchContact(api, id, signal),
    staleTime: 60_000,
  });

/** Changes fields of a contact: shown at once, put back with the reason when the server refuses. */
export function useUpdateContact(id: string) {
  const api = useApi();
  const queryClient = useQueryClient();
  const { t } = useTranslation();
  const notify = useNotify();
  return useCallback(
    (changes: Changes<'contacts'>) => {
      const run = async () => {
        const before = queryClient.getQueryData<ContactDetail>(keys.contact(id));
        queryClient.setQueryData<ContactDetail>(keys.contact(id), (contact) => {
          if (contact === undefined) return contact;
          const next = { ...contact, ...changes };
          return { ...next, full_name: `${next.first_name ?? ''} ${next.last_name ?? ''}`.trim() };
        });
        try {
          // full_name belongs to the database.
          const rows = unwrap(await api.from('contacts').update(changes).eq('id', id).select('id'));
          if (rows.length === 0) throw new ApiFailure('denied', t('inbox.action.notAllowed'));
        } catch (thrown) {
          if (before !== undefined) queryClient.setQueryData(keys.contact(id), before);
          notify.failure(t('contacts.saveFailed'), {
            reason: asFailure(thrown).message,
            retry: { label: t('action.retry'), run: () => void run() },
          });
        }
        void queryClient.invalidateQueries({ queryKey: keys.contact(id) });
        void queryClient.invalidateQueries({ queryKey: ['contacts', 'page'] });
      };
      void run();
    },
    [api, queryClient, id, t, notify],
  );
}
