/**
 * Keys by physical position (`KeyboardEvent.code`), so that J is the same key on a Latin, Arabic or Cyrillic layout.
 * A binding is one stroke ("KeyE", "Shift+KeyE", "Mod+KeyK") or two in a row ("KeyG KeyI"). Mod is ⌘ on Apple
 * machines and Ctrl elsewhere.
 */

export interface Press {
  code: string;
  key: string;
  metaKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** Milliseconds within which the second key of a sequence must follow. */
export const SEQUENCE_MS = 1_200;

/** The stroke of a key press, or null for a modifier alone. */
export function strokeOf(press: Press, apple: boolean): string | null {
  if (/^(Shift|Control|Alt|Meta|OS)(Left|Right)?$/.test(press.code) || press.code === '') return null;
  const mod = apple ? press.metaKey : press.ctrlKey;
  // The question mark sits on different keys, and people look for the sign.
  if (press.key === '?' && !mod && !press.altKey) return 'Shift+Slash';
  const parts = [];
  if (mod) parts.push('Mod');
  if (press.altKey) parts.push('Alt');
  if (press.shiftKey) parts.push('Shift');
  return [...parts, press.code].join('+');
}

/** A stroke without Mod or Alt is typing when a text field has the focus. */
export const isTyping = (stroke: string): boolean => !/(^|\+)(Mod|Alt)\+/.test(stroke);

/** Letters and signs that can be switched off; Escape, Enter and arrows are not among them. */
export const isSingleKey = (binding: string): boolean =>
  binding.split(' ').every((stroke) => isTyping(stroke) && /(Key|Digit|Slash|Period|Comma|BracketLeft)/.test(stroke));

export type Match<T> = { kind: 'run'; target: T } | { kind: 'wait'; prefix: string } | { kind: 'none' };

/** Finds what a stroke means, given the first stroke of a sequence that may be pending. Later entries win. */
export function matchStroke<T>(
  stroke: string,
  pending: string | null,
  bound: readonly { binding: string; target: T }[],
): Match<T> {
  const wanted = pending === null ? stroke : `${pending} ${stroke}`;
  const exact = bound.findLast((one) => one.binding === wanted);
  if (exact !== undefined) return { kind: 'run', target: exact.target };
  if (bound.some((one) => one.binding.startsWith(`${wanted} `))) return { kind: 'wait', prefix: wanted };
  return pending === null ? { kind: 'none' } : matchStroke(stroke, null, bound);
}

const names: Record<string, string> = {
  Slash: '/',
  Period: '.',
  Comma: ',',
  Enter: '↵',
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  BracketLeft: '[',
  BracketRight: ']',
  Space: '␣',
};

/** A binding as caps to show: "Mod+KeyK" -> ["⌘", "K"], "KeyG KeyI" -> ["G", "I"]. */
export function keyLabels(binding: string, apple: boolean): string[] {
  if (binding === 'Shift+Slash') return ['?'];
  return binding.split(' ').flatMap((stroke) =>
    stroke.split('+').map((part) => {
      if (part === 'Mod') return apple ? '⌘' : 'Ctrl';
      if (part === 'Alt') return apple ? '⌥' : 'Alt';
      if (part === 'Shift') return '⇧';
      return names[part] ?? part.replace(/^(Key|Digit)/, '');
    }),
  );
}

export const isApple = (): boolean => /Mac|iPhone|iPad/.test(navigator.platform);
