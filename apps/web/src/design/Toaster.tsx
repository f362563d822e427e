import { Toaster as Sonner } from 'sonner';
import { cx } from './cx.ts';

const part = {
  toast: 'flex w-full items-center gap-3 rounded-panel bg-ink px-3.5 py-2.5 text-13 text-surface shadow-menu',
  action: 'ms-auto shrink-0 rounded-control px-2 py-1 font-strong text-surface underline-offset-2 hover:underline',
};

/** Where toasts appear: the lower start corner, away from the composer's send button. */
export function Toaster({ dir }: { dir: 'ltr' | 'rtl' }) {
  return (
    <Sonner
      dir={dir}
      position={dir === 'rtl' ? 'bottom-right' : 'bottom-left'}
      offset={16}
      gap={8}
      visibleToasts={4}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast: part.toast,
          title: 'font-medium',
          description: 'text-12 opacity-80',
          content: 'min-w-0 flex-1',
          icon: 'shrink-0',
          actionButton: part.action,
          cancelButton: cx(part.action, 'ms-0 opacity-80'),
        },
      }}
    />
  );
}
