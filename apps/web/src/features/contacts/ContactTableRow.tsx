import { Link } from '@tanstack/react-router';
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
import type { ContactsSearch } from './contactsSearch.ts';
import type { ContactRow } from './listContacts.ts';

/** Columns by the width of the table itself, which shares the page with the details of a contact. */
export const gridClass = cx(
  'grid min-w-full items-center gap-3 px-4',
  'grid-cols-[1.5rem_minmax(0,1fr)_8.5rem]',
  '@md:grid-cols-[1.5rem_minmax(0,1fr)_8.5rem_5rem]',
  '@2xl:grid-cols-[1.5rem_minmax(0,1.4fr)_8.5rem_minmax(0,1fr)_5rem]',
  '@4xl:grid-cols-[1.5rem_minmax(0,1.2fr)_8.5rem_minmax(0,1.5fr)_minmax(0,1.2fr)_5rem]',
  '@6xl:grid-cols-[1.5rem_minmax(0,1.4fr)_8.5rem_minmax(0,1.7fr)_minmax(0,1.3fr)_minmax(0,1fr)_minmax(0,1fr)_5rem]',
);
export const columnClass = {
  phone: '',
  tags: '@max-2xl:hidden',
  email: '@max-4xl:hidden',
  company: '@max-6xl:hidden',
  assignee: '@max-6xl:hidden',
  created: '@max-md:hidden',
} as const;

export interface ContactTableRowProps {
  /** Undefined while its page is on the way. */
  row: ContactRow | undefined;
  index: number;
  /** Pixels from the top of the list. */
  top: number;
  selected: boolean;
  open: boolean;
  atCursor: boolean;
  search: ContactsSearch;
  onToggle: (index: number, extend: boolean) => void;
  onCursor: (index: number) => void;
}

/** One contact. The name is a link that reaches over the whole row; the tick lies above it. */
export const ContactTableRow = memo(function ContactTableRow(props: ContactTableRowProps) {
  const { row, index, top, selected, open, atCursor, search, onToggle, onCursor } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const { data: tags = [] } = useTags();
  const place = { transform: `translateY(${String(top)}px)` };
  if (row === undefined) return <WaitingRow style={place} />;
  const name = contactName(row, t);
  return (
    <tr
      aria-rowindex={index + 2}
      data-testid="contact-row"
      data-selected={selected || undefined}
      style={place}
      className={cx(rowClass, 'text-13', open || selected ? 'bg-selected' : 'hover:bg-hover')}
    >
      <td className="relative z-1 flex">
        <Checkbox
          checked={selected}
          aria-label={t('contacts.select', { name })}
          tabIndex={-1}
          className="after:-inset-y-3 after:-start-4 after:-end-2"
          onClick={(event) => onToggle(index, event.shiftKey)}
        />
      </td>
      <td className="min-w-0">
        <Link
          to="/contacts/{-$contactId}"
          params={{ contactId: row.id }}
          search={search}
          preload={false}
          data-row={index}
          tabIndex={atCursor ? 0 : -1}
          onFocus={() => onCursor(index)}
          aria-current={open ? 'true' : undefined}
          className="flex min-w-0 items-center gap-2.5 after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus"
        >
          <Avatar id={row.id} name={name} src={row.avatar_url} size={24} />
          <bdi className="line-1 font-medium">{name}</bdi>
        </Link>
      </td>
      <td className={cx(columnClass.phone, 'line-1 text-ink-2 tabular rtl:text-end')} dir="ltr">
        {row.phones[0] ?? ''}
        {row.phones.length > 1 ? <span className="text-ink-3"> +{format.number(row.phones.length - 1)}</span> : null}
      </td>
      <td className={cx(columnClass.email, 'line-1 text-ink-2 rtl:text-end')} dir="ltr">
        {row.emails[0] ?? ''}
      </td>
      <td className={cx(columnClass.tags, 'flex min-w-0 gap-1 overflow-hidden')}>
        {row.tags.slice(0, 3).map((tag) => (
          <Badge key={tag} tone={colorTone(tags.find((one) => one.name === tag)?.color)} className="shrink">
            {tag}
          </Badge>
        ))}
        {row.tags.length > 3 ? <span className="text-12 text-ink-3">+{format.number(row.tags.length - 3)}</span> : null}
      </td>
      <td className={cx(columnClass.company, 'line-1 text-ink-2')}>
        <bdi>{row.company?.name ?? ''}</bdi>
      </td>
      <td className={cx(columnClass.assignee, 'flex min-w-0 items-center gap-1.5 text-ink-2')}>
        {row.assignee === null ? null : (
          <>
            <Avatar id={row.assignee.id} name={memberName(row.assignee)} src={row.assignee.avatar_url} size={16} />
            <bdi className="line-1">{memberName(row.assignee)}</bdi>
          </>
        )}
      </td>
      <td className={cx(columnClass.created, 'text-end text-ink-3 tabular')}>
        <time dateTime={row.created_at} title={format.exact(row.created_at)}>
          {format.ago(row.created_at, now)}
        </time>
      </td>
    </tr>
  );
});

const rowClass = cx(gridClass, 'absolute inset-x-0 top-0 h-10 border-b border-line/60');

function WaitingRow({ style }: { style: { transform: string } }) {
  return (
    <tr className={rowClass} style={style}>
      <td>
        <Skeleton className="size-4" />
      </td>
      <td>
        <Skeleton className="h-3 w-36" />
      </td>
      <td className={columnClass.phone}>
        <Skeleton className="h-3 w-28" />
      </td>
    </tr>
  );
}
