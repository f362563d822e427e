import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { useApi } from '#api/context.ts';
import { useMe } from '#app/session/sessionContext.ts';
import type { InboxFilter } from '../filter/inboxFilter.ts';
import type { ConversationItem } from '../model/conversation.ts';
import { conversationListQuery } from './listConversations.ts';
import { pinOpenRow } from './pinOpenRow.ts';
import { conversationSearchQuery } from './searchConversations.ts';
import { useHeldOrder } from './useHeldOrder.ts';

const nothing: readonly ConversationItem[] = [];
const noSnippets: ReadonlyMap<string, string | null> = new Map();

/** The rows to show: the filtered list, live, or what a search found. */
export function useConversationRows(filter: InboxFilter, text: string, open: ConversationItem | undefined) {
  const api = useApi();
  const me = useMe();
  const wanted = text.trim();
  const searching = wanted !== '';
  const list = useInfiniteQuery({ ...conversationListQuery(api, filter, me.id), enabled: !searching });
  const found = useQuery({
    ...conversationSearchQuery(api, wanted),
    enabled: searching,
    placeholderData: keepPreviousData,
  });

  const loaded = useMemo(() => list.data?.pages.flat() ?? nothing, [list.data]);
  const before = useRef<readonly string[]>([]);
  const live = useMemo(
    () => pinOpenRow(loaded, before.current, open, filter, me.id, new Date()),
    [loaded, open, filter, me.id],
  );
  const held = useHeldOrder(live, JSON.stringify(filter));
  useEffect(() => {
    before.current = held.rows.map((row) => row.id);
  }, [held.rows]);

  const searchRows = useMemo(() => found.data?.map((hit) => hit.conversation) ?? nothing, [found.data]);
  const snippets = useMemo(
    () =>
      found.data === undefined ? noSnippets : new Map(found.data.map((hit) => [hit.conversation.id, hit.snippet])),
    [found.data],
  );

  const source = searching ? found : list;
  return {
    searching,
    rows: searching ? searchRows : held.rows,
    snippets: searching ? snippets : noSnippets,
    keptBack: searching ? 0 : held.keptBack,
    release: held.release,
    onPointerMove: held.onPointerMove,
    onScrollTop: held.onScrollTop,
    isPending: source.isPending,
    isStale: searching && found.isPlaceholderData,
    error: source.error,
    retry: () => void source.refetch(),
    hasMore: !searching && list.hasNextPage,
    isLoadingMore: list.isFetchingNextPage,
    loadMore: () => {
      if (!list.isFetchingNextPage) void list.fetchNextPage();
    },
  };
}

export type ConversationRows = ReturnType<typeof useConversationRows>;
