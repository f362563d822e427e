import { cx } from './cx.ts';

/** Keys as caps. `keys` are already labels ("⌘", "K"); see src/app/shortcuts/keyLabels.ts. */
export function Kbd({
  keys,
  className,
  quiet = false,
}: {
  keys: readonly string[];
  className?: string;
  quiet?: boolean;
}) {
  return (
    <span className={cx('inline-flex items-center gap-0.5 pointer-coarse:hidden', className)} dir="ltr">
      {keys.map((key, index) => (
        <kbd
          // A sequence may repeat a key, so the position is part of its identity.
          key={`${key}${String(index)}`}
          className={cx(
            'inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-badge px-1 font-sans text-11 font-medium',
            quiet ? 'text-current opacity-70' : 'bg-sunken text-ink-3 inset-ring inset-ring-line',
          )}
        >
          {key}
        </kbd>
      ))}
    </span>
  );
}
