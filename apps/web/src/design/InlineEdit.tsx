import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { cx } from './cx.ts';

/**
 * A value that becomes a field where it stands. Enter or leaving the field saves, Escape gives up; what the check
 * refuses stays open with its sentence.
 */
export function InlineEdit(props: {
  value: string;
  label: string;
  placeholder: string;
  onSave: (value: string) => void;
  /** The sentence that refuses a value, or null. */
  check?: (value: string) => string | null;
  type?: 'text' | 'tel' | 'email';
  dir?: 'auto' | 'ltr';
  disabled?: boolean;
  className?: string;
  children?: ReactNode;
}) {
  const {
    value,
    label,
    placeholder,
    onSave,
    check,
    type = 'text',
    dir = 'auto',
    disabled = false,
    className,
    children,
  } = props;
  const [draft, setDraft] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const keyed = useRef(false);

  const close = () => {
    setDraft(null);
    setError(null);
    if (keyed.current) requestAnimationFrame(() => opener.current?.focus());
    keyed.current = false;
  };
  const save = () => {
    if (draft === null) return;
    const next = draft.trim();
    const refusal = next === value ? null : (check?.(next) ?? null);
    if (refusal !== null) {
      setError(refusal);
      return;
    }
    close();
    if (next !== value) onSave(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
    event.preventDefault();
    event.stopPropagation();
    keyed.current = true;
    if (event.key === 'Enter') save();
    else close();
  };

  if (draft === null) {
    return (
      <button
        ref={opener}
        type="button"
        disabled={disabled}
        aria-label={`${label}: ${value === '' ? placeholder : value}`}
        onClick={() => setDraft(value)}
        dir={dir}
        className={cx(
          '-mx-1.5 line-1 min-h-7 max-w-full rounded-control px-1.5 text-start enabled:hover:bg-hover enabled:cursor-text',
          value === '' && 'text-ink-3',
          className,
        )}
      >
        {children ?? (value === '' ? placeholder : value)}
      </button>
    );
  }
  return (
    <span className="-mx-1.5 block">
      <input
        ref={(element) => {
          if (element !== null && document.activeElement !== element && error === null) {
            element.focus();
            element.select();
          }
        }}
        type={type}
        dir={dir}
        aria-label={label}
        aria-invalid={error === null ? undefined : true}
        placeholder={placeholder}
        value={draft}
        onChange={(event) => {
          setDraft(event.target.value);
          setError(null);
        }}
        onKeyDown={onKeyDown}
        onBlur={save}
        className={cx(
          'h-7 w-full rounded-control bg-surface px-1.5 inset-ring inset-ring-accent outline-none aria-invalid:inset-ring-danger',
          className,
        )}
      />
      {error === null ? null : (
        <span role="alert" className="block px-1.5 pt-0.5 text-12 text-danger-ink">
          {error}
        </span>
      )}
    </span>
  );
}
