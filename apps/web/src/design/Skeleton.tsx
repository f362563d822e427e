import { cx } from './cx.ts';

/** A grey stand-in with the size of what will come, so that nothing moves when it does. */
export const Skeleton = ({ className }: { className?: string }) => (
  <span aria-hidden="true" className={cx('block rounded-badge bg-pressed/70 animate-breathe', className)} />
);
