import type { ReactNode } from 'react';
import { cx } from './cx.ts';

export type BadgeTone = 'neutral' | 'accent' | 'success' | 'warning' | 'danger' | 'info';

const tones: Record<BadgeTone, string> = {
  neutral: 'bg-sunken text-ink-2 inset-ring-line',
  accent: 'bg-accent-soft text-accent-ink inset-ring-accent-line',
  success: 'bg-success-soft text-success-ink inset-ring-success-line',
  warning: 'bg-warning-soft text-warning-ink inset-ring-warning-line',
  danger: 'bg-danger-soft text-danger-ink inset-ring-danger-line',
  info: 'bg-info-soft text-info-ink inset-ring-info-line',
};

/** A state or a label in a word or two. */
export function Badge(props: {
  tone?: BadgeTone;
  icon?: ReactNode;
  children: ReactNode;
  className?: string;
  title?: string;
}) {
  const { tone = 'neutral', icon, children, className, title } = props;
  return (
    <span
      title={title}
      className={cx(
        'inline-flex h-5 max-w-full shrink-0 items-center gap-1 rounded-badge px-1.5 text-12 font-medium inset-ring icon-14',
        tones[tone],
        className,
      )}
    >
      {icon}
      <span className="line-1" dir="auto">
        {children}
      </span>
    </span>
  );
}

/** How many are waiting. Nothing at zero. */
export function CountPill({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <span
      className={cx(
        'inline-flex h-4.5 min-w-4.5 shrink-0 items-center justify-center rounded-full bg-accent px-1 text-11 font-strong text-on-accent tabular',
        className,
      )}
    >
      {children}
    </span>
  );
}
