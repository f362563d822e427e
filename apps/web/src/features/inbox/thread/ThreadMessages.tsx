import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown } from 'lucide-react';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '#api/context.ts';
import { useNow } from '#app/clock/useNow.ts';
import { FailureState } from '#app/errors/ScreenError.tsx';
import { useMe, useTimeZone } from '#app/session/sessionContext.ts';
import { DelayedSpinner } from '#design/Spinner.tsx';
import { useFormat } from '#i18n/useFormat.ts';
import { type ConversationItem, contactName } from '../model/conversation.ts';
import { isInbound, type Note, type ThreadMessage } from '../model/message.ts';
import { estimateHeight } from './estimateHeight.ts';
import type { FoundMessage } from './findMessages.ts';
import { loadBackTo } from './loadBackTo.ts';
import { MessageRow } from './MessageRow.tsx';
import { threadMessages } from './messagePages.ts';
import { NoteRow } from './NoteRow.tsx';
import { ThreadSkeleton } from './ThreadSkeleton.tsx';
import { messagesQuery, notesQuery } from './threadQueries.ts';
import { buildTimeline } from './timeline.ts';
import { useAuthors } from './useAuthors.ts';

/** Pixels from the end within which one counts as reading the newest message. */
const AT_END_PX = 80;
/** A region that scrolls must take the focus, or a keyboard cannot scroll it (WCAG 2.1.1). */
const scrollable = { tabIndex: 0 };
const isAtEnd = (element: Element): boolean =>
  element.scrollHeight - element.scrollTop - element.clientHeight <= AT_END_PX;
const noMessages: readonly ThreadMessage[] = [];
const noNotes: readonly Note[] = [];

/** The messages of one conversation, from the newest backwards. Mounted anew for each conversation. */
export function ThreadMessages(props: {
  conversation: ConversationItem;
  /** When the thread was opened, everything up to here had been read. */
  readUpTo: string | null;
  canReply: boolean;
  onReply: (message: ThreadMessage) => void;
  onRetry: (message: ThreadMessage) => void;
  onDiscard: (message: ThreadMessage) => void;
  onDeleteNote: (note: Note) => void;
  onSeen: () => void;
  /** A message to bring into sight, such as the one that a search is at. */
  wanted: FoundMessage | null;
}) {
  const { conversation, readUpTo, canReply, onReply, onRetry, onDiscard, onDeleteNote, onSeen, wanted } = props;
  const { t } = useTranslation();
  const api = useApi();
  const me = useMe();
  const timeZone = useTimeZone();
  const format = useFormat();
  const now = useNow();
  const thread = useInfiniteQuery(messagesQuery(api, conversation.id));
  const { data: notes = noNotes } = useQuery(notesQuery(api, conversation.id));
  const authorOf = useAuthors();
  const scroller = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const [highlighted, setHighlighted] = useState<string | null>(null);

  const messages = useMemo(() => (thread.data === undefined ? noMessages : threadMessages(thread.data)), [thread.data]);
  const items = useMemo(
    () => buildTimeline(messages, notes, { timeZone, readUpTo, hasOlder: thread.hasNextPage }),
    [messages, notes, timeZone, readUpTo, thread.hasNextPage],
  );
  const byId = useMemo(() => new Map(messages.map((message) => [message.id, message])), [messages]);

  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimateHeight(items[index]),
    getItemKey: (index) => items[index]?.key ?? index,
    overscan: 10,
    paddingStart: 16,
    paddingEnd: 16,
    // New messages keep the reader at the end; older pages and late pictures never move what is being read.
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: AT_END_PX,
  });

  const started = useRef(false);
  useLayoutEffect(() => {
    if (started.current || items.length === 0) return;
    started.current = true;
    const newLine = items.findIndex((item) => item.kind === 'new');
    if (newLine > 0 && items.length - newLine > 12) virtualizer.scrollToIndex(newLine, { align: 'start' });
    else virtualizer.scrollToEnd();
  }, [items, virtualizer]);

  // What was just written is brought into sight wherever one was reading.
  const lastOwn = messages.findLast((message) => message.local !== undefined)?.client_id ?? null;
  useEffect(() => {
    if (lastOwn !== null) virtualizer.scrollToEnd();
  }, [lastOwn, virtualizer]);

  const rows = virtualizer.getVirtualItems();
  const firstVisible = rows[0]?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = thread;
  useEffect(() => {
    if (started.current && firstVisible < 8 && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [firstVisible, hasNextPage, isFetchingNextPage, fetchNextPage]);

  // A message that arrives moves the end before it moves the scroll position.
  const height = virtualizer.getTotalSize();
  useEffect(() => {
    if (height === 0) return;
    const frame = requestAnimationFrame(() => {
      if (scroller.current !== null) setAtEnd(isAtEnd(scroller.current));
    });
    return () => cancelAnimationFrame(frame);
  }, [height]);

  const newest = messages.at(-1)?.id;
  useEffect(() => {
    if (atEnd && newest !== undefined) onSeen();
  }, [atEnd, newest, onSeen]);
  // Newer than what had been seen when the end was left; older pages bring nothing new.
  const seenUpTo = useRef('');
  const newestAt = messages.at(-1)?.created_at ?? '';
  if (atEnd) seenUpTo.current = newestAt;
  const unseen = messages.filter((message) => isInbound(message) && message.created_at > seenUpTo.current).length;

  const jump = useCallback(
    (id: string) => {
      const index = items.findIndex((item) => item.kind === 'message' && item.message.id === id);
      if (index === -1) return;
      virtualizer.scrollToIndex(index, { align: 'center' });
      setHighlighted(id);
      setTimeout(() => setHighlighted(null), 1_600);
    },
    [items, virtualizer],
  );

  const queryClient = useQueryClient();
  const reached = useRef<string | null>(null);
  useEffect(() => {
    if (wanted === null || reached.current === wanted.id) return;
    if (!byId.has(wanted.id)) {
      // The thread is shown anew once the message is there; a failure leaves it where it is.
      loadBackTo(api, queryClient, conversation.id, wanted).catch(() => undefined);
      return;
    }
    reached.current = wanted.id;
    jump(wanted.id);
  }, [wanted, byId, jump, api, queryClient, conversation.id]);

  if (thread.isPending) return <ThreadSkeleton />;
  if (thread.error !== null && messages.length === 0) {
    return <FailureState error={thread.error} onRetry={() => void thread.refetch()} />;
  }
  const name = contactName(conversation.contact, t);
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        role="log"
        aria-label={t('inbox.threadWith', { name })}
        {...scrollable}
        onScroll={(event) => setAtEnd(isAtEnd(event.currentTarget))}
        className="flex h-full flex-col overflow-x-hidden overflow-y-auto overscroll-contain focus-visible:outline-offset-[-2px] [overflow-anchor:none]"
      >
        <div className="relative mt-auto w-full shrink-0" style={{ height }}>
          {rows.map((row) => {
            const item = items[row.index];
            if (item === undefined) return null;
            return (
              <div
                key={row.key}
                ref={virtualizer.measureElement}
                data-index={row.index}
                style={{
                  position: 'absolute',
                  insetInline: 0,
                  insetBlockStart: 0,
                  transform: `translateY(${String(row.start)}px)`,
                }}
              >
                {row.index === 0 ? <Beginning loading={isFetchingNextPage} more={hasNextPage} /> : null}
                {item.kind === 'day' ? (
                  <Separator>{format.day(item.at, now)}</Separator>
                ) : item.kind === 'new' ? (
                  <NewLine count={item.count} />
                ) : item.kind === 'note' ? (
                  <NoteRow
                    note={item.note}
                    canDelete={item.note.author_id === me.id || me.can('can_delete_data')}
                    onDelete={onDeleteNote}
                  />
                ) : (
                  <MessageRow
                    message={item.message}
                    position={item.position}
                    author={authorOf(item.message)}
                    quoted={item.message.reply_to_id === null ? undefined : byId.get(item.message.reply_to_id)}
                    contactName={name}
                    canReply={canReply}
                    highlighted={highlighted === item.message.id}
                    onReply={onReply}
                    onRetry={onRetry}
                    onDiscard={onDiscard}
                    onJump={jump}
                  />
                )}
              </div>
            );
          })}
        </div>
      </div>
      {atEnd ? null : (
        <button
          type="button"
          onClick={() => virtualizer.scrollToEnd()}
          aria-label={unseen > 0 ? t('inbox.newBelow', { count: unseen }) : t('inbox.toLatest')}
          className="absolute end-4 bottom-3 flex h-8 items-center gap-1.5 rounded-full bg-raised px-2.5 text-12 font-medium text-ink-2 shadow-menu icon-14 hover:text-ink animate-rise"
        >
          <ArrowDown />
          {unseen > 0 ? t('inbox.newBelow', { count: unseen }) : null}
        </button>
      )}
    </div>
  );
}

function Separator({ children }: { children: string }) {
  return (
    <div className="flex items-center gap-3 px-4 pt-4 pb-1.5 text-12 text-ink-3">
      <span className="h-px flex-1 bg-line" />
      {children}
      <span className="h-px flex-1 bg-line" />
    </div>
  );
}

function NewLine({ count }: { count: number }) {
  const { t } = useTranslation();
  const words = t('inbox.newSince', { count });
  return (
    <div data-testid="new-line" className="flex items-center gap-3 px-4 pt-3 pb-1 text-12 font-medium text-accent-ink">
      <span className="h-px flex-1 bg-accent" />
      {words}
      <span className="h-px flex-1 bg-accent" />
    </div>
  );
}

function Beginning({ loading, more }: { loading: boolean; more: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="flex h-6 items-center justify-center text-12 text-ink-3">
      {loading ? <DelayedSpinner /> : more ? null : t('inbox.beginning')}
    </div>
  );
}
