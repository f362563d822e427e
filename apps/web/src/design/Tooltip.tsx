import {
  cloneElement,
  createContext,
  type FocusEvent,
  type PointerEvent,
  type ReactElement,
  type ReactNode,
  type SyntheticEvent,
  use,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { createPortal } from 'react-dom';
import { Kbd } from './Kbd.tsx';
import { createTooltipStore, type Tip, type TooltipStore } from './tooltipStore.ts';

const TooltipContext = createContext<TooltipStore>(createTooltipStore());

interface Handlers {
  onPointerEnter?: (event: PointerEvent) => void;
  onPointerLeave?: (event: PointerEvent) => void;
  onPointerDown?: (event: PointerEvent) => void;
  onFocus?: (event: FocusEvent) => void;
  onBlur?: (event: FocusEvent) => void;
}

/**
 * A short text on hover or keyboard focus; `keys` teaches the shortcut of the same action. What it says must also be
 * in the name of its child: a touch screen shows no tooltips.
 */
export function Tooltip(props: {
  content: ReactNode;
  keys?: readonly string[] | undefined;
  side?: 'top' | 'bottom';
  children: ReactElement<Handlers>;
}) {
  const { content, keys, side = 'bottom', children } = props;
  const store = use(TooltipContext);
  const before = children.props;
  const tip = (event: SyntheticEvent): Tip => ({ content, keys, side, anchor: event.currentTarget });
  return cloneElement(children, {
    onPointerEnter: (event) => {
      before.onPointerEnter?.(event);
      if (event.pointerType === 'mouse') store.ask(tip(event));
    },
    onPointerLeave: (event) => {
      before.onPointerLeave?.(event);
      store.hide(event.currentTarget);
    },
    onPointerDown: (event) => {
      before.onPointerDown?.(event);
      store.hide();
    },
    onFocus: (event) => {
      before.onFocus?.(event);
      // A touch screen has no place for it, and moves the focus for other reasons.
      if (matchMedia('(hover: hover)').matches && event.currentTarget.matches(':focus-visible')) store.show(tip(event));
    },
    onBlur: (event) => {
      before.onBlur?.(event);
      store.hide(event.currentTarget);
    },
  });
}

export function TooltipProvider({ children }: { children: ReactNode }) {
  const [store] = useState(createTooltipStore);
  return (
    <TooltipContext value={store}>
      {children}
      <TooltipLayer store={store} />
    </TooltipContext>
  );
}

function TooltipLayer({ store }: { store: TooltipStore }) {
  const tip = useSyncExternalStore(store.subscribe, store.get);
  useEffect(() => {
    if (tip === null) return;
    const hide = () => store.hide();
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' || event.key === 'Enter' || event.key === ' ') hide();
    };
    // Its button may be gone, as in a menu that closed.
    const watch = setInterval(() => {
      if (!tip.anchor.isConnected) hide();
    }, 250);
    document.addEventListener('scroll', hide, true);
    document.addEventListener('keydown', onKey, true);
    window.addEventListener('blur', hide);
    return () => {
      clearInterval(watch);
      document.removeEventListener('scroll', hide, true);
      document.removeEventListener('keydown', onKey, true);
      window.removeEventListener('blur', hide);
    };
  }, [tip, store]);
  return tip === null ? null : createPortal(<Bubble tip={tip} />, document.body);
}

const GAP_PX = 6;
const EDGE_PX = 8;

function Bubble({ tip }: { tip: Tip }) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const anchor = tip.anchor.getBoundingClientRect();
    const { width, height } = element.getBoundingClientRect();
    const above = anchor.top - height - GAP_PX;
    const below = anchor.bottom + GAP_PX;
    const fitsBelow = below + height + EDGE_PX <= window.innerHeight;
    const top = (tip.side === 'top' && above >= EDGE_PX) || !fitsBelow ? above : below;
    const centre = anchor.x + anchor.width / 2 - width / 2;
    const x = Math.min(window.innerWidth - width - EDGE_PX, Math.max(EDGE_PX, centre));
    // Measured in the window's own coordinates, which do not turn with the reading direction.
    element.style.transform = `translate(${String(Math.round(x))}px, ${String(Math.round(top))}px)`;
    element.style.visibility = 'visible';
  }, [tip]);
  return (
    <div
      ref={box}
      role="tooltip"
      dir="ltr"
      style={{ visibility: 'hidden' }}
      className="pointer-events-none fixed start-0 top-0 z-60 flex max-w-72 items-center gap-2 rounded-control bg-ink px-2 py-1 text-12 text-surface animate-fade"
    >
      <bdi className="min-w-0 break-words">{tip.content}</bdi>
      {tip.keys === undefined ? null : <Kbd keys={tip.keys} quiet />}
    </div>
  );
}
