import { usePreference } from '#app/preferences/usePreferences.ts';
import { cx } from '#design/cx.ts';
import { Skeleton } from '#design/Skeleton.tsx';

const widths = ['w-24', 'w-32', 'w-20', 'w-28', 'w-36', 'w-24', 'w-28', 'w-20', 'w-32', 'w-24'];

/** Rows to come, in their own size. */
export function ListSkeleton() {
  const [density] = usePreference('density');
  const compact = density === 'compact';
  return (
    <div aria-hidden="true" className="min-h-0 flex-1 overflow-hidden pt-1">
      {widths.map((width, index) => (
        <div
          key={`${width}${String(index)}`}
          className={cx('mx-1.5 flex items-center gap-3 px-2.5', compact ? 'h-11' : 'h-17')}
        >
          <Skeleton className={cx('rounded-full', compact ? 'size-6' : 'size-9')} />
          <div className={cx('flex min-w-0 flex-1', compact ? 'items-center gap-2' : 'flex-col gap-2')}>
            <Skeleton className={cx('h-3', width)} />
            <Skeleton className="h-3 flex-1" />
          </div>
        </div>
      ))}
    </div>
  );
}
