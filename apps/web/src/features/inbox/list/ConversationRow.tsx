import { Clock, Star } from 'lucide-react';
import { type MouseEvent, memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useNow } from '#app/clock/useNow.ts';
import { memberName } from '#app/session/me.ts';
import { Avatar } from '#design/Avatar.tsx';
import { CountPill } from '#design/Badge.tsx';
import { ChannelBadge } from '#design/ChannelBadge.tsx';
import { cx } from '#design/cx.ts';
import { useFormat } from '#i18n/useFormat.ts';
import { type ConversationItem, channelOf, contactName, isClosed } from '../model/conversation.ts';
import { waitTone } from '../model/waiting.ts';
import { RowPreview } from './RowPreview.tsx';

export const ROW_HEIGHT = { comfortable: 68, compact: 44 } as const;

export interface ConversationRowProps {
  item: ConversationItem;
  density: keyof typeof ROW_HEIGHT;
  open: boolean;
  /** The row that keys act on. */
  atCursor: boolean;
  draft: string | undefined;
  snippet: string | null;
  onFocus: (id: string) => void;
  /** The address's filters, kept when the conversation is opened: "?view=mine" or nothing. */
  query: string;
  onOpen: (id: string) => void;
}

/** One conversation: who, on which channel, the last word, when, whose it is and how long the customer has waited. */
export const ConversationRow = memo(function ConversationRow(props: ConversationRowProps) {
  const { item, density, open, atCursor, draft, snippet, onFocus, query, onOpen } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const name = contactName(item.contact, t);
  const unread = item.unread_count > 0;
  const compact = density === 'compact';
  const moment = item.last_message_at ?? item.created_at;

  const avatar = (
    <Avatar
      id={item.contact_id}
      name={name}
      src={item.contact?.avatar_url ?? null}
      size={compact ? 24 : 36}
      badge={<ChannelBadge type={channelOf(item)} size={compact ? 14 : 16} />}
    />
  );
  const nameText = (
    <span
      className={cx(
        'line-1',
        unread ? 'font-strong text-ink' : 'font-medium text-ink',
        compact && 'max-w-[42%] shrink-0',
      )}
      dir="auto"
    >
      {name}
    </span>
  );
  const time = (
    <time
      dateTime={moment}
      title={format.exact(moment)}
      className={cx('shrink-0 text-12 tabular', unread ? 'text-accent-ink' : 'text-ink-3')}
    >
      {format.ago(moment, now)}
    </time>
  );
  const preview = <RowPreview item={item} draft={draft} snippet={snippet} unread={unread} />;
  const marks = (
    <>
      {item.is_important ? (
        <Star className="icon-14 fill-current text-warning-ink" aria-label={t('inbox.important')} />
      ) : null}
      <WaitTimer item={item} now={now} />
      {item.assignee === null ? null : (
        <span title={t('inbox.assignedTo', { name: memberName(item.assignee) })} className="inline-flex">
          <Avatar id={item.assignee.id} name={memberName(item.assignee)} src={item.assignee.avatar_url} size={16} />
          <span className="sr-only">{t('inbox.assignedTo', { name: memberName(item.assignee) })}</span>
        </span>
      )}
      {unread ? (
        <CountPill>
          <span aria-hidden="true">{format.compact(item.unread_count)}</span>
          <span className="sr-only">{t('inbox.unreadCount', { count: item.unread_count })}</span>
        </CountPill>
      ) : null}
    </>
  );

  return (
    // A plain link that the router is told of: the router's own costs too much in a list that is scrolled fast.
    <a
      href={`/inbox/${item.id}${query}`}
      onClick={(event) => {
        if (opensElsewhere(event)) return;
        event.preventDefault();
        onOpen(item.id);
      }}
      data-conversation={item.id}
      data-unread={unread || undefined}
      data-testid="conversation-row"
      aria-current={open ? 'true' : undefined}
      tabIndex={atCursor ? 0 : -1}
      onFocus={() => onFocus(item.id)}
      className={cx(
        'relative mx-1.5 flex items-center gap-3 rounded-control px-2.5 text-start outline-offset-[-2px] select-none',
        compact ? 'h-11' : 'h-17',
        open ? 'bg-selected [--badge-ring:var(--selected)]' : 'hover:bg-hover hover:[--badge-ring:var(--hover)]',
        isClosed(item) && !open && 'opacity-75',
      )}
    >
      {avatar}
      {compact ? (
        <span className="flex min-w-0 flex-1 items-center gap-2">
          {nameText}
          <span className="flex min-w-0 flex-1">{preview}</span>
          {marks}
          {time}
        </span>
      ) : (
        <span className="flex min-w-0 flex-1 flex-col gap-0.5">
          <span className="flex items-baseline gap-2">
            <span className="flex min-w-0 flex-1">{nameText}</span>
            {time}
          </span>
          <span className="flex h-5 items-center gap-1.5">
            <span className="flex min-w-0 flex-1">{preview}</span>
            {marks}
          </span>
        </span>
      )}
    </a>
  );
});

/** With a modifier a link opens a tab or a window, as everywhere. */
const opensElsewhere = (event: MouseEvent): boolean =>
  event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0;

const waitClass = { calm: 'text-ink-3', soon: 'text-warning-ink', late: 'text-danger-ink' } as const;

/** How long the customer has been without an answer. */
export function WaitTimer({ item, now }: { item: Pick<ConversationItem, 'waiting_since' | 'status'>; now: Date }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (item.waiting_since === null || isClosed(item)) return null;
  const waited = now.getTime() - Date.parse(item.waiting_since);
  const tone = waitTone(waited);
  const length = format.length(waited);
  return (
    <span
      className={cx('inline-flex shrink-0 items-center gap-0.5 text-12 font-medium icon-14 tabular', waitClass[tone])}
      title={t('inbox.waitingSince', { length, time: format.exact(item.waiting_since) })}
      data-wait={tone}
    >
      <Clock aria-hidden="true" />
      <span className="sr-only">{t('inbox.waiting')}</span>
      {length}
    </span>
  );
}
