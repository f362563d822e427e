import { Bot, Copy, CornerUpLeft, MoreHorizontal, RotateCcw, Smartphone, Trash2, TriangleAlert } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '#design/Avatar.tsx';
import { Button } from '#design/Button.tsx';
import { copyText } from '#design/copyText.ts';
import { cx } from '#design/cx.ts';
import { IconButton } from '#design/IconButton.tsx';
import { Menu, MenuItem } from '#design/Menu.tsx';
import { useNotify } from '#design/useNotify.ts';
import { useFormat } from '#i18n/useFormat.ts';
import { isInbound, type ThreadMessage } from '../model/message.ts';
import { MessageContent } from './content/MessageContent.tsx';
import { Quote } from './Quote.tsx';
import { StatusTick, statusWords } from './StatusTick.tsx';
import type { GroupPosition } from './timeline.ts';

export interface MessageRowProps {
  message: ThreadMessage;
  position: GroupPosition;
  /** Who wrote it, where that is not obvious: a colleague, the bot, an API client. */
  author: { id: string; name: string; avatarUrl: string | null } | null;
  quoted: ThreadMessage | undefined;
  contactName: string;
  canReply: boolean;
  highlighted: boolean;
  onReply: (message: ThreadMessage) => void;
  onRetry: (message: ThreadMessage) => void;
  onDiscard: (message: ThreadMessage) => void;
  onJump: (id: string) => void;
}

export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { message, position, author, quoted, contactName, highlighted, onRetry, onDiscard, onJump } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const inbound = isInbound(message);

  if (message.message_type === 'system') {
    return (
      <p className="px-6 py-1.5 text-center text-12 text-ink-3" title={format.exact(message.created_at)}>
        <bdi>{message.content}</bdi>
      </p>
    );
  }
  const opens = position === 'first' || position === 'only';
  const closes = position === 'last' || position === 'only';
  const failed = message.status === 'FAILED' || message.local?.phase === 'failed';
  return (
    <div
      data-testid="message"
      data-message={message.id}
      data-direction={message.direction}
      className={cx('group/message flex px-4', inbound ? 'justify-start' : 'justify-end', opens ? 'pt-2' : 'pt-0.5')}
    >
      <div className={cx('flex max-w-[min(36rem,85%)] min-w-0 flex-col', inbound ? 'items-start' : 'items-end')}>
        {opens && author !== null ? (
          <span className="mb-0.5 flex items-center gap-1.5 px-1 text-12 text-ink-3 icon-14">
            {message.sender_type === 'BOT' ? (
              <Bot />
            ) : message.sender_type === 'API' ? (
              <Smartphone />
            ) : (
              <Avatar id={author.id} name={author.name} src={author.avatarUrl} size={16} />
            )}
            <bdi>{author.name}</bdi>
          </span>
        ) : null}
        <div className="relative flex max-w-full items-center">
          <div
            className={cx(
              'min-w-0 px-3 py-1.5',
              bubbleCorners(inbound, opens, closes),
              inbound ? 'bg-bubble-in' : failed ? 'bg-danger-soft inset-ring inset-ring-danger-line' : 'bg-bubble-out',
              highlighted && 'outline-2 outline-focus',
            )}
          >
            {message.reply_to_id === null ? null : (
              <Quote id={message.reply_to_id} known={quoted} contactName={contactName} onJump={onJump} />
            )}
            <MessageContent message={message} />
            <Meta message={message} showTime={closes} />
          </div>
          <MessageActions {...props} />
        </div>
        <Reactions message={message} />
        {failed ? (
          <div role="alert" className="mt-1 flex max-w-full flex-col items-end gap-0.5 px-1 text-12 text-danger-ink">
            <span className="flex min-w-0 items-start gap-1.5 icon-14">
              <TriangleAlert className="mt-px" />
              <span dir="auto" className="min-w-0 [overflow-wrap:anywhere]">
                {message.local?.phase === 'failed'
                  ? message.local.reason
                  : (message.error_message ?? t('inbox.status.failed'))}
              </span>
            </span>
            <span className="flex gap-1">
              <Button tone="danger-ghost" size="sm" icon={<RotateCcw />} onClick={() => onRetry(message)}>
                {t('action.retry')}
              </Button>
              {message.local === undefined ? null : (
                <Button tone="ghost" size="sm" icon={<Trash2 />} onClick={() => onDiscard(message)}>
                  {t('inbox.discard')}
                </Button>
              )}
            </span>
          </div>
        ) : null}
      </div>
    </div>
  );
});

function bubbleCorners(inbound: boolean, opens: boolean, closes: boolean): string {
  return cx(
    'rounded-panel',
    inbound ? (opens ? '' : 'rounded-ss-badge') : opens ? '' : 'rounded-se-badge',
    inbound ? (closes ? '' : 'rounded-es-badge') : closes ? '' : 'rounded-ee-badge',
  );
}

/** Time and tick, in the lower end corner. The words are in the title. */
function Meta({ message, showTime }: { message: ThreadMessage; showTime: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const inbound = isInbound(message);
  if (!showTime && inbound && message.edited_at === null) return null;
  const moment = message.read_at ?? message.delivered_at ?? message.sent_at;
  const words = statusWords(message.status, t);
  return (
    <span className="mt-0.5 flex items-center justify-end gap-1 text-11 text-bubble-meta tabular">
      {message.edited_at === null ? null : <span title={format.exact(message.edited_at)}>{t('inbox.edited')}</span>}
      {showTime ? (
        <time dateTime={message.created_at} title={format.exact(message.created_at)}>
          {format.time(message.created_at)}
        </time>
      ) : null}
      {inbound ? null : (
        <StatusTick
          status={
            message.local === undefined ? message.status : message.local.phase === 'failed' ? 'FAILED' : 'PENDING'
          }
          detail={
            message.status === 'FAILED'
              ? (message.error_message ?? words)
              : moment === null
                ? words
                : t('inbox.status.at', { status: words, time: format.exact(moment) })
          }
        />
      )}
    </span>
  );
}

function Reactions({ message }: { message: ThreadMessage }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (message.message_reactions.length === 0) return null;
  const counts = new Map<string, number>();
  for (const reaction of message.message_reactions) counts.set(reaction.emoji, (counts.get(reaction.emoji) ?? 0) + 1);
  return (
    <ul aria-label={t('inbox.reactions')} className="relative z-1 -mt-1 mb-0.5 flex gap-1 px-2">
      {[...counts].map(([emoji, count]) => (
        <li
          key={emoji}
          className="flex h-5 items-center gap-1 rounded-full bg-surface px-1.5 text-12 inset-ring inset-ring-line"
        >
          {emoji}
          {count > 1 ? <span className="tabular">{format.number(count)}</span> : null}
        </li>
      ))}
    </ul>
  );
}

function MessageActions({ message, canReply, onReply }: MessageRowProps) {
  const { t } = useTranslation();
  const notify = useNotify();
  if (message.local !== undefined || message.deleted_at !== null) return null;
  const { content } = message;
  const copy = () => {
    void copyText(content ?? '').then((copied) =>
      copied ? notify.done(t('inbox.copied')) : notify.failure(t('inbox.copyFailed')),
    );
  };
  return (
    <span
      className={cx(
        'flex shrink-0 opacity-0 group-focus-within/message:opacity-100 group-hover/message:opacity-100 has-[[data-state=open]]:opacity-100 pointer-coarse:opacity-60',
        // Beside the bubble, without taking room from it.
        isInbound(message) ? 'absolute start-full ps-1' : 'absolute end-full pe-1',
      )}
    >
      {canReply ? (
        <IconButton
          size="sm"
          label={t('inbox.replyTo')}
          icon={<CornerUpLeft className="icon-14 mirror-rtl" />}
          onClick={() => onReply(message)}
          tooltipSide="top"
          className="pointer-coarse:hidden"
        />
      ) : null}
      {content === null && !canReply ? null : (
        <Menu
          trigger={
            <IconButton
              size="sm"
              tooltip={false}
              label={t('inbox.messageActions')}
              icon={<MoreHorizontal className="icon-14" />}
            />
          }
        >
          {content === null ? null : (
            <MenuItem icon={<Copy />} onSelect={copy}>
              {t('inbox.copyText')}
            </MenuItem>
          )}
          {canReply ? (
            <MenuItem icon={<CornerUpLeft className="mirror-rtl" />} onSelect={() => onReply(message)}>
              {t('inbox.replyTo')}
            </MenuItem>
          ) : null}
        </Menu>
      )}
    </span>
  );
}
