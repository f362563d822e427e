import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '#api/context.ts';
import { unwrap } from '#api/failure.ts';
import { keys } from '#api/queryKeys.ts';
import { textAt } from '#features/inbox/model/metadata.ts';
import { connectChannel } from './sandboxFunctions.ts';
import { sandboxKeys } from './sandboxKeys.ts';

export interface PhoneChannel {
  id: string;
  name: string;
  /** The business's number as the customer sees it. */
  number: string | null;
  /** The provider's id of that number, which its webhooks carry. */
  numberId: string | null;
}

export interface SandboxChannels {
  phones: PhoneChannel[];
  /** Key of the chat widget on the demo shop's site; null where no website chat is connected. */
  widgetKey: string | null;
}

/** The workspace's channels that speak to the provider simulator. */
export function useSandboxChannels() {
  const api = useApi();
  return useQuery({
    queryKey: sandboxKeys.channels,
    staleTime: 5 * 60_000,
    queryFn: async ({ signal }): Promise<SandboxChannels> => {
      const rows = unwrap(
        await api
          .from('channel_accounts')
          .select('id,name,type,settings')
          .eq('is_sandbox', true)
          .eq('is_active', true)
          .order('name')
          .abortSignal(signal),
      );
      return {
        phones: rows
          .filter((row) => row.type === 'WHATSAPP_CLOUD')
          .map((row) => ({
            id: row.id,
            name: row.name,
            number: textAt(row.settings, 'display_phone_number'),
            numberId: textAt(row.settings, 'phone_number_id'),
          })),
        widgetKey:
          rows.flatMap((row) => (row.type === 'WEB_CHAT' ? (textAt(row.settings, 'widget_key') ?? []) : []))[0] ?? null,
      };
    },
  });
}

/** Adds a sandbox channel; the list of channels then shows it. */
export function useConnectChannel(type: 'WHATSAPP_CLOUD' | 'WEB_CHAT') {
  const api = useApi();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => connectChannel(api, type),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.channels }),
  });
}
