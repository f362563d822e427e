import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx.ts';
import { DelayedSpinner } from './Spinner.tsx';

export type ButtonTone = 'primary' | 'secondary' | 'ghost' | 'danger' | 'danger-ghost';

const tones: Record<ButtonTone, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover',
  secondary: 'bg-surface text-ink inset-ring inset-ring-line-strong/60 hover:bg-hover',
  ghost: 'text-ink-2 hover:bg-hover hover:text-ink data-[state=open]:bg-hover data-[state=open]:text-ink',
  danger: 'bg-danger text-on-danger hover:bg-danger-hover',
  'danger-ghost': 'text-danger-ink hover:bg-danger-soft',
};

const sizes = {
  sm: 'h-7 gap-1.5 px-2 text-12 icon-14 after:absolute after:-inset-0.5 relative',
  md: 'h-8 gap-1.5 px-3 text-13',
  lg: 'h-10 gap-2 px-4 text-14',
} as const;

export type ButtonProps = ComponentProps<'button'> & {
  tone?: ButtonTone;
  size?: keyof typeof sizes;
  /** Work is under way: the button keeps its width, cannot be pressed again and says so to a screen reader. */
  busy?: boolean;
  icon?: ReactNode;
};

/** A verb. Says what it does ("Close conversation"), never "OK". */
export function Button({
  tone = 'secondary',
  size = 'md',
  busy = false,
  icon,
  className,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled === true || busy}
      aria-busy={busy || undefined}
      className={cx(
        'inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap rounded-control font-medium',
        'disabled:cursor-default disabled:opacity-50 aria-busy:opacity-100',
        sizes[size],
        tones[tone],
        className,
      )}
    >
      {busy ? <DelayedSpinner /> : icon}
      {children}
    </button>
  );
}
