import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { cx } from './cx.ts';

const STEP_PX = 16;

/**
 * The line between two panes, dragged by pointer or moved with the arrow keys. `grows` says on which side the sized
 * pane lies: a pane at the start grows when the line moves towards the end.
 */
export function ResizeHandle(props: {
  label: string;
  width: number;
  min: number;
  max: number;
  grows: 'start' | 'end';
  onResize: (width: number) => void;
  onReset: () => void;
  className?: string;
}) {
  const { label, width, min, max, grows, onResize, onReset, className } = props;
  const drag = useRef<{ x: number; width: number } | null>(null);

  const towardsEnd = (element: Element, pixels: number) =>
    getComputedStyle(element).direction === 'rtl' ? -pixels : pixels;
  const resizeBy = (from: number, delta: number) => {
    onResize(Math.round(Math.min(max, Math.max(min, from + (grows === 'start' ? delta : -delta)))));
  };

  const onPointerDown = (event: PointerEvent<HTMLHRElement>) => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, width };
  };
  const onPointerMove = (event: PointerEvent<HTMLHRElement>) => {
    if (drag.current === null) return;
    resizeBy(drag.current.width, towardsEnd(event.currentTarget, event.clientX - drag.current.x));
  };
  const stop = () => {
    drag.current = null;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLHRElement>) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    resizeBy(width, towardsEnd(event.currentTarget, event.key === 'ArrowRight' ? STEP_PX : -STEP_PX));
  };

  return (
    // A focusable separator with a value is the window-splitter pattern of the ARIA practices guide.
    <hr
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={stop}
      onPointerCancel={stop}
      onDoubleClick={onReset}
      onKeyDown={onKeyDown}
      className={cx(
        'relative z-10 -mx-1 h-auto w-2 shrink-0 cursor-col-resize touch-none border-0 select-none focus-visible:outline-none',
        'after:absolute after:inset-y-0 after:start-1/2 after:-ms-px after:w-0.5 hover:after:bg-accent-line focus-visible:after:bg-focus active:after:bg-accent',
        className,
      )}
    />
  );
}
