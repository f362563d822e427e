import { Reply, SmilePlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '#design/cx.ts';
import { Popover } from '#design/Popover.tsx';

const REACTIONS = ['👍', '❤️', '😂', '😮', '😢', '🙏'];

/** What the customer can do with one message: react to it, take the reaction back, answer it. */
export function ReachOut(props: {
  words: string;
  own: string | null;
  onReact: (emoji: string | null) => void;
  onReply: () => void;
}) {
  const { words, own, onReact, onReply } = props;
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const close = (act: () => void) => {
    setOpen(false);
    act();
  };
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      side="top"
      align="center"
      label={t('sandbox.phone.react')}
      className="flex items-center gap-0.5 p-1"
      trigger={
        <button
          type="button"
          aria-label={t('sandbox.phone.reactTo', { text: words })}
          className="phone-reach phone-tool flex size-8 shrink-0 items-center justify-center self-center rounded-full"
        >
          <SmilePlus />
        </button>
      }
    >
      {REACTIONS.map((emoji) => (
        <button
          key={emoji}
          type="button"
          aria-label={own === emoji ? t('sandbox.phone.takeBack', { emoji }) : t('sandbox.phone.reactWith', { emoji })}
          aria-pressed={own === emoji}
          onClick={() => close(() => onReact(own === emoji ? null : emoji))}
          className={cx(
            'flex size-9 items-center justify-center rounded-control text-20 hover:bg-hover',
            own === emoji && 'bg-accent-soft',
          )}
        >
          {emoji}
        </button>
      ))}
      <button
        type="button"
        onClick={() => close(onReply)}
        className="ms-1 flex h-9 items-center gap-1.5 rounded-control border-s border-line px-2.5 text-13 font-medium text-ink-2 hover:bg-hover hover:text-ink"
      >
        <Reply className="mirror-rtl" />
        {t('sandbox.phone.reply')}
      </button>
    </Popover>
  );
}
