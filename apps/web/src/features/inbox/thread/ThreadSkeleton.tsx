import { cx } from '#design/cx.ts';
import { Skeleton } from '#design/Skeleton.tsx';

const shapes = [
  { own: false, size: 'h-9 w-52' },
  { own: false, size: 'h-14 w-72' },
  { own: true, size: 'h-9 w-64' },
  { own: false, size: 'h-9 w-40' },
  { own: true, size: 'h-20 w-80' },
  { own: true, size: 'h-9 w-48' },
];

export function ThreadSkeleton() {
  return (
    <div aria-hidden="true" className="flex min-h-0 flex-1 flex-col justify-end gap-2 overflow-hidden p-4">
      {shapes.map((shape) => (
        <div key={shape.size + String(shape.own)} className={cx('flex', shape.own ? 'justify-end' : 'justify-start')}>
          <Skeleton className={cx('rounded-panel', shape.size)} />
        </div>
      ))}
    </div>
  );
}
