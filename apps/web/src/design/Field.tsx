import { type ReactElement, type ReactNode, useId } from 'react';
import { cx } from './cx.ts';

/** What a control must carry so that its label, hint and error are read with it. */
export interface FieldControl {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}

/** Label, control, then the error or the hint: the error says what happened and what to do. */
export function Field(props: {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  className?: string;
  aside?: ReactNode;
  children: (control: FieldControl) => ReactElement;
}) {
  const { label, hint, error, className, aside, children } = props;
  const id = useId();
  const note = `${id}-note`;
  const hasNote = error !== undefined || hint !== undefined;
  return (
    <div className={cx('flex min-w-0 flex-col gap-1', className)}>
      <div className="flex items-baseline justify-between gap-2">
        <label htmlFor={id} className="text-12 font-medium text-ink-2">
          {label}
        </label>
        {aside}
      </div>
      {children({
        id,
        'aria-describedby': hasNote ? note : undefined,
        'aria-invalid': error === undefined ? undefined : true,
      })}
      {hasNote ? (
        <p
          id={note}
          className={cx('text-12', error === undefined ? 'text-ink-3' : 'text-danger-ink')}
          role={error === undefined ? undefined : 'alert'}
        >
          {error ?? hint}
        </p>
      ) : null}
    </div>
  );
}
