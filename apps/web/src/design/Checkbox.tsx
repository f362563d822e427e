import { Check, Minus } from 'lucide-react';
import { Checkbox as Primitive } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cx } from './cx.ts';

/** A tick box; `checked="indeterminate"` when only some rows are chosen. */
export function Checkbox({ className, ...rest }: ComponentProps<typeof Primitive.Root>) {
  return (
    <Primitive.Root
      {...rest}
      className={cx(
        'relative inline-flex size-4 shrink-0 items-center justify-center rounded-badge bg-surface inset-ring inset-ring-line-strong',
        'after:absolute after:-inset-2',
        'data-[state=checked]:bg-accent data-[state=checked]:text-on-accent data-[state=checked]:inset-ring-transparent',
        'data-[state=indeterminate]:bg-accent data-[state=indeterminate]:text-on-accent data-[state=indeterminate]:inset-ring-transparent',
        'disabled:opacity-45',
        className,
      )}
    >
      <Primitive.Indicator className="[&_svg]:size-3 [&_svg]:stroke-[3]">
        {rest.checked === 'indeterminate' ? <Minus /> : <Check />}
      </Primitive.Indicator>
    </Primitive.Root>
  );
}
