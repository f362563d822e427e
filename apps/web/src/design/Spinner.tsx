import { useEffect, useState } from 'react';
import { cx } from './cx.ts';

/** Milliseconds of silence before any spinner: what answers faster needs none. */
const SPINNER_DELAY_MS = 300;

export function Spinner({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 16 16" fill="none" aria-hidden="true" className={cx('size-4 shrink-0 animate-spin', className)}>
      <circle cx="8" cy="8" r="6.25" stroke="currentColor" strokeOpacity="0.22" strokeWidth="1.75" />
      <path d="M14.25 8A6.25 6.25 0 0 0 8 1.75" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" />
    </svg>
  );
}

/** A spinner that appears only when the wait has lasted 300 ms. */
export function DelayedSpinner({ className }: { className?: string }) {
  return useDelayed() ? <Spinner className={className} /> : null;
}

/** True once the component has been mounted for `ms`. */
export function useDelayed(ms = SPINNER_DELAY_MS): boolean {
  const [due, setDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return due;
}
