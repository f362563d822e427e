import { X } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from './cx.ts';
import { IconButton } from './IconButton.tsx';

const widths = { sm: 'max-w-96', md: 'max-w-120', lg: 'max-w-160' } as const;

/** A decision or a form in front of the page. Focus goes in, and back to the opener on close. */
export function Dialog(props: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  size?: keyof typeof widths;
  footer?: ReactNode;
  children?: ReactNode;
  /** For dialogs whose opener unmounts: where focus goes instead. */
  onCloseAutoFocus?: (event: Event) => void;
}) {
  const { open, onOpenChange, title, description, size = 'md', footer, children, onCloseAutoFocus } = props;
  const { t } = useTranslation();
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-scrim animate-fade" />
        <Primitive.Content
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          {...(onCloseAutoFocus === undefined ? {} : { onCloseAutoFocus })}
          onOpenAutoFocus={focusFirstField}
          className={cx(
            'fixed inset-x-3 top-[12dvh] z-40 mx-auto flex max-h-[78dvh] flex-col rounded-panel bg-raised shadow-dialog animate-pop focus:outline-none',
            widths[size],
          )}
        >
          <header className="flex items-start gap-3 px-5 pt-4 pb-3">
            <div className="min-w-0 flex-1">
              <Primitive.Title className="text-16 font-strong">{title}</Primitive.Title>
              {description === undefined ? null : (
                <Primitive.Description className="mt-1 text-13 text-ink-2">{description}</Primitive.Description>
              )}
            </div>
            <Primitive.Close asChild>
              <IconButton label={t('action.close')} icon={<X />} tooltip={false} className="-me-2" />
            </Primitive.Close>
          </header>
          {children === undefined ? null : <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-4">{children}</div>}
          {footer === undefined ? null : (
            <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-5 py-3">
              {footer}
            </footer>
          )}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** A form is opened to be filled in; anything else begins at its first control. */
function focusFirstField(event: Event): void {
  const { currentTarget: content } = event;
  if (!(content instanceof HTMLElement)) return;
  const field = content.querySelector<HTMLElement>('form :is(input, textarea):enabled');
  if (field === null) return;
  event.preventDefault();
  field.focus();
}
