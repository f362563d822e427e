import { type ReactNode, useState } from 'react';
import { cx } from './cx.ts';
import { initials, tintOf } from './initials.ts';

const sizes = {
  16: 'size-4 text-[8px]',
  20: 'size-5 text-[9px]',
  24: 'size-6 text-[10px]',
  28: 'size-7 text-11',
  32: 'size-8 text-12',
  36: 'size-9 text-12',
  40: 'size-10 text-13',
  56: 'size-14 text-20',
} as const;

/** A face, or initials in one of eight tints that stay with the person. `badge` sits on the lower end corner. */
export function Avatar(props: {
  id: string;
  name: string;
  src?: string | null;
  size?: keyof typeof sizes;
  badge?: ReactNode;
  online?: boolean;
  className?: string;
}) {
  const { id, name, src, size = 32, badge, online, className } = props;
  const [broken, setBroken] = useState<string | null>(null);
  const tint = String(tintOf(id));
  const pictured = src !== undefined && src !== null && src !== '' && src !== broken;
  return (
    <span className={cx('relative inline-flex shrink-0', className)} aria-hidden="true">
      <span
        className={cx(
          'inline-flex items-center justify-center overflow-hidden rounded-full font-strong select-none',
          sizes[size],
        )}
        style={{ backgroundColor: `var(--tint-${tint})`, color: `var(--tint-${tint}-ink)` }}
      >
        {pictured ? (
          <img
            src={src}
            alt=""
            loading="lazy"
            decoding="async"
            className="size-full object-cover"
            onError={() => setBroken(src)}
          />
        ) : (
          <span className="leading-none">{initials(name)}</span>
        )}
      </span>
      {badge === undefined ? null : <span className="absolute -end-0.75 -bottom-0.75">{badge}</span>}
      {online === true ? (
        <span className="absolute -end-px -bottom-px size-2 rounded-full border-2 border-surface bg-success-ink box-content" />
      ) : null}
    </span>
  );
}
