import { Check, ChevronRight } from 'lucide-react';
import { DropdownMenu as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { Kbd } from './Kbd.tsx';

const panelClass =
  'z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-48 max-w-80 overflow-y-auto rounded-panel bg-raised p-1 text-13 shadow-menu animate-pop focus:outline-none';
const itemClass =
  'flex min-h-8 w-full items-center gap-2 rounded-control px-2 text-start text-ink outline-none data-highlighted:bg-hover data-disabled:opacity-45 [&_svg]:text-ink-3';

/** Actions behind one button. Items are verbs, with their shortcut where there is one. */
export function Menu(props: {
  trigger: ReactNode;
  children: ReactNode;
  align?: 'start' | 'end';
  side?: 'top' | 'bottom';
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  className?: string;
  label?: string;
}) {
  const { trigger, children, align = 'start', side = 'bottom', open, onOpenChange, className, label } = props;
  return (
    <Primitive.Root
      modal={false}
      {...(open === undefined ? {} : { open })}
      {...(onOpenChange === undefined ? {} : { onOpenChange })}
    >
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          aria-label={label}
          className={cx(panelClass, className)}
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

export function MenuItem(props: {
  icon?: ReactNode;
  children: ReactNode;
  onSelect: () => void;
  keys?: readonly string[] | undefined;
  tone?: 'danger';
  disabled?: boolean;
  hint?: ReactNode;
}) {
  const { icon, children, onSelect, keys, tone, disabled, hint } = props;
  return (
    <Primitive.Item
      onSelect={onSelect}
      disabled={disabled ?? false}
      className={cx(itemClass, tone === 'danger' && 'text-danger-ink [&_svg]:text-danger-ink')}
    >
      {icon}
      <span className="line-1 flex-1">{children}</span>
      {hint === undefined ? null : <span className="ps-3 text-12 text-ink-3">{hint}</span>}
      {keys === undefined ? null : <Kbd keys={keys} className="ps-3" />}
    </Primitive.Item>
  );
}

export function MenuCheckItem(props: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
  icon?: ReactNode;
  keepOpen?: boolean;
}) {
  const { checked, onChange, children, icon, keepOpen = true } = props;
  return (
    <Primitive.CheckboxItem
      checked={checked}
      onCheckedChange={onChange}
      onSelect={(event) => {
        if (keepOpen) event.preventDefault();
      }}
      className={itemClass}
    >
      {icon}
      <span className="line-1 flex-1">{children}</span>
      <span className="flex size-4 items-center text-accent-ink">
        <Primitive.ItemIndicator>
          <Check className="text-accent-ink" />
        </Primitive.ItemIndicator>
      </span>
    </Primitive.CheckboxItem>
  );
}

/** One of several, such as the theme or the sort order. */
export function MenuRadio<T extends string>(props: {
  value: T;
  onChange: (value: T) => void;
  options: readonly { value: T; label: ReactNode; icon?: ReactNode; hint?: ReactNode }[];
  label?: ReactNode;
}) {
  const { value, onChange, options, label } = props;
  return (
    <>
      {label === undefined ? null : <MenuLabel>{label}</MenuLabel>}
      <Primitive.RadioGroup
        value={value}
        onValueChange={(next) => {
          const option = options.find((candidate) => candidate.value === next);
          if (option !== undefined) onChange(option.value);
        }}
      >
        {options.map((option) => (
          <Primitive.RadioItem key={option.value} value={option.value} className={itemClass}>
            {option.icon}
            <span className="line-1 flex-1">{option.label}</span>
            {option.hint === undefined ? null : <span className="ps-3 text-12 text-ink-3 tabular">{option.hint}</span>}
            <span className="flex size-4 items-center">
              <Primitive.ItemIndicator>
                <Check className="text-accent-ink" />
              </Primitive.ItemIndicator>
            </span>
          </Primitive.RadioItem>
        ))}
      </Primitive.RadioGroup>
    </>
  );
}

export function SubMenu({ icon, label, children }: { icon?: ReactNode; label: ReactNode; children: ReactNode }) {
  return (
    <Primitive.Sub>
      <Primitive.SubTrigger className={cx(itemClass, 'data-[state=open]:bg-hover')}>
        {icon}
        <span className="line-1 flex-1">{label}</span>
        <ChevronRight className="mirror-rtl" />
      </Primitive.SubTrigger>
      <Primitive.Portal>
        <Primitive.SubContent sideOffset={2} alignOffset={-4} collisionPadding={8} className={panelClass}>
          {children}
        </Primitive.SubContent>
      </Primitive.Portal>
    </Primitive.Sub>
  );
}

export const MenuLabel = ({ children }: { children: ReactNode }) => (
  <Primitive.Label className="px-2 pt-1.5 pb-1 text-12 font-medium text-ink-3">{children}</Primitive.Label>
);

export const MenuSeparator = () => <Primitive.Separator className="-mx-1 my-1 h-px bg-line" />;
