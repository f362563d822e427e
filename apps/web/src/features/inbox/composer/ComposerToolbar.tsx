import { Braces, Paperclip, SendHorizontal, Smile, Timer, Zap } from 'lucide-react';
import { lazy, Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isApple } from '#app/commands/keyStroke.ts';
import { Button } from '#design/Button.tsx';
import { cx } from '#design/cx.ts';
import { IconButton } from '#design/IconButton.tsx';
import { Kbd } from '#design/Kbd.tsx';
import { Popover } from '#design/Popover.tsx';
import { Spinner } from '#design/Spinner.tsx';
import { useFormat } from '#i18n/useFormat.ts';
import type { ChannelLimits } from './channelLimits.ts';
import type { ReplyWindow } from './window.ts';

const EmojiPanel = lazy(() => import('./EmojiPanel.tsx'));
const HOUR = 3_600_000;
/** The counter appears when a fifth of the room is left. */
const COUNT_FROM = 0.8;

export function ComposerToolbar(props: {
  isNote: boolean;
  length: number;
  limits: ChannelLimits;
  window: ReplyWindow;
  sendable: boolean;
  uploading: boolean;
  onFiles: (files: Iterable<File>) => void;
  onInsert: (text: string) => void;
  onStartTrigger: (start: string) => void;
  onSend: () => void;
}) {
  const { isNote, length, limits, window, sendable, uploading, onFiles, onInsert, onStartTrigger, onSend } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const picker = useRef<HTMLInputElement>(null);
  const [emojiOpen, setEmojiOpen] = useState(false);
  const remaining = limits.textLength - length;
  const counted = !isNote && length > limits.textLength * COUNT_FROM;

  return (
    <div className="flex items-center gap-0.5 ps-1.5 pe-1.5 pb-1.5">
      {isNote ? null : (
        <>
          <input
            ref={picker}
            type="file"
            multiple
            tabIndex={-1}
            aria-label={t('inbox.composer.attach')}
            data-testid="attach-input"
            className="hidden"
            onChange={(event) => {
              onFiles([...(event.target.files ?? [])]);
              event.target.value = '';
            }}
          />
          <IconButton
            label={t('inbox.composer.attach')}
            icon={<Paperclip />}
            tooltipSide="top"
            onClick={() => picker.current?.click()}
          />
        </>
      )}
      <Popover
        open={emojiOpen}
        onOpenChange={setEmojiOpen}
        side="top"
        label={t('inbox.composer.emoji')}
        trigger={<IconButton label={t('inbox.composer.emoji')} icon={<Smile />} tooltipSide="top" />}
      >
        <Suspense
          fallback={
            <div className="flex h-80 w-80 items-center justify-center text-ink-3">
              <Spinner />
            </div>
          }
        >
          <EmojiPanel
            onPick={(emoji) => {
              setEmojiOpen(false);
              onInsert(emoji);
            }}
          />
        </Suspense>
      </Popover>
      {isNote ? null : (
        <IconButton
          label={t('inbox.composer.savedReplies')}
          keys={['/']}
          icon={<Zap />}
          tooltipSide="top"
          onClick={() => onStartTrigger('/')}
        />
      )}
      <IconButton
        label={t('inbox.composer.variables')}
        keys={['{{']}
        icon={<Braces />}
        tooltipSide="top"
        onClick={() => onStartTrigger('{{')}
      />
      <div className="ms-auto flex items-center gap-3 ps-2">
        {counted ? (
          <span
            className={cx('text-12 tabular', remaining < 0 ? 'font-medium text-danger-ink' : 'text-ink-3')}
            title={t('inbox.composer.limit', { limit: format.number(limits.textLength) })}
            role="status"
          >
            {remaining < 0
              ? t('inbox.composer.tooLong', { count: -remaining })
              : t('inbox.composer.charactersLeft', { count: remaining })}
          </span>
        ) : null}
        {!isNote && window.state === 'open' ? (
          <span
            className={cx(
              'flex items-center gap-1 text-12 icon-14 tabular',
              window.remainingMs < 2 * HOUR ? 'font-medium text-warning-ink' : 'text-ink-3',
            )}
            title={t('inbox.composer.windowHint')}
            data-testid="reply-window"
          >
            <Timer />
            <span className="sr-only">{t('inbox.composer.windowLabel')}</span>
            {format.length(window.remainingMs)}
          </span>
        ) : null}
        <Button
          tone="primary"
          onClick={onSend}
          disabled={!sendable}
          data-testid="send"
          icon={<SendHorizontal className="mirror-rtl" />}
          title={uploading ? t('inbox.attach.wait') : undefined}
        >
          {isNote ? t('inbox.composer.addNote') : t('inbox.composer.send')}
          <Kbd keys={[isApple() ? '⌘' : 'Ctrl', '↵']} quiet className="max-sm:hidden" />
        </Button>
      </div>
    </div>
  );
}
