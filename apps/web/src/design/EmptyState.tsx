import type { ReactNode } from 'react';
import { cx } from './cx.ts';

/**
 * Nothing to show, and why. Four reasons have four texts: there is no data, a filter hides it, the person may not see
 * it, or the source is not connected. At most one primary action.
 */
export function EmptyState(props: {
  icon: ReactNode;
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  className?: string;
  reason: 'no-data' | 'filtered' | 'no-permission' | 'not-connected' | 'error' | 'choose';
}) {
  const { icon, title, children, action, className, reason } = props;
  return (
    <div
      data-empty={reason}
      role={reason === 'error' ? 'alert' : 'status'}
      className={cx('flex h-full min-h-0 flex-col items-center justify-center gap-1 px-8 py-10 text-center', className)}
    >
      <span className="mb-2 text-ink-3 [&_svg.lucide]:size-6 [&_svg.lucide]:stroke-[1.5]">{icon}</span>
      <h2 className="text-14 font-strong text-balance">{title}</h2>
      {children === undefined ? null : <div className="max-w-80 text-13 text-ink-2 text-pretty">{children}</div>}
      {action === undefined ? null : <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
