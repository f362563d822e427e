import { queryOptions } from '@tanstack/react-query';
import type { Api } from '#api/client.ts';
import { unwrap } from '#api/failure.ts';

export interface FoundMessage {
  id: string;
  createdAt: string;
}

/** More would take a person longer to go through than another word. */
const MOST = 200;

/** Messages of one conversation whose text contains the words, newest first. */
export function findMessagesQuery(api: Api, conversationId: string, text: string) {
  return queryOptions({
    queryKey: ['found-messages', conversationId, text] as const,
    staleTime: 30_000,
    queryFn: async ({ signal }): Promise<FoundMessage[]> => {
      const rows = unwrap(
        await api
          .from('messages')
          .select('id,created_at')
          .eq('conversation_id', conversationId)
          .is('deleted_at', null)
          .ilike('content', likePattern(text))
          .order('created_at', { ascending: false })
          .limit(MOST)
          .abortSignal(signal),
      );
      return rows.map((row) => ({ id: row.id, createdAt: row.created_at }));
    },
  });
}

/** The words as they stand: the signs of a LIKE pattern mean themselves. A star finds anything, as in the API. */
export const likePattern = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

/** Cuts a text at every place where the words stand, whatever their case. */
export function cutMatches(text: string, words: string): { text: string; matched: boolean }[] {
  const wanted = words.trim().toLocaleLowerCase();
  if (wanted === '') return [{ text, matched: false }];
  const lower = text.toLocaleLowerCase();
  // A letter whose lower case is longer would shift every place after it.
  if (lower.length !== text.length) return [{ text, matched: false }];
  const parts: { text: string; matched: boolean }[] = [];
  let from = 0;
  for (let at = lower.indexOf(wanted); at !== -1; at = lower.indexOf(wanted, from)) {
    if (at > from) parts.push({ text: text.slice(from, at), matched: false });
    parts.push({ text: text.slice(at, at + wanted.length), matched: true });
    from = at + wanted.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), matched: false });
  return parts;
}
