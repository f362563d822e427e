import { Check, ChevronDown } from 'lucide-react';
import { Select as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import type { FieldControl } from './Field.tsx';
import { controlClass } from './Input.tsx';

export interface SelectOption {
  value: string;
  label: ReactNode;
  icon?: ReactNode;
}

/** One of a few, in a form. For searching among many use PickList. */
export function Select(props: {
  value: string;
  onChange: (value: string) => void;
  options: readonly SelectOption[];
  placeholder?: string;
  control?: FieldControl;
  label?: string;
  className?: string;
  disabled?: boolean;
}) {
  const { value, onChange, options, placeholder, control, label, className, disabled } = props;
  return (
    <Primitive.Root value={value} onValueChange={onChange} disabled={disabled ?? false}>
      <Primitive.Trigger
        {...control}
        aria-label={label}
        className={cx(
          controlClass,
          'flex h-8 items-center justify-between gap-2 px-2.5 text-13 data-placeholder:text-ink-3',
          className,
        )}
      >
        <span className="line-1 flex items-center gap-2">
          <Primitive.Value placeholder={placeholder} />
        </span>
        <Primitive.Icon asChild>
          <ChevronDown className="text-ink-3" />
        </Primitive.Icon>
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-80 min-w-(--radix-select-trigger-width) overflow-y-auto rounded-panel bg-raised p-1 shadow-menu animate-pop"
        >
          <Primitive.Viewport>
            {options.map((option) => (
              <Primitive.Item
                key={option.value}
                value={option.value}
                className="flex h-8 items-center gap-2 rounded-control ps-2 pe-2 text-13 outline-none data-highlighted:bg-hover"
              >
                <Primitive.ItemText>
                  <span className="flex items-center gap-2">
                    {option.icon}
                    {option.label}
                  </span>
                </Primitive.ItemText>
                <Primitive.ItemIndicator className="ms-auto ps-2 text-accent-ink">
                  <Check />
                </Primitive.ItemIndicator>
              </Primitive.Item>
            ))}
          </Primitive.Viewport>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
