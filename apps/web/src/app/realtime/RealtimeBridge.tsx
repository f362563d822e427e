import type { RealtimePostgresChangesPayload } from '@supabase/supabase-js';
import { useQueryClient } from '@tanstack/react-query';
import { use, useEffect, useMemo } from 'react';
import { useApi } from '#api/context.ts';
import type { Row } from '#api/database.ts';
import { keys } from '#api/queryKeys.ts';
import * as live from '#features/inbox/live/applyChanges.ts';
import { useMe } from '../session/sessionContext.ts';
import { ConnectionContext } from './useConnection.ts';

/** Follows the rows of the workspace and carries every change into the query cache. Shows nothing. */
export function RealtimeBridge() {
  const api = useApi();
  const queryClient = useQueryClient();
  const me = useMe();
  const connection = use(ConnectionContext);
  const context = useMemo<live.LiveContext>(() => ({ api, queryClient, me: me.id }), [api, queryClient, me.id]);

  useEffect(() => {
    const filter = `organization_id=eq.${me.organization.id}`;
    const on = (table: string) => ({ event: '*' as const, schema: 'public', table, filter });
    const channel = api.channel(`org:${me.organization.id}:changes`);
    channel
      .on<Row<'conversations'>>('postgres_changes', on('conversations'), (change) => {
        if (change.eventType === 'DELETE') withId(change, (id) => live.conversationRemoved(context, id));
        else void live.conversationChanged(context, change.new);
      })
      .on<Row<'messages'>>('postgres_changes', on('messages'), (change) => {
        if (change.eventType === 'DELETE') withId(change, (id) => live.messageRemoved(context, id));
        else void live.messageChanged(context, change.new);
      })
      .on<Row<'attachments'>>('postgres_changes', on('attachments'), (change) => {
        if (change.eventType !== 'DELETE') live.attachmentChanged(context, change.new);
      })
      .on<Row<'message_reactions'>>('postgres_changes', on('message_reactions'), (change) => {
        if (change.eventType === 'DELETE') withId(change, (id) => live.reactionRemoved(context, id));
        else live.reactionChanged(context, change.new);
      })
      .on<Row<'notes'>>('postgres_changes', on('notes'), (change) => {
        if (change.eventType === 'DELETE') withId(change, (id) => live.noteRemoved(context, id));
        else void live.noteChanged(context, change.new);
      })
      .on<Row<'contacts'>>('postgres_changes', on('contacts'), (change) => {
        if (change.eventType === 'UPDATE') live.contactChanged(context, change.new);
        else void queryClient.invalidateQueries({ queryKey: ['contacts', 'page'], refetchType: 'active' });
      })
      .on<Row<'deals'>>(
        'postgres_changes',
        on('deals'),
        () => void queryClient.invalidateQueries({ queryKey: ['contact-deals'] }),
      )
      .on<Row<'tasks'>>(
        'postgres_changes',
        on('tasks'),
        () => void queryClient.invalidateQueries({ queryKey: ['contact-tasks'] }),
      )
      .on<Row<'tags'>>(
        'postgres_changes',
        on('tags'),
        () => void queryClient.invalidateQueries({ queryKey: keys.tags }),
      )
      .on<Row<'profiles'>>(
        'postgres_changes',
        on('profiles'),
        () => void queryClient.invalidateQueries({ queryKey: keys.members }),
      )
      .on<Row<'channel_accounts'>>(
        'postgres_changes',
        on('channel_accounts'),
        () => void queryClient.invalidateQueries({ queryKey: keys.channels }),
      );

    let hasBeenLive = false;
    channel.subscribe((status) => {
      if (status !== 'SUBSCRIBED') {
        connection.set(navigator.onLine && !hasBeenLive && status !== 'CLOSED' ? 'connecting' : 'offline');
        return;
      }
      connection.set('live');
      // Whatever happened while we were not listening is read again.
      if (hasBeenLive) void queryClient.invalidateQueries();
      hasBeenLive = true;
    });
    const offline = () => connection.set('offline');
    const online = () => connection.set(channel.state === 'joined' ? 'live' : 'connecting');
    window.addEventListener('offline', offline);
    window.addEventListener('online', online);
    return () => {
      window.removeEventListener('offline', offline);
      window.removeEventListener('online', online);
      void api.removeChannel(channel);
    };
  }, [api, context, connection, queryClient, me.organization.id]);

  return null;
}

function withId<T extends { id: string }>(
  change: RealtimePostgresChangesPayload<T> & { eventType: 'DELETE' },
  use: (id: string) => void,
): void {
  const { id } = change.old;
  if (id !== undefined) use(id);
}
