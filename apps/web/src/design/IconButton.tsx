import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx.ts';
import { Tooltip } from './Tooltip.tsx';

export type IconButtonProps = Omit<ComponentProps<'button'>, 'children' | 'aria-label'> & {
  /** Accessible name and tooltip in one. */
  label: string;
  icon: ReactNode;
  keys?: readonly string[] | undefined;
  size?: 'sm' | 'md';
  active?: boolean;
  tooltip?: boolean;
  tooltipSide?: 'top' | 'bottom';
};

/** A square button with an icon; the label is required because an icon alone is a riddle. */
export function IconButton(props: IconButtonProps) {
  const {
    label,
    icon,
    keys,
    size = 'md',
    active = false,
    tooltip = true,
    tooltipSide = 'bottom',
    className,
    ...rest
  } = props;
  const button = (
    <button
      type="button"
      {...rest}
      aria-label={label}
      className={cx(
        // Placed by the caller, it is a positioned box already.
        className?.includes('absolute') === true ? '' : 'relative',
        'inline-flex shrink-0 select-none items-center justify-center rounded-control touch-target',
        'after:absolute disabled:cursor-default disabled:opacity-45',
        size === 'md' ? 'size-8' : 'size-7 after:-inset-0.5',
        active ? 'bg-accent-soft text-accent-ink' : 'text-ink-2 hover:bg-hover hover:text-ink',
        'data-[state=open]:bg-hover data-[state=open]:text-ink',
        className,
      )}
    >
      {icon}
    </button>
  );
  return tooltip ? (
    <Tooltip content={label} keys={keys} side={tooltipSide}>
      {button}
    </Tooltip>
  ) : (
    button
  );
}
