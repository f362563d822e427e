import { type InboxFilter, matchesFilter } from '../filter/inboxFilter.ts';
import type { ConversationItem } from '../model/conversation.ts';

/**
 * In a list of unread conversations, reading one would take it away from under the reader. The open one keeps its
 * place until another is opened, as long as only its being read keeps it out.
 */
export function pinOpenRow(
  live: readonly ConversationItem[],
  before: readonly string[],
  open: ConversationItem | undefined,
  filter: InboxFilter,
  me: string,
  now: Date,
): readonly ConversationItem[] {
  if (!filter.unread || open === undefined || live.some((row) => row.id === open.id)) return live;
  const place = before.indexOf(open.id);
  if (place === -1 || !matchesFilter(open, { ...filter, unread: false }, me, now)) return live;
  return [...live.slice(0, place), open, ...live.slice(place)];
}
