import { useQuery } from '@tanstack/react-query';
import { useApi } from '#api/context.ts';
import { unwrap } from '#api/failure.ts';
import { keys } from '#api/queryKeys.ts';

/** Channels that only send (SMS, push) never hold a conversation. */
const SEND_ONLY = ['SMS', 'WEB_PUSH', 'SHRINKIT_PUSH', 'BULK_EMAIL_SES'];

/** Connected channels of the workspace that this person may use. */
export function useChannels() {
  const api = useApi();
  return useQuery({
    queryKey: keys.channels,
    staleTime: 5 * 60_000,
    queryFn: async ({ signal }) => {
      const rows = unwrap(
        await api
          .from('channel_accounts')
          .select('id,name,type,is_active,connection_status,connection_error,is_sandbox')
          .order('name')
          .abortSignal(signal),
      );
      return rows.filter((row) => !SEND_ONLY.includes(row.type));
    },
  });
}
