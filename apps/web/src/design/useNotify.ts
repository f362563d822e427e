import { createContext, use, useMemo } from 'react';
import { createToastStore } from './toasts.ts';

/** Milliseconds an undo stays on offer (rule 10 of the interface: at least 8 s). */
export const UNDO_MS = 8_000;

export const ToastContext = createContext(createToastStore());

export interface Notify {
  /** A plain confirmation that something happened. */
  done(message: string): void;
  /** Something was done that can be taken back. */
  undo(message: string, action: { label: string; run: () => void }): void;
  /** Something failed: what happened, why, and a way to try again. Stays long enough to be read. */
  failure(message: string, options?: { reason?: string; retry?: { label: string; run: () => void } }): void;
}

export function useNotify(): Notify {
  const store = use(ToastContext);
  return useMemo(
    () => ({
      done: (message) => store.show({ tone: 'done', message, lasts: 4_000 }),
      undo: (message, action) => store.show({ tone: 'done', message, action, lasts: UNDO_MS }),
      failure: (message, options = {}) =>
        store.show({ tone: 'failure', message, detail: options.reason, action: options.retry, lasts: 12_000 }),
    }),
    [store],
  );
}
