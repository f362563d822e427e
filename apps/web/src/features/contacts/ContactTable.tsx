import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FailureState } from '#app/errors/ScreenError.tsx';
import { Checkbox } from '#design/Checkbox.tsx';
import { cx } from '#design/cx.ts';
import { useFormat } from '#i18n/useFormat.ts';
import { BulkBar } from './BulkBar.tsx';
import { ContactTableRow, columnClass, gridClass } from './ContactTableRow.tsx';
import { EmptyContacts } from './EmptyContacts.tsx';
import { emptySelection, isSelected, type Selection, selectedCount, toggleRow } from './selection.ts';
import { useContactPages } from './useContactPages.ts';
import { useContactsLocation } from './useContactsLocation.ts';

const ROW_HEIGHT = 40;

/** The list as a table: pages come as they are scrolled to, rows are chosen with Shift for ranges. */
export function ContactTable({ onCreate }: { onCreate: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { search, contactId, setSearch, open } = useContactsLocation();
  const scroller = useRef<HTMLDivElement>(null);
  const [visible, setVisible] = useState({ first: 0, last: 30 });
  const pages = useContactPages(search, visible.first, visible.last);
  const [selection, setSelection] = useState<Selection>(emptySelection);
  const [cursor, setCursor] = useState(0);
  const virtualizer = useVirtualizer({
    count: pages.total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    onChange: (instance) => {
      const range = instance.range;
      if (range !== null && (range.startIndex !== visible.first || range.endIndex !== visible.last)) {
        setVisible({ first: range.startIndex, last: range.endIndex });
      }
    },
  });

  // Another list starts at its top, with nothing chosen.
  const signature = JSON.stringify(search);
  const [shown, setShown] = useState(signature);
  if (shown !== signature) {
    setShown(signature);
    setSelection(emptySelection);
    setCursor(0);
  }
  useEffect(() => {
    if (signature !== '') scroller.current?.scrollTo({ top: 0 });
  }, [signature]);

  if (pages.error !== null && pages.total === 0) return <FailureState error={pages.error} onRetry={pages.retry} />;
  if (!pages.isPending && pages.total === 0) return <EmptyContacts onCreate={onCreate} />;

  const count = selectedCount(selection, pages.total);
  const focusRow = (index: number) => {
    const next = Math.min(pages.total - 1, Math.max(0, index));
    setCursor(next);
    virtualizer.scrollToIndex(next);
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-row="${String(next)}"]`)?.focus({ preventScroll: true }),
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLElement && event.target.dataset.row === undefined) return;
    if (event.key === 'ArrowDown') focusRow(cursor + 1);
    else if (event.key === 'ArrowUp') focusRow(cursor - 1);
    else if (event.key === 'Home') focusRow(0);
    else if (event.key === 'End') focusRow(pages.total - 1);
    else if (event.key === ' ' || event.key === 'x')
      setSelection((now) => toggleRow(now, cursor, event.shiftKey, (index) => pages.rowAt(index)?.id));
    else if (event.key === 'Enter') open(pages.rowAt(cursor)?.id ?? null);
    else if (event.key === 'Escape' && count > 0) setSelection(emptySelection);
    else return;
    event.preventDefault();
  };
  const onToggle = (index: number, extend: boolean) => {
    setCursor(index);
    setSelection((now) => toggleRow(now, index, extend, (at) => pages.rowAt(at)?.id));
  };
  const sortBy = (column: 'name' | 'created') => {
    const now = search.sort ?? 'newest';
    const next = column === 'name' ? (now === 'name' ? 'name-desc' : 'name') : now === 'newest' ? 'oldest' : 'newest';
    setSearch({ sort: next === 'newest' ? undefined : next });
  };
  const sort = search.sort ?? 'newest';

  return (
    <div className="@container relative flex min-h-0 flex-1 flex-col">
      <div ref={scroller} className={cx('min-h-0 flex-1 overflow-auto', pages.isStale && 'opacity-60')}>
        <table aria-label={t('contacts.title')} aria-rowcount={pages.total + 1} className="block" onKeyDown={onKeyDown}>
          <thead className="sticky top-0 z-20 block">
            <tr
              className={cx(gridClass, 'h-9 border-b border-line bg-surface text-start text-12 font-medium text-ink-3')}
            >
              <th className="flex items-center">
                <Checkbox
                  aria-label={t('contacts.selectAll')}
                  checked={count === 0 ? false : count === pages.total ? true : 'indeterminate'}
                  onCheckedChange={(checked) => setSelection(checked === true ? { all: true } : emptySelection)}
                />
              </th>
              <SortHeader
                active={sort === 'name' || sort === 'name-desc'}
                ascending={sort === 'name'}
                onSort={() => sortBy('name')}
              >
                {t('contacts.column.name')}
              </SortHeader>
              <th className={cx(columnClass.phone, 'text-start font-medium')}>{t('contacts.column.phone')}</th>
              <th className={cx(columnClass.email, 'text-start font-medium')}>{t('contacts.column.email')}</th>
              <th className={cx(columnClass.tags, 'text-start font-medium')}>{t('contacts.column.tags')}</th>
              <th className={cx(columnClass.company, 'text-start font-medium')}>{t('contacts.column.company')}</th>
              <th className={cx(columnClass.assignee, 'text-start font-medium')}>{t('contacts.column.assignee')}</th>
              <SortHeader
                active={sort === 'newest' || sort === 'oldest'}
                ascending={sort === 'oldest'}
                onSort={() => sortBy('created')}
                end
              >
                {t('contacts.column.created')}
              </SortHeader>
            </tr>
          </thead>
          <tbody className="relative block" style={{ height: virtualizer.getTotalSize() }}>
            {virtualizer.getVirtualItems().map((item) => {
              const row = pages.rowAt(item.index);
              return (
                <ContactTableRow
                  key={item.key}
                  row={row}
                  index={item.index}
                  top={item.start}
                  selected={row !== undefined && isSelected(selection, row.id)}
                  open={row !== undefined && row.id === contactId}
                  atCursor={item.index === cursor}
                  search={search}
                  onToggle={onToggle}
                  onCursor={setCursor}
                />
              );
            })}
          </tbody>
        </table>
      </div>
      <p className="flex h-8 shrink-0 items-center border-t border-line px-4 text-12 text-ink-3 tabular" role="status">
        {pages.isPending ? '' : t('contacts.count', { count: pages.total, shown: format.number(pages.total) })}
      </p>
      {count === 0 ? null : (
        <BulkBar
          selection={selection}
          count={count}
          total={pages.total}
          search={search}
          onSelectAll={() => setSelection({ all: true })}
          onClear={() => setSelection(emptySelection)}
        />
      )}
    </div>
  );
}

function SortHeader(props: {
  active: boolean;
  ascending: boolean;
  onSort: () => void;
  end?: boolean;
  children: ReactNode;
}) {
  const { active, ascending, onSort, end = false, children } = props;
  return (
    <th
      aria-sort={active ? (ascending ? 'ascending' : 'descending') : 'none'}
      className={cx('flex', end && cx('justify-end', columnClass.created))}
    >
      <button
        type="button"
        onClick={onSort}
        className={cx('flex h-8 items-center gap-1 rounded-control icon-14 hover:text-ink', active && 'text-ink')}
      >
        {children}
        {active ? ascending ? <ArrowUp /> : <ArrowDown /> : null}
      </button>
    </th>
  );
}
