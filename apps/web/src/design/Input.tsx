import type { ComponentProps } from 'react';
import { cx } from './cx.ts';

export const controlClass = cx(
  'w-full rounded-control bg-surface text-ink inset-ring inset-ring-line-strong placeholder:text-ink-3',
  'focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-focus focus-visible:inset-ring-transparent',
  'aria-invalid:inset-ring-danger disabled:bg-sunken disabled:text-ink-3',
);

/** One line of text. `dir="auto"` lets a name in either script start on its own side. */
export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input dir="auto" {...rest} className={cx(controlClass, 'h-8 px-2.5 text-13', className)} />;
}

export function Textarea({ className, ...rest }: ComponentProps<'textarea'>) {
  return <textarea dir="auto" rows={3} {...rest} className={cx(controlClass, 'px-2.5 py-1.5 text-13', className)} />;
}
