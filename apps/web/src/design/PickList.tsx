import { Check, Search } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useId, useMemo, useRef, useState } from 'react';
import { cx } from './cx.ts';
import { foldText } from './foldText.ts';

export interface PickOption {
  id: string;
  label: string;
  /** Other words that find it, such as an e-mail address. */
  keywords?: string;
  icon?: ReactNode;
  hint?: ReactNode;
  checked?: boolean;
}

/** A short list with a search field on top, worked wholly by keyboard: type, arrows, Enter. Lives inside a Popover. */
export function PickList(props: {
  label: string;
  placeholder: string;
  options: readonly PickOption[];
  onPick: (id: string) => void;
  empty: ReactNode;
  /** Offers to make what was typed, such as a new tag. */
  create?: { label: (text: string) => string; onCreate: (text: string) => void };
  footer?: ReactNode;
}) {
  const { label, placeholder, options, onPick, empty, create, footer } = props;
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();

  const shown = useMemo(() => {
    const wanted = foldText(text);
    return wanted === ''
      ? options
      : options.filter((option) => foldText(`${option.label} ${option.keywords ?? ''}`).includes(wanted));
  }, [options, text]);
  const typed = text.trim();
  const creatable =
    create !== undefined && typed !== '' && !options.some((option) => foldText(option.label) === foldText(typed));
  const count = shown.length + (creatable ? 1 : 0);
  const current = Math.min(active, Math.max(0, count - 1));

  const choose = (index: number) => {
    const option = shown[index];
    if (option !== undefined) onPick(option.id);
    else if (creatable) {
      create.onCreate(typed);
      setText('');
    }
  };
  const move = (to: number) => {
    const next = count === 0 ? 0 : (to + count) % count;
    setActive(next);
    list.current?.querySelector(`[data-index="${String(next)}"]`)?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') move(current + 1);
    else if (event.key === 'ArrowUp') move(current - 1);
    else if (event.key === 'Home') move(0);
    else if (event.key === 'End') move(count - 1);
    else if (event.key === 'Enter') choose(current);
    else return;
    event.preventDefault();
  };
  const rowClass = (index: number) =>
    cx('flex min-h-8 items-center gap-2 rounded-control px-2 text-13', index === current && 'bg-hover');

  return (
    <div className="flex max-h-88 w-64 flex-col">
      <div className="flex items-center gap-2 border-b border-line px-3">
        <Search className="text-ink-3" />
        <input
          dir="auto"
          role="combobox"
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={count === 0 ? undefined : `${id}-${String(current)}`}
          aria-label={label}
          placeholder={placeholder}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          className="h-9 min-w-0 flex-1 bg-transparent text-13 outline-none"
        />
      </div>
      <div ref={list} id={id} role="listbox" aria-label={label} className="min-h-0 flex-1 overflow-y-auto p-1">
        {shown.map((option, index) => (
          <div
            key={option.id}
            id={`${id}-${String(index)}`}
            data-index={index}
            role="option"
            aria-selected={option.checked ?? false}
            tabIndex={-1}
            className={rowClass(index)}
            onPointerMove={() => setActive(index)}
            onClick={() => choose(index)}
            onKeyDown={onKeyDown}
          >
            {option.icon}
            <span dir="auto" className="line-1 flex-1 page-side">
              {option.label}
            </span>
            {option.hint === undefined ? null : <span className="text-12 text-ink-3">{option.hint}</span>}
            {option.checked === true ? <Check className="text-accent-ink" /> : null}
          </div>
        ))}
        {creatable ? (
          <div
            id={`${id}-${String(shown.length)}`}
            data-index={shown.length}
            role="option"
            aria-selected={false}
            tabIndex={-1}
            className={rowClass(shown.length)}
            onPointerMove={() => setActive(shown.length)}
            onClick={() => choose(shown.length)}
            onKeyDown={onKeyDown}
          >
            <span className="line-1 text-accent-ink">{create.label(typed)}</span>
          </div>
        ) : null}
        {count === 0 ? <p className="px-2 py-3 text-center text-12 text-ink-3">{empty}</p> : null}
      </div>
      {footer === undefined ? null : <div className="border-t border-line p-1">{footer}</div>}
    </div>
  );
}
