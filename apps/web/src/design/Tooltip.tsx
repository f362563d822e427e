import { Tooltip as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { Kbd } from './Kbd.tsx';

export const TooltipProvider = ({ children }: { children: ReactNode }) => (
  <Primitive.Provider delayDuration={450} skipDelayDuration={250} disableHoverableContent>
    {children}
  </Primitive.Provider>
);

/** A short text on hover or focus; `keys` teaches the shortcut of the same action. */
export function Tooltip(props: {
  content: ReactNode;
  keys?: readonly string[] | undefined;
  side?: 'top' | 'bottom';
  children: ReactNode;
  open?: boolean;
}) {
  const { content, keys, side = 'bottom', children, open } = props;
  return (
    <Primitive.Root {...(open === undefined ? {} : { open })}>
      <Primitive.Trigger asChild>{children}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="z-60 flex max-w-72 items-center gap-2 rounded-control bg-ink px-2 py-1 text-12 text-surface animate-pop"
        >
          <span className="min-w-0 break-words">{content}</span>
          {keys === undefined ? null : <Kbd keys={keys} quiet />}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
