import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useApi } from '#api/context.ts';
import type { Row } from '#api/database.ts';
import { useMe } from '#app/session/sessionContext.ts';
import { sandboxKeys } from './sandboxKeys.ts';

/** A message brings several changes at once; what they touch is read again once. */
const GATHER_MS = 80;

/**
 * Reads the people and the lives of messages again whenever something happens on the channel. The messages on the phone
 * itself come through the app's own live connection.
 */
export function useSandboxLive(channelId: string): void {
  const api = useApi();
  const queryClient = useQueryClient();
  const me = useMe();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const changed = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void queryClient.invalidateQueries({ queryKey: sandboxKeys.people(channelId) });
        void queryClient.invalidateQueries({ queryKey: ['sandbox', 'person', channelId] });
        void queryClient.invalidateQueries({ queryKey: sandboxKeys.lives(channelId) });
        void queryClient.invalidateQueries({ queryKey: sandboxKeys.outcome });
      }, GATHER_MS);
    };
    const filter = `channel_account_id=eq.${channelId}`;
    const channel = api.channel(`org:${me.organization.id}:sandbox:${channelId}`);
    channel
      .on<Row<'conversations'>>(
        'postgres_changes',
        { event: '*', schema: 'public', table: 'conversations', filter },
        changed,
      )
      .on<Row<'messages'>>('postgres_changes', { event: '*', schema: 'public', table: 'messages', filter }, changed)
      // Whatever happened before the connection stood is read as well.
      .subscribe((status) => (status === 'SUBSCRIBED' ? changed() : undefined));
    return () => {
      clearTimeout(timer);
      void api.removeChannel(channel);
    };
  }, [api, queryClient, me.organization.id, channelId]);
}
