import { CornerUpLeft, Lock, MessageSquare, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNow } from '#app/clock/useNow.ts';
import { useMe } from '#app/session/sessionContext.ts';
import { ChannelBadge } from '#design/ChannelBadge.tsx';
import { cx } from '#design/cx.ts';
import { IconButton } from '#design/IconButton.tsx';
import { type ConversationItem, channelOf, contactName } from '../model/conversation.ts';
import { isInbound, type ThreadMessage } from '../model/message.ts';
import { QuoteText } from '../thread/Quote.tsx';
import { limitsOf } from './channelLimits.ts';
import type { DraftMode } from './draftStore.ts';
import { TrayFiles } from './TrayFiles.tsx';
import type { AttachmentTray } from './useAttachments.ts';
import type { Outgoing } from './useSendMessage.ts';
import { WriteBlocked } from './WriteBlocked.tsx';
import { WritingArea } from './WritingArea.tsx';
import { replyWindow } from './window.ts';

export interface ComposerProps {
  conversation: ConversationItem;
  mode: DraftMode;
  onMode: (mode: DraftMode) => void;
  replyTo: ThreadMessage | null;
  onReplyTo: (message: ThreadMessage | null) => void;
  tray: AttachmentTray;
  onSend: (outgoing: Outgoing) => void;
  onNote: (text: string, mentions: readonly string[]) => void;
  onTyping: () => void;
  stopTyping: () => void;
}

/** Where one answers the customer, or leaves a note for colleagues: two modes that cannot be mistaken for one another. */
export function Composer(props: ComposerProps) {
  const { conversation, mode, onMode, replyTo, onReplyTo, tray, onSend } = props;
  const { t } = useTranslation();
  const me = useMe();
  const now = useNow();
  const limits = limitsOf(channelOf(conversation));
  const window = replyWindow(conversation.window_expires_at, limits.windowHours, now);
  const isNote = mode === 'note';
  const blocked = isNote
    ? null
    : !me.can('can_send_messages')
      ? 'permission'
      : conversation.channel_account === null
        ? 'channel'
        : window.state === 'shut'
          ? 'window'
          : null;
  const [dialogOpen, setDialogOpen] = useState(false);

  return (
    <section aria-label={t('inbox.composer.label')} className="px-3 pb-3">
      <div
        data-mode={mode}
        className={cx(
          'flex flex-col rounded-panel inset-ring focus-within:inset-ring-accent',
          isNote ? 'bg-note inset-ring-note-line' : 'bg-surface inset-ring-line-strong/70',
        )}
      >
        <div className="flex items-center gap-1 ps-1.5 pe-2 pt-1.5">
          <div role="tablist" aria-label={t('inbox.composer.modes')} className="flex gap-0.5">
            <ModeTab active={!isNote} onSelect={() => onMode('reply')} icon={<MessageSquare />}>
              {t('inbox.composer.reply')}
            </ModeTab>
            <ModeTab active={isNote} onSelect={() => onMode('note')} icon={<Lock />} note>
              {t('inbox.composer.note')}
            </ModeTab>
          </div>
          <span
            className={cx('line-1 ms-auto flex items-center gap-1.5 text-12', isNote ? 'text-note-ink' : 'text-ink-3')}
          >
            {isNote ? (
              t('inbox.composer.noteHint')
            ) : conversation.channel_account === null ? null : (
              <>
                <ChannelBadge type={channelOf(conversation)} size={14} ring={false} />
                <bdi className="line-1">{conversation.channel_account.name}</bdi>
              </>
            )}
          </span>
        </div>
        {replyTo === null || isNote ? null : (
          <div className="mx-2 mt-1.5 flex items-center gap-2 rounded-control border-s-2 border-accent bg-sunken py-1 ps-2 pe-1 text-12">
            <CornerUpLeft className="text-ink-3 icon-14 mirror-rtl" />
            <span className="min-w-0 flex-1">
              <bdi className="line-1 block font-medium text-accent-ink">
                {isInbound(replyTo) ? contactName(conversation.contact, t) : t('inbox.you')}
              </bdi>
              <QuoteText message={replyTo} />
            </span>
            <IconButton
              size="sm"
              tooltip={false}
              label={t('inbox.composer.cancelReply')}
              icon={<X className="icon-14" />}
              onClick={() => onReplyTo(null)}
            />
          </div>
        )}
        {isNote ? null : <TrayFiles tray={tray} />}
        {blocked === null ? (
          <WritingArea key={mode} {...props} limits={limits} window={window} />
        ) : (
          <WriteBlocked
            reason={blocked}
            conversation={conversation}
            shutAt={window.state === 'shut' ? window.at : null}
            templates={limits.templates}
            templateOpen={dialogOpen}
            onTemplateOpen={setDialogOpen}
            onSend={onSend}
          />
        )}
      </div>
    </section>
  );
}

function ModeTab({
  active,
  onSelect,
  icon,
  note = false,
  children,
}: {
  active: boolean;
  onSelect: () => void;
  icon: ReactNode;
  note?: boolean;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      role="tab"
      aria-selected={active}
      onClick={onSelect}
      className={cx(
        'relative flex h-7 items-center gap-1.5 rounded-control px-2 text-12 font-medium icon-14 after:absolute after:-inset-y-0.5',
        active ? (note ? 'bg-note-line/60 text-ink' : 'bg-sunken text-ink') : 'text-ink-2 hover:text-ink',
      )}
    >
      {icon}
      {children}
    </button>
  );
}
