import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { cx } from './cx.ts';

export interface TabOption<T extends string> {
  value: T;
  label: ReactNode;
  count?: number | undefined;
}

/** Tabs over one list: the text carries the choice, a line of accent marks it. Arrows move along, as tabs do. */
export function Tabs<T extends string>(props: {
  value: T;
  onChange: (value: T) => void;
  options: readonly TabOption<T>[];
  label: string;
  className?: string;
  formatCount: (count: number) => string;
}) {
  const { value, onChange, options, label, className, formatCount } = props;
  const list = useRef<HTMLDivElement>(null);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const forwards = getComputedStyle(event.currentTarget).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    const step = event.key === forwards ? 1 : event.key === 'ArrowLeft' || event.key === 'ArrowRight' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const tabs = [...(list.current?.querySelectorAll<HTMLElement>('[role="tab"]') ?? [])];
    const at = tabs.findIndex((tab) => tab.matches(':focus'));
    tabs[(at + step + tabs.length) % tabs.length]?.focus();
  };
  return (
    <div
      ref={list}
      role="tablist"
      aria-label={label}
      onKeyDown={onKeyDown}
      tabIndex={-1}
      className={cx('flex h-full items-stretch gap-4', className)}
    >
      {options.map((option) => {
        const active = option.value === value;
        return (
          <button
            key={option.value}
            type="button"
            role="tab"
            aria-selected={active}
            tabIndex={active ? 0 : -1}
            onClick={() => onChange(option.value)}
            className={cx(
              'relative flex items-center gap-1.5 text-13 font-medium whitespace-nowrap hover:text-ink',
              'after:absolute after:inset-x-0 after:bottom-0 after:h-0.5 after:rounded-full',
              active ? 'text-ink after:bg-accent' : 'text-ink-3',
            )}
          >
            {option.label}
            {option.count === undefined ? null : (
              <span className="text-12 font-normal text-ink-3 tabular">{formatCount(option.count)}</span>
            )}
          </button>
        );
      })}
    </div>
  );
}
