import { Tabs as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';

export interface TabOption<T extends string> {
  value: T;
  label: ReactNode;
  count?: number | undefined;
}

/** Tabs over one list: the text carries the choice, a hairline of accent marks it. The content is the caller's own. */
export function Tabs<T extends string>(props: {
  value: T;
  onChange: (value: T) => void;
  options: readonly TabOption<T>[];
  label: string;
  className?: string;
  formatCount: (count: number) => string;
}) {
  const { value, onChange, options, label, className, formatCount } = props;
  return (
    <Primitive.Root
      value={value}
      activationMode="manual"
      onValueChange={(next) => {
        const option = options.find((candidate) => candidate.value === next);
        if (option !== undefined) onChange(option.value);
      }}
    >
      <Primitive.List aria-label={label} className={cx('flex h-full items-stretch gap-4', className)}>
        {options.map((option) => (
          <Primitive.Trigger
            key={option.value}
            value={option.value}
            className={cx(
              'relative flex items-center gap-1.5 text-13 font-medium text-ink-3 hover:text-ink data-[state=active]:text-ink',
              'after:absolute after:inset-x-0 after:bottom-0 after:h-0.5 after:rounded-full data-[state=active]:after:bg-accent',
            )}
          >
            {option.label}
            {option.count === undefined ? null : (
              <span className="text-12 font-normal text-ink-3 tabular">{formatCount(option.count)}</span>
            )}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
    </Primitive.Root>
  );
}
