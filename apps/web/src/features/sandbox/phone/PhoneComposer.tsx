import { File, Image, MapPin, Plus, SendHorizontal, Smile, X } from 'lucide-react';
import { type KeyboardEvent, lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Menu, MenuItem } from '#design/Menu.tsx';
import { Popover } from '#design/Popover.tsx';
import { DelayedSpinner } from '#design/Spinner.tsx';
import type { ThreadMessage } from '#features/inbox/model/message.ts';
import type { Saying } from '../sandboxFunctions.ts';
import { QuotedMessage } from './QuotedMessage.tsx';

const EmojiPanel = lazy(() => import('#features/inbox/composer/EmojiPanel.tsx'));
const MAX_TEXT = 4_096;
const MAX_CAPTION = 1_024;
const toolClass = 'phone-tool flex size-9 shrink-0 items-center justify-center rounded-full touch-target';

/** Where the customer writes. Enter sends, as their keyboard would. */
export function PhoneComposer(props: {
  business: string;
  replyTo: ThreadMessage | null;
  onReplied: () => void;
  onSay: (saying: Saying) => void;
}) {
  const { business, replyTo, onReplied, onSay } = props;
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [emojiOpen, setEmojiOpen] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    // On a touch screen the keyboard would cover the chat before anyone asked for it.
    if (replyTo !== null || matchMedia('(pointer: fine)').matches) field.current?.focus();
  }, [replyTo]);

  const send = () => {
    const words = text.trim();
    if (words === '') return;
    const quoted = replyTo?.external_id ?? null;
    onSay({ kind: 'text', text: words.slice(0, MAX_TEXT), ...(quoted === null ? {} : { reply_to: quoted }) });
    setText('');
    onReplied();
    field.current?.focus();
  };
  const sendFile = (kind: 'photo' | 'document') => {
    const caption = text.trim().slice(0, MAX_CAPTION);
    onSay({ kind, ...(caption === '' ? {} : { text: caption }) });
    setText('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && replyTo !== null) onReplied();
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  const insert = (emoji: string) => {
    const at = field.current?.selectionStart ?? text.length;
    setText(text.slice(0, at) + emoji + text.slice(field.current?.selectionEnd ?? at));
    setEmojiOpen(false);
  };

  return (
    <form
      className="phone-bar shrink-0 px-2 pt-1.5 pb-2"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {replyTo === null ? null : (
        <div className="mb-1 flex items-start gap-1 ps-2">
          <div className="min-w-0 flex-1">
            <QuotedMessage message={replyTo} business={business} />
          </div>
          <button type="button" className={toolClass} onClick={onReplied} aria-label={t('sandbox.phone.noReply')}>
            <X />
          </button>
        </div>
      )}
      <div className="flex items-end gap-1">
        <Menu
          side="top"
          label={t('sandbox.phone.attach')}
          trigger={
            <button
              type="button"
              className={toolClass}
              aria-label={t('sandbox.phone.attach')}
              title={t('sandbox.phone.attach')}
            >
              <Plus className="size-5!" />
            </button>
          }
        >
          <MenuItem icon={<Image />} onSelect={() => sendFile('photo')}>
            {t('sandbox.phone.sendPhoto')}
          </MenuItem>
          <MenuItem icon={<File />} onSelect={() => sendFile('document')}>
            {t('sandbox.phone.sendDocument')}
          </MenuItem>
          <MenuItem icon={<MapPin />} onSelect={() => onSay({ kind: 'location' })}>
            {t('sandbox.phone.sendLocation')}
          </MenuItem>
        </Menu>
        <div className="flex min-w-0 flex-1 items-end rounded-[20px] bg-(--phone-theirs) inset-ring inset-ring-(--phone-line) focus-within:inset-ring-(--phone-green)">
          <textarea
            ref={field}
            dir="auto"
            rows={1}
            value={text}
            maxLength={MAX_TEXT}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={onKeyDown}
            aria-label={t('sandbox.phone.write')}
            placeholder={t('sandbox.phone.write')}
            className="field-sizing-content max-h-28 min-h-9 min-w-0 flex-1 self-center resize-none bg-transparent py-2 ps-3.5 text-14 outline-none placeholder:text-(--phone-meta)"
          />
          <Popover
            open={emojiOpen}
            onOpenChange={setEmojiOpen}
            side="top"
            align="end"
            label={t('sandbox.phone.emoji')}
            trigger={
              <button
                type="button"
                className={toolClass}
                aria-label={t('sandbox.phone.emoji')}
                title={t('sandbox.phone.emoji')}
              >
                <Smile className="size-5!" />
              </button>
            }
          >
            <Suspense
              fallback={
                <div className="flex h-80 w-80 items-center justify-center text-ink-3">
                  <DelayedSpinner />
                </div>
              }
            >
              <EmojiPanel onPick={insert} />
            </Suspense>
          </Popover>
        </div>
        <button
          type="submit"
          disabled={text.trim() === ''}
          aria-label={t('sandbox.phone.send')}
          title={t('sandbox.phone.send')}
          className="phone-send flex size-9 shrink-0 items-center justify-center rounded-full disabled:opacity-45 touch-target"
        >
          <SendHorizontal className="mirror-rtl" />
        </button>
      </div>
    </form>
  );
}
