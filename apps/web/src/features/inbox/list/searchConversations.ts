import { queryOptions } from '@tanstack/react-query';
import type { Api } from '#api/client.ts';
import { unwrap } from '#api/failure.ts';
import { keys } from '#api/queryKeys.ts';
import type { ConversationItem } from '../model/conversation.ts';
import { fetchConversationsById } from './listConversations.ts';

export interface FoundConversation {
  conversation: ConversationItem;
  /** The message that matched; null when the person did. */
  messageId: string | null;
  /** Words around the match, the match itself between « and ». */
  snippet: string | null;
}

/** Searches names, phones, e-mails and message texts of every conversation that the person may see, newest match first. */
export function conversationSearchQuery(api: Api, text: string, limit = 50) {
  return queryOptions({
    queryKey: [...keys.conversationSearch(text), limit] as const,
    staleTime: 30_000,
    queryFn: async ({ signal }): Promise<FoundConversation[]> => {
      const hits = unwrap(await api.rpc('search_conversations', { p_query: text, p_limit: limit }).abortSignal(signal));
      const newestFirst = [...hits].sort((a, b) => Date.parse(b.at ?? '') - Date.parse(a.at ?? '') || 0);
      const conversations = await fetchConversationsById(
        api,
        newestFirst.map((hit) => hit.conversation_id),
      );
      const byId = new Map(conversations.map((conversation) => [conversation.id, conversation]));
      return newestFirst.flatMap((hit) => {
        const conversation = byId.get(hit.conversation_id);
        return conversation === undefined ? [] : [{ conversation, messageId: hit.message_id, snippet: hit.snippet }];
      });
    },
  });
}

/** Letters before the match that a narrow row has room for. */
const LEAD = 14;

/** Cuts a snippet at its « » marks, so that the match can be marked, and shortens what comes before the first one. */
export function snippetParts(snippet: string): { text: string; matched: boolean }[] {
  const first = snippet.indexOf('«');
  const start = first > LEAD ? snippet.indexOf(' ', first - LEAD) + 1 : 0;
  const shown = start > 0 && start <= first ? `…${snippet.slice(start)}` : snippet;
  return shown
    .split(/(«[^»]*»)/u)
    .filter((part) => part !== '')
    .map((part) =>
      part.startsWith('«') && part.endsWith('»')
        ? { text: part.slice(1, -1), matched: true }
        : { text: part, matched: false },
    );
}
