import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowUp } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreference } from '#app/preferences/usePreferences.ts';
import type { ConversationItem } from '../model/conversation.ts';
import { ConversationRow, ROW_HEIGHT } from './ConversationRow.tsx';

/** The rows themselves: only those in sight exist in the page, so 10,000 scroll like 10. */
export function ConversationList(props: {
  rows: readonly ConversationItem[];
  openId: string | null;
  cursorId: string | null;
  onCursor: (id: string) => void;
  onOpen: (id: string) => void;
  /** The filters as the address has them. */
  query: string;
  drafts: ReadonlyMap<string, string>;
  snippets: ReadonlyMap<string, string | null>;
  keptBack: number;
  onShowNew: () => void;
  onPointerMove: () => void;
  onScrollTop: (top: number) => void;
  onMove: (step: 1 | -1) => void;
  onEnd: () => void;
  hasMore: boolean;
  label: string;
}) {
  const {
    rows,
    openId,
    cursorId,
    onCursor,
    onOpen,
    query,
    drafts,
    snippets,
    keptBack,
    onShowNew,
    onPointerMove,
    onScrollTop,
    onMove,
    onEnd,
    hasMore,
    label,
  } = props;
  const { t } = useTranslation();
  const [density] = usePreference('density');
  const scroller = useRef<HTMLDivElement>(null);
  const height = ROW_HEIGHT[density];
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
    paddingStart: 4,
    paddingEnd: 12,
  });
  useEffect(() => {
    // Another row height means other positions for all.
    if (height > 0) virtualizer.measure();
  }, [height, virtualizer]);

  const items = virtualizer.getVirtualItems();
  const lastVisible = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && lastVisible >= rows.length - 10) onEnd();
  }, [hasMore, lastVisible, rows.length, onEnd]);

  // Keys move the cursor; the row it lands on comes into sight and takes the focus.
  const cursorIndex = cursorId === null ? -1 : rows.findIndex((row) => row.id === cursorId);
  const moved = useRef(false);
  useEffect(() => {
    if (cursorIndex === -1) return;
    virtualizer.scrollToIndex(cursorIndex, { align: 'auto' });
    if (!moved.current) return;
    moved.current = false;
    requestAnimationFrame(() =>
      scroller.current
        ?.querySelector<HTMLElement>(`[data-conversation="${cursorId ?? ''}"]`)
        ?.focus({ preventScroll: true }),
    );
  }, [cursorIndex, cursorId, virtualizer]);

  // Listened to on the scroller itself: what matters is that a hand is over the list, not on which row.
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const onKeyDown = (event: KeyboardEvent) => {
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
      if (step === 0) return;
      event.preventDefault();
      moved.current = true;
      onMove(step);
    };
    element.addEventListener('keydown', onKeyDown);
    element.addEventListener('pointermove', onPointerMove);
    return () => {
      element.removeEventListener('keydown', onKeyDown);
      element.removeEventListener('pointermove', onPointerMove);
    };
  }, [onMove, onPointerMove]);

  return (
    <div className="relative min-h-0 flex-1">
      {keptBack > 0 ? (
        <button
          type="button"
          onClick={() => {
            onShowNew();
            scroller.current?.scrollTo({ top: 0 });
          }}
          className="absolute inset-x-0 top-2 z-10 mx-auto flex h-7 w-fit items-center gap-1 rounded-full bg-accent px-3 text-12 font-medium text-on-accent icon-14 shadow-menu animate-rise"
        >
          <ArrowUp />
          {t('inbox.newAbove', { count: keptBack })}
        </button>
      ) : null}
      <div
        ref={scroller}
        className="h-full overflow-y-auto overscroll-contain"
        onScroll={(event) => onScrollTop(event.currentTarget.scrollTop)}
      >
        <ul aria-label={label} style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
          {items.map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              <li
                key={item.key}
                style={{ position: 'absolute', insetInline: 0, transform: `translateY(${String(item.start)}px)` }}
              >
                <ConversationRow
                  item={row}
                  density={density}
                  open={row.id === openId}
                  atCursor={row.id === cursorId || (cursorIndex === -1 && item.index === 0)}
                  draft={row.id === openId ? undefined : drafts.get(row.id)}
                  snippet={snippets.get(row.id) ?? null}
                  onFocus={onCursor}
                  query={query}
                  onOpen={onOpen}
                />
              </li>
            );
          })}
        </ul>
      </div>
    </div>
  );
}
