import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useNow } from '#app/clock/useNow.ts';
import { memberName } from '#app/session/me.ts';
import { Avatar } from '#design/Avatar.tsx';
import { Badge } from '#design/Badge.tsx';
import { Checkbox } from '#design/Checkbox.tsx';
import { cx } from '#design/cx.ts';
import { Skeleton } from '#design/Skeleton.tsx';
import { colorTone } from '#features/inbox/model/colorTone.ts';
import { contactName } from '#features/inbox/model/conversation.ts';
import { useTags } from '#features/inbox/model/useTags.ts';
import { useFormat } from '#i18n/useFormat.ts';
import type { ContactRow } from './listContacts.ts';

export const gridClass = cx(
  'grid min-w-full items-center gap-3 px-4',
  'grid-cols-[1.5rem_minmax(0,1fr)]',
  'sm:grid-cols-[1.5rem_minmax(0,2fr)_minmax(0,1.3fr)_5rem]',
  'md:grid-cols-[1.5rem_minmax(0,2fr)_minmax(0,1.3fr)_minmax(0,1.6fr)_5rem]',
  'lg:grid-cols-[1.5rem_minmax(0,2fr)_minmax(0,1.3fr)_minmax(0,1.8fr)_minmax(0,1.7fr)_5rem]',
  'xl:grid-cols-[1.5rem_minmax(0,2fr)_minmax(0,1.2fr)_minmax(0,1.8fr)_minmax(0,1.7fr)_minmax(0,1.1fr)_minmax(0,1.1fr)_5rem]',
);

export interface ContactTableRowProps {
  /** Undefined while its page is on the way. */
  row: ContactRow | undefined;
  index: number;
  selected: boolean;
  open: boolean;
  atCursor: boolean;
  onToggle: (extend: boolean) => void;
  onOpen: () => void;
}

export const ContactTableRow = memo(function ContactTableRow({
  row,
  index,
  selected,
  open,
  atCursor,
  onToggle,
  onOpen,
}: ContactTableRowProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const { data: tags = [] } = useTags();
  if (row === undefined) {
    return (
      <div className={cx(gridClass, 'h-10 border-b border-line/60')} aria-hidden="true">
        <Skeleton className="size-4" />
        <Skeleton className="h-3 w-36" />
        <Skeleton className="h-3 w-28 max-sm:hidden" />
        <Skeleton className="h-3 w-40 max-lg:hidden" />
      </div>
    );
  }
  const name = contactName(row, t);
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-row={index}
      data-testid="contact-row"
      tabIndex={atCursor ? 0 : -1}
      onClick={onOpen}
      onKeyDown={() => undefined}
      className={cx(
        gridClass,
        'h-10 cursor-default border-b border-line/60 text-13 outline-offset-[-2px]',
        open || selected ? 'bg-selected' : 'hover:bg-hover',
      )}
    >
      {/* The whole cell ticks: a small box is easily missed. */}
      <span
        role="gridcell"
        className="flex h-10 items-center"
        onClick={(event) => {
          event.stopPropagation();
          onToggle(event.shiftKey);
        }}
        onKeyDown={(event) => event.stopPropagation()}
      >
        <Checkbox checked={selected} aria-label={t('contacts.select', { name })} tabIndex={-1} />
      </span>
      <span role="gridcell" className="flex min-w-0 items-center gap-2.5">
        <Avatar id={row.id} name={name} src={row.avatar_url} size={24} />
        <bdi className="line-1 font-medium">{name}</bdi>
      </span>
      <span role="gridcell" className="line-1 text-ink-2 tabular max-sm:hidden rtl:text-end" dir="ltr">
        {row.phones[0] ?? ''}
        {row.phones.length > 1 ? <span className="text-ink-3"> +{format.number(row.phones.length - 1)}</span> : null}
      </span>
      <span role="gridcell" className="line-1 text-ink-2 max-lg:hidden rtl:text-end" dir="ltr">
        {row.emails[0] ?? ''}
      </span>
      <span role="gridcell" className="flex min-w-0 gap-1 overflow-hidden max-md:hidden">
        {row.tags.slice(0, 3).map((tag) => (
          <Badge key={tag} tone={colorTone(tags.find((one) => one.name === tag)?.color)} className="shrink">
            {tag}
          </Badge>
        ))}
        {row.tags.length > 3 ? <span className="text-12 text-ink-3">+{format.number(row.tags.length - 3)}</span> : null}
      </span>
      <span role="gridcell" className="line-1 text-ink-2 max-xl:hidden">
        <bdi>{row.company?.name ?? ''}</bdi>
      </span>
      <span role="gridcell" className="flex min-w-0 items-center gap-1.5 text-ink-2 max-xl:hidden">
        {row.assignee === null ? null : (
          <>
            <Avatar id={row.assignee.id} name={memberName(row.assignee)} src={row.assignee.avatar_url} size={16} />
            <bdi className="line-1">{memberName(row.assignee)}</bdi>
          </>
        )}
      </span>
      <time
        role="gridcell"
        dateTime={row.created_at}
        title={format.exact(row.created_at)}
        className="text-end text-ink-3 tabular max-sm:hidden"
      >
        {format.ago(row.created_at, now)}
      </time>
    </div>
  );
});
