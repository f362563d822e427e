import { type InfiniteData, infiniteQueryOptions } from '@tanstack/react-query';
import type { Api } from '#api/client.ts';
import { unwrap } from '#api/failure.ts';
import { keys } from '#api/queryKeys.ts';
import type { InboxFilter } from '../filter/inboxFilter.ts';
import { type ConversationItem, conversationSelect } from '../model/conversation.ts';
import { type ConversationPage, type Cursor, cursorAfter, PAGE_SIZE, sortColumn } from './pages.ts';

/** One page of the list, after the cursor. Keyset paging: page 200 costs what page 1 costs. */
export async function fetchConversations(
  api: Api,
  filter: InboxFilter,
  me: string,
  cursor: Cursor | null,
  signal: AbortSignal,
): Promise<ConversationItem[]> {
  const column = sortColumn[filter.sort];
  const ascending = filter.sort !== 'newest';
  let query = api.from('conversations').select(conversationSelect);

  if (filter.view === 'mine') query = query.eq('assignee_id', me);
  if (filter.view === 'unassigned') query = query.is('assignee_id', null);
  if (filter.view === 'all' && filter.assignee !== null) query = query.eq('assignee_id', filter.assignee);
  if (filter.channels.length > 0) query = query.in('channel_type', [...filter.channels]);
  if (filter.unread) query = query.gt('unread_count', 0);
  if (filter.important) query = query.eq('is_important', true);
  if (filter.tag !== null) query = query.contains('tags', [filter.tag]);
  if (filter.sort === 'waiting') query = query.not('waiting_since', 'is', null);
  const now = new Date().toISOString();
  if (filter.status === 'active') {
    query = query.in('status', ['OPEN', 'PENDING']).or(`snoozed_until.is.null,snoozed_until.lte.${now}`);
  } else if (filter.status === 'pending') query = query.eq('status', 'PENDING');
  else if (filter.status === 'resolved') query = query.eq('status', 'RESOLVED');
  else if (filter.status === 'closed') query = query.in('status', ['CLOSED', 'RESOLVED']);
  else if (filter.status === 'snoozed') query = query.gt('snoozed_until', now);
  if (cursor !== null) query = query.or(afterCursor(cursor, column, ascending));

  return unwrap(
    await query
      .order(column, { ascending, nullsFirst: false })
      .order('id', { ascending })
      .limit(PAGE_SIZE)
      .abortSignal(signal),
  );
}

/** "Comes after" in an order with nulls last, as a PostgREST condition. */
function afterCursor(cursor: Cursor, column: string, ascending: boolean): string {
  const beyond = ascending ? 'gt' : 'lt';
  if (cursor.value === null) return `and(${column}.is.null,id.${beyond}.${cursor.id})`;
  // The quotes keep the colons and dots of a timestamp from being read as syntax.
  const value = `"${cursor.value}"`;
  return `${column}.${beyond}.${value},and(${column}.eq.${value},id.${beyond}.${cursor.id}),${column}.is.null`;
}

export function conversationListQuery(api: Api, filter: InboxFilter, me: string) {
  return infiniteQueryOptions<
    ConversationItem[],
    Error,
    InfiniteData<ConversationPage, Cursor | null>,
    readonly unknown[],
    Cursor | null
  >({
    queryKey: keys.conversationList(filter, me),
    initialPageParam: null,
    queryFn: ({ pageParam, signal }) => fetchConversations(api, filter, me, pageParam, signal),
    getNextPageParam: (page) => cursorAfter(page, filter),
    // Realtime keeps it current and a reconnect refetches it; coming back to the page after a while brings what time alone
    // changes, such as the end of a snooze.
    staleTime: 5 * 60_000,
    refetchOnWindowFocus: true,
  });
}

/** One conversation, for an address that was opened directly and for rows that realtime speaks of first. */
export async function fetchConversation(api: Api, id: string, signal?: AbortSignal): Promise<ConversationItem> {
  const query = api.from('conversations').select(conversationSelect).eq('id', id);
  return unwrap(await (signal === undefined ? query : query.abortSignal(signal)).single());
}

export async function fetchConversationsById(api: Api, ids: readonly string[]): Promise<ConversationItem[]> {
  if (ids.length === 0) return [];
  return unwrap(
    await api
      .from('conversations')
      .select(conversationSelect)
      .in('id', [...ids]),
  );
}
