import type { QueryClient } from '@tanstack/react-query';
import type { Api } from '#api/client.ts';
import { keys } from '#api/queryKeys.ts';
import type { FoundMessage } from './findMessages.ts';
import type { MessageCursor, MessagePages } from './messagePages.ts';
import { fetchOlderMessages } from './threadQueries.ts';

/** Messages per request on the way to an old one: ten times what scrolling asks for. */
const STRIDE = 500;

/** Loads a thread back to a message that is older than what has been loaded, in large steps. Resolves when it is there. */
export async function loadBackTo(
  api: Api,
  queryClient: QueryClient,
  conversationId: string,
  wanted: FoundMessage,
): Promise<void> {
  const key = keys.messages(conversationId);
  for (;;) {
    const pages = queryClient.getQueryData<MessagePages>(key);
    const oldest = pages?.pages.at(-1)?.at(-1);
    if (pages === undefined || oldest === undefined || pages.pages.flat().some((message) => message.id === wanted.id))
      return;
    const cursor: MessageCursor = { createdAt: oldest.created_at, id: oldest.id };
    const page = await fetchOlderMessages(api, conversationId, cursor, STRIDE);
    if (page.length === 0) return;
    queryClient.setQueryData<MessagePages>(key, (now) =>
      now === undefined ? now : { pages: [...now.pages, page], pageParams: [...now.pageParams, cursor] },
    );
  }
}
