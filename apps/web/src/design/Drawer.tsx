import { Dialog as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';

/** A panel that slides over the page from the end side (or the start side, for navigation on a phone). */
export function Drawer(props: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Accessible name; the content shows its own heading. */
  title: string;
  side?: 'start' | 'end';
  className?: string;
  children: ReactNode;
}) {
  const { open, onOpenChange, title, side = 'end', className, children } = props;
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-scrim animate-fade" />
        <Primitive.Content
          aria-describedby={undefined}
          data-side={side}
          className={cx(
            'fixed inset-y-0 z-40 flex w-88 max-w-[88vw] flex-col bg-surface shadow-dialog animate-drawer focus:outline-none',
            side === 'end' ? 'end-0' : 'start-0',
            className,
          )}
        >
          <Primitive.Title className="sr-only">{title}</Primitive.Title>
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
