import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useApi } from '#api/context.ts';
import { useMe } from '#app/session/sessionContext.ts';
import { knownConversation, putConversation, refreshCounts } from '../live/applyChanges.ts';

/** Marks a conversation read once its newest message has been on a screen that somebody looks at. */
export function useMarkRead(conversationId: string): () => void {
  const api = useApi();
  const queryClient = useQueryClient();
  const me = useMe();
  return useCallback(() => {
    if (document.visibilityState !== 'visible') return;
    const context = { api, queryClient, me: me.id };
    const known = knownConversation(context, conversationId);
    if (known === undefined || known.unread_count === 0) return;
    putConversation(context, { ...known, unread_count: 0, last_read_at: new Date().toISOString() });
    api.rpc('mark_conversation_read', { p_conversation_id: conversationId }).then(
      ({ error }) => {
        // Only the mark is wrong then; the next opening sets it again.
        if (error !== null) putConversation(context, known);
        void refreshCounts(context);
      },
      () => putConversation(context, known),
    );
  }, [api, queryClient, me.id, conversationId]);
}
