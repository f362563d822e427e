import type { ReactNode } from 'react';

export interface Tip {
  content: ReactNode;
  keys: readonly string[] | undefined;
  side: 'top' | 'bottom';
  anchor: Element;
}

/** The one tooltip that may be open at a time. */
export interface TooltipStore {
  get(): Tip | null;
  subscribe(listener: () => void): () => void;
  /** After a moment, or at once when another tooltip has only just closed. */
  ask(tip: Tip): void;
  show(tip: Tip): void;
  hide(anchor?: Element): void;
}

const DELAY_MS = 450;
/** Moving along a row of buttons shows the next text without waiting again. */
const WARM_MS = 300;

export function createTooltipStore(): TooltipStore {
  const listeners = new Set<() => void>();
  let current: Tip | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closedAt = Number.NEGATIVE_INFINITY;
  const replace = (next: Tip | null) => {
    if (current !== null && next === null) closedAt = performance.now();
    current = next;
    for (const listener of listeners) listener();
  };
  const show = (tip: Tip) => {
    clearTimeout(timer);
    replace(tip);
  };
  return {
    get: () => current,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    show,
    ask(tip) {
      clearTimeout(timer);
      if (current !== null || performance.now() - closedAt < WARM_MS) show(tip);
      else timer = setTimeout(() => show(tip), DELAY_MS);
    },
    hide(anchor) {
      clearTimeout(timer);
      if (current !== null && (anchor === undefined || current.anchor === anchor)) replace(null);
    },
  };
}
