import { CircleAlert, X } from 'lucide-react';
import { use, useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { Toast, ToastStore } from './toasts.ts';
import { ToastContext } from './useNotify.ts';

/** Toasts in the lower start corner, away from the composer's send button. Pointing at them stops their clocks. */
export function Toaster() {
  const { t } = useTranslation();
  const store = use(ToastContext);
  const toasts = useSyncExternalStore(store.subscribe, store.get);
  const [held, setHeld] = useState(false);
  return (
    <section
      aria-label={t('shell.notifications')}
      className="pointer-events-none fixed start-3 bottom-3 z-60 flex w-88 max-w-[calc(100vw-1.5rem)] flex-col gap-2"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
    >
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} held={held} store={store} />
      ))}
    </section>
  );
}

function ToastCard({ toast, held, store }: { toast: Toast; held: boolean; store: ToastStore }) {
  const { t } = useTranslation();
  const { id, lasts, action } = toast;
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => store.dismiss(id), lasts);
    return () => clearTimeout(timer);
  }, [held, id, lasts, store]);
  const onDismiss = () => store.dismiss(id);
  return (
    <div
      role={toast.tone === 'failure' ? 'alert' : 'status'}
      data-testid="toast"
      className="pointer-events-auto flex items-start gap-2.5 rounded-panel bg-ink py-2 ps-3.5 pe-1.5 text-13 text-surface shadow-menu animate-rise"
    >
      {toast.tone === 'failure' ? <CircleAlert className="mt-1.5" /> : null}
      <div className="min-w-0 flex-1 py-1">
        <p className="font-medium [overflow-wrap:anywhere]" dir="auto">
          {toast.message}
        </p>
        {toast.detail === undefined ? null : (
          <p className="text-12 opacity-80 [overflow-wrap:anywhere]" dir="auto">
            {toast.detail}
          </p>
        )}
      </div>
      {action === undefined ? null : (
        <button
          type="button"
          className="h-7 shrink-0 rounded-control px-2 font-strong underline-offset-2 hover:underline focus-visible:outline-surface"
          onClick={() => {
            onDismiss();
            action.run();
          }}
        >
          {action.label}
        </button>
      )}
      <button
        type="button"
        aria-label={t('action.close')}
        className="flex size-7 shrink-0 items-center justify-center rounded-control opacity-70 icon-14 hover:opacity-100 focus-visible:outline-surface"
        onClick={onDismiss}
      >
        <X />
      </button>
    </div>
  );
}
