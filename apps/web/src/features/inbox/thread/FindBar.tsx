import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ChevronDown, ChevronUp, Search, X } from 'lucide-react';
import { type KeyboardEvent, useDeferredValue, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '#api/context.ts';
import { IconButton } from '#design/IconButton.tsx';
import { useFormat } from '#i18n/useFormat.ts';
import { type FoundMessage, findMessagesQuery } from './findMessages.ts';

const SHORTEST = 2;

/** Finds words in one conversation. The browser's own search cannot: most of a long thread is not in the page. */
export function FindBar(props: {
  conversationId: string;
  onWords: (words: string) => void;
  onShow: (message: FoundMessage) => void;
  onClose: () => void;
}) {
  const { conversationId, onWords, onShow, onClose } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const words = useDeferredValue(text.trim());
  const asked = words.length >= SHORTEST;
  const { data, isFetching } = useQuery({
    ...findMessagesQuery(useApi(), conversationId, words),
    enabled: asked,
    placeholderData: keepPreviousData,
  });
  const found = asked ? (data ?? []) : [];
  const current = found[Math.min(at, found.length - 1)];

  useEffect(() => field.current?.focus(), []);
  useEffect(() => onWords(asked ? words : ''), [asked, words, onWords]);
  useEffect(() => {
    if (current !== undefined) onShow(current);
  }, [current, onShow]);

  const step = (by: number) => {
    if (found.length > 0) setAt((now) => (now + by + found.length) % found.length);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Up is earlier, and earlier matches come later in a list that starts with the newest.
    if (event.key === 'Enter') step(event.shiftKey ? -1 : 1);
    else if (event.key === 'ArrowUp') step(1);
    else if (event.key === 'ArrowDown') step(-1);
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
  };
  return (
    <search className="flex h-11 shrink-0 items-center gap-1 border-b border-line ps-4 pe-2">
      <Search className="text-ink-3" />
      <input
        ref={field}
        dir="auto"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        aria-label={t('inbox.find.label')}
        placeholder={t('inbox.find.label')}
        className="h-8 min-w-0 flex-1 bg-transparent px-1.5 text-13 outline-none focus-visible:outline-none"
      />
      <span role="status" className="px-1 text-12 text-ink-3 tabular">
        {!asked || (isFetching && data === undefined)
          ? ''
          : found.length === 0
            ? t('inbox.find.none')
            : t('inbox.find.position', {
                at: format.number(Math.min(at, found.length - 1) + 1),
                total: format.number(found.length),
              })}
      </span>
      <IconButton
        label={t('inbox.find.earlier')}
        icon={<ChevronUp />}
        disabled={found.length < 2}
        onClick={() => step(1)}
      />
      <IconButton
        label={t('inbox.find.later')}
        icon={<ChevronDown />}
        disabled={found.length < 2}
        onClick={() => step(-1)}
      />
      <IconButton label={t('action.close')} icon={<X />} onClick={onClose} />
    </search>
  );
}
