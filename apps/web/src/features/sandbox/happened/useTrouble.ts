import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Api } from '#api/client.ts';
import { useApi } from '#api/context.ts';
import { asFailure, unwrap } from '#api/failure.ts';
import { useNotify } from '#design/useNotify.ts';
import { disturb, type Trouble } from '../sandboxFunctions.ts';
import { sandboxKeys } from '../sandboxKeys.ts';

export type Armed = Trouble | 'none';

/** What the next message will meet, and the last change of status before it was set, by which we see that it struck. */
interface Setting {
  kind: Armed;
  before: string;
}

const calm: Setting = { kind: 'none', before: '' };

/**
 * Disturbing the provider for one message. The switch goes back by itself once a message has met it: sent after a second try, or
 * failed.
 */
export function useTrouble() {
  const api = useApi();
  const queryClient = useQueryClient();
  const notify = useNotify();
  const { t } = useTranslation();
  // Kept beside the answers of the server, so that it outlives a look into the inbox.
  const { data: setting } = useQuery({
    queryKey: sandboxKeys.disturbance,
    queryFn: () => calm,
    enabled: false,
    initialData: calm,
    gcTime: Number.POSITIVE_INFINITY,
  });
  const latest = useQuery({
    queryKey: sandboxKeys.outcome,
    enabled: setting.kind !== 'none',
    queryFn: ({ signal }) => latestOutcome(api, signal),
  });

  const struck = setting.kind !== 'none' && latest.data !== undefined && latest.data > setting.before;
  useEffect(() => {
    if (struck) queryClient.setQueryData<Setting>(sandboxKeys.disturbance, calm);
  }, [struck, queryClient]);

  const change = useMutation({
    mutationFn: async (kind: Armed): Promise<Setting> => {
      // Only one at a time: what was set before goes first.
      await disturb(api, 'none');
      if (kind === 'none') return calm;
      const before = await latestOutcome(api);
      await disturb(api, kind);
      return { kind, before };
    },
    onSuccess: (next) => {
      queryClient.setQueryData<Setting>(sandboxKeys.disturbance, next);
      void queryClient.invalidateQueries({ queryKey: sandboxKeys.outcome });
    },
    onError: (thrown) => notify.failure(t('sandbox.trouble.failed'), { reason: asFailure(thrown).message }),
  });
  const { mutate, isPending, variables } = change;
  const set = useCallback((kind: Armed) => mutate(kind), [mutate]);
  return { armed: isPending ? variables : struck ? 'none' : setting.kind, set };
}

/** When a message last became sent or failed; moments of one server sort as text. */
async function latestOutcome(api: Api, signal?: AbortSignal): Promise<string> {
  const query = api
    .from('message_status_events')
    .select('created_at')
    .in('status', ['SENT', 'FAILED'])
    .order('created_at', { ascending: false })
    .limit(1);
  const [row] = unwrap(await (signal === undefined ? query : query.abortSignal(signal)));
  return row?.created_at ?? '';
}
