import { type InfiniteData, infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Api } from '#api/client.ts';
import { unwrap } from '#api/failure.ts';
import { keys } from '#api/queryKeys.ts';
import { messageSelect, type Note, noteSelect, type ThreadMessage } from '../model/message.ts';
import { MESSAGE_PAGE_SIZE, type MessageCursor, type MessagePage } from './messagePages.ts';

/** Messages before the cursor, newest first; from the end of the thread without one. */
export async function fetchOlderMessages(
  api: Api,
  conversationId: string,
  cursor: MessageCursor | null,
  limit: number,
  signal?: AbortSignal,
): Promise<ThreadMessage[]> {
  let query = api.from('messages').select(messageSelect).eq('conversation_id', conversationId);
  if (cursor !== null) {
    const at = `"${cursor.createdAt}"`;
    query = query.or(`created_at.lt.${at},and(created_at.eq.${at},id.lt.${cursor.id})`);
  }
  const ordered = query.order('created_at', { ascending: false }).order('id', { ascending: false }).limit(limit);
  return unwrap(await (signal === undefined ? ordered : ordered.abortSignal(signal)));
}

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
    queryFn: ({ pageParam, signal }) => fetchOlderMessages(api, conversationId, pageParam, MESSAGE_PAGE_SIZE, signal),
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
