import { type ComponentType, cloneElement, lazy, type ReactElement, Suspense, useMemo, useState } from 'react';

/** What a menu that is loaded later is given: its button, and whether it is open. */
export interface DeferredMenuProps {
  trigger: ReactElement;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

interface TriggerProps {
  onClick?: () => void;
  onPointerEnter?: () => void;
  onFocus?: () => void;
  'aria-haspopup'?: 'menu';
  'aria-expanded'?: boolean;
}

/**
 * A button whose menu is loaded when a pointer or the focus comes near and shown on the first press. Keeps menus, and
 * what they are made of, out of the first load.
 */
export function DeferredMenu({
  trigger,
  load,
}: {
  trigger: ReactElement<TriggerProps>;
  load: () => Promise<{ default: ComponentType<DeferredMenuProps> }>;
}) {
  const [open, setOpen] = useState(false);
  const [wanted, setWanted] = useState(false);
  const Content = useMemo(() => lazy(load), [load]);
  const prepare = () => void load();
  const still = cloneElement(trigger, {
    onClick: () => {
      setWanted(true);
      setOpen(true);
    },
    onPointerEnter: prepare,
    onFocus: prepare,
    'aria-haspopup': 'menu',
    'aria-expanded': false,
  });
  if (!wanted) return still;
  return (
    <Suspense fallback={still}>
      <Content trigger={trigger} open={open} onOpenChange={setOpen} />
    </Suspense>
  );
}
