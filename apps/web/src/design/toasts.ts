/** A message at the edge of the page that goes by itself. */
export interface Toast {
  id: number;
  tone: 'done' | 'failure';
  message: string;
  detail?: string | undefined;
  action?: { label: string; run: () => void } | undefined;
  /** Milliseconds it stays, as long as nobody points at it. */
  lasts: number;
}

export interface ToastStore {
  get(): readonly Toast[];
  subscribe(listener: () => void): () => void;
  show(toast: Omit<Toast, 'id'>): void;
  dismiss(id: number): void;
}

/** More would hide the page; the oldest go first. */
const MOST = 4;

export function createToastStore(): ToastStore {
  const listeners = new Set<() => void>();
  let toasts: readonly Toast[] = [];
  let last = 0;
  const replace = (next: readonly Toast[]) => {
    toasts = next;
    for (const listener of listeners) listener();
  };
  return {
    get: () => toasts,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    show(toast) {
      last += 1;
      replace([...toasts, { ...toast, id: last }].slice(-MOST));
    },
    dismiss: (id) => replace(toasts.filter((toast) => toast.id !== id)),
  };
}
