import { type InfiniteData, infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Api } from '#api/client.ts';
import { unwrap } from '#api/failure.ts';
import { keys } from '#api/queryKeys.ts';
import { messageSelect, type Note, noteSelect, type ThreadMessage } from '../model/message.ts';
import { MESSAGE_PAGE_SIZE, type MessageCursor, type MessagePage } from './messagePages.ts';

/** The thread from its newest message backwards. */
export function messagesQuery(api: Api, conversationId: string) {
  return infiniteQueryOptions<
    ThreadMessage[],
    Error,
    InfiniteData<MessagePage, MessageCursor | null>,
    readonly unknown[],
    MessageCursor | null
  >({
    queryKey: keys.messages(conversationId),
    initialPageParam: null,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ pageParam, signal }) => {
      let query = api.from('messages').select(messageSelect).eq('conversation_id', conversationId);
      if (pageParam !== null) {
        const at = `"${pageParam.createdAt}"`;
        query = query.or(`created_at.lt.${at},and(created_at.eq.${at},id.lt.${pageParam.id})`);
      }
      return unwrap(
        await query
          .order('created_at', { ascending: false })
          .order('id', { ascending: false })
          .limit(MESSAGE_PAGE_SIZE)
          .abortSignal(signal),
      );
    },
    getNextPageParam: (page) => {
      const oldest = page.at(-1);
      return oldest === undefined || page.length < MESSAGE_PAGE_SIZE
        ? null
        : { createdAt: oldest.created_at, id: oldest.id };
    },
  });
}

/** One message with its files, for realtime rows whose files are not in the row. */
export async function fetchMessage(api: Api, id: string): Promise<ThreadMessage> {
  return unwrap(await api.from('messages').select(messageSelect).eq('id', id).single());
}

/** A quoted message that is older than what has been loaded. */
export function quotedMessageQuery(api: Api, id: string) {
  return queryOptions({
    queryKey: keys.quotedMessage(id),
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => fetchMessage(api, id),
  });
}

export function notesQuery(api: Api, conversationId: string) {
  return queryOptions({
    queryKey: keys.notes(conversationId),
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }): Promise<Note[]> =>
      unwrap(
        await api
          .from('notes')
          .select(noteSelect)
          .eq('conversation_id', conversationId)
          .order('created_at', { ascending: true })
          .limit(500)
          .abortSignal(signal),
      ),
  });
}
