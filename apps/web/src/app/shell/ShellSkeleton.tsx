import { Skeleton } from '#design/Skeleton.tsx';

/** The outline of the app while the first answer is on its way. */
export function ShellSkeleton() {
  return (
    <div className="flex h-full" aria-hidden="true">
      <div className="hidden w-55 shrink-0 flex-col gap-3 border-e border-line p-3 md:flex">
        <Skeleton className="h-8" />
        <Skeleton className="mt-2 h-6 w-32" />
        <Skeleton className="h-6 w-36" />
      </div>
      <div className="flex w-full flex-col gap-4 border-e border-line bg-surface p-4 md:w-87">
        <Skeleton className="h-6 w-40" />
        {['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((key) => (
          <div key={key} className="flex gap-3">
            <Skeleton className="size-9 rounded-full" />
            <div className="flex flex-1 flex-col gap-2 pt-1">
              <Skeleton className="h-3 w-1/2" />
              <Skeleton className="h-3 w-5/6" />
            </div>
          </div>
        ))}
      </div>
      <div className="hidden flex-1 bg-surface md:block" />
    </div>
  );
}
