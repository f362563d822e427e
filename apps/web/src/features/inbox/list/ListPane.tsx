import { useLocation, useNavigate } from '@tanstack/react-router';
import { Inbox, ListFilter, SearchX, Smartphone } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useApiContext } from '#api/context.ts';
import { FailureState } from '#app/errors/ScreenError.tsx';
import { useMe } from '#app/session/sessionContext.ts';
import { Button } from '#design/Button.tsx';
import { EmptyState } from '#design/EmptyState.tsx';
import { DelayedSpinner } from '#design/Spinner.tsx';
import { useDrafts } from '../composer/useDrafts.ts';
import { ActiveFilters } from '../filter/ActiveFilters.tsx';
import { defaultFilter, narrowingCount } from '../filter/inboxFilter.ts';
import { useChannels } from '../filter/useChannels.ts';
import { useInboxLocation } from '../filter/useInboxLocation.ts';
import { ConversationList } from './ConversationList.tsx';
import { ListHeader } from './ListHeader.tsx';
import { ListSkeleton } from './ListSkeleton.tsx';
import type { ConversationRows } from './useConversationRows.ts';

export interface ListPaneProps {
  list: ConversationRows;
  cursorId: string | null;
  onCursor: (id: string) => void;
  onMove: (step: 1 | -1) => void;
  onNew: () => void;
}

/** The list column: tabs, search, filters and the conversations. */
export function ListPane({ list, cursorId, onCursor, onMove, onNew }: ListPaneProps) {
  const { t } = useTranslation();
  const { conversationId, filter, query, open } = useInboxLocation();
  const search = useLocation({ select: (location) => location.searchStr });
  const drafts = useDrafts();
  const draftTexts = useMemo(
    () =>
      new Map(
        [...drafts.values()]
          .filter((draft) => draft.mode === 'reply')
          .map((draft) => [draft.conversationId, draft.text]),
      ),
    [drafts],
  );
  return (
    <section aria-label={t('inbox.list')} className="flex h-full min-w-0 flex-col bg-surface">
      <ListHeader onNew={onNew} />
      <ActiveFilters />
      {list.isPending ? (
        <ListSkeleton />
      ) : list.error !== null && list.rows.length === 0 ? (
        <FailureState error={list.error} onRetry={list.retry} />
      ) : list.rows.length === 0 ? (
        <EmptyList searching={list.searching} />
      ) : (
        <ConversationList
          key={JSON.stringify([filter, query])}
          rows={list.rows}
          openId={conversationId}
          cursorId={cursorId}
          onCursor={onCursor}
          onOpen={open}
          query={search}
          drafts={draftTexts}
          snippets={list.snippets}
          keptBack={list.keptBack}
          onShowNew={list.release}
          onPointerMove={list.onPointerMove}
          onScrollTop={list.onScrollTop}
          onMove={onMove}
          onEnd={list.loadMore}
          hasMore={list.hasMore}
          label={t('inbox.list')}
        />
      )}
      {list.isLoadingMore ? (
        <div className="flex h-8 items-center justify-center text-ink-3">
          <DelayedSpinner />
        </div>
      ) : null}
    </section>
  );
}

/** Nothing here, for four different reasons. */
function EmptyList({ searching }: { searching: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const { config } = useApiContext();
  const navigate = useNavigate();
  const { filter, query, setFilter, setQuery } = useInboxLocation();
  const { data: channels } = useChannels();

  if (!me.can('can_see_all_conversations') && !me.can('can_see_assigned_conversations')) {
    return (
      <EmptyState reason="no-permission" icon={<Inbox />} title={t('inbox.empty.deniedTitle')}>
        {t('inbox.empty.deniedText')}
      </EmptyState>
    );
  }
  if (searching) {
    return (
      <EmptyState
        reason="filtered"
        icon={<SearchX />}
        title={t('inbox.empty.searchTitle', { text: query })}
        action={<Button onClick={() => setQuery('')}>{t('inbox.empty.searchAction')}</Button>}
      >
        {t('inbox.empty.searchText')}
      </EmptyState>
    );
  }
  if (narrowingCount(filter) > 0) {
    return (
      <EmptyState
        reason="filtered"
        icon={<ListFilter />}
        title={t('inbox.empty.filteredTitle')}
        action={
          <Button tone="primary" onClick={() => setFilter({ ...defaultFilter, view: filter.view, sort: filter.sort })}>
            {t('inbox.empty.filteredAction')}
          </Button>
        }
      >
        {t('inbox.empty.filteredText')}
      </EmptyState>
    );
  }
  if (channels !== undefined && channels.length === 0) {
    return (
      <EmptyState
        reason="not-connected"
        icon={<Inbox />}
        title={t('inbox.empty.notConnectedTitle')}
        action={
          config.sandbox === true ? (
            <Button tone="primary" icon={<Smartphone />} onClick={() => void navigate({ to: '/sandbox/{-$phone}' })}>
              {t('inbox.empty.notConnectedAction')}
            </Button>
          ) : undefined
        }
      >
        {config.sandbox === true ? t('inbox.empty.notConnectedSandbox') : t('inbox.empty.notConnectedText')}
      </EmptyState>
    );
  }
  if (filter.view !== 'all') {
    return (
      <EmptyState
        reason="no-data"
        icon={<Inbox />}
        title={filter.view === 'mine' ? t('inbox.empty.mineTitle') : t('inbox.empty.unassignedTitle')}
        action={<Button onClick={() => setFilter({ view: 'all' })}>{t('inbox.empty.showAll')}</Button>}
      >
        {filter.view === 'mine' ? t('inbox.empty.mineText') : t('inbox.empty.unassignedText')}
      </EmptyState>
    );
  }
  return (
    <EmptyState reason="no-data" icon={<Inbox />} title={t('inbox.empty.title')}>
      {t('inbox.empty.text')}
    </EmptyState>
  );
}
