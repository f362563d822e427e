import { useEffect } from 'react';
import { isApple, isTyping, matchStroke, SEQUENCE_MS, strokeOf } from './keyStroke.ts';
import { useBindings, useCommandList } from './useCommands.ts';

const FIELDS =
  'input:not([type="checkbox"]):not([type="radio"]):not([type="button"]), textarea, select, [contenteditable="true"]';
/** While one of these is open it owns the keyboard. */
const LAYERS =
  '[role="dialog"][data-state="open"], [role="menu"][data-state="open"], [role="listbox"][data-state="open"]';

/** The one keyboard listener of the app: turns key presses into commands. */
export function useKeyboard(): void {
  const commands = useCommandList();
  const bindingsOf = useBindings();

  useEffect(() => {
    const apple = isApple();
    const bound = commands.flatMap((command) => bindingsOf(command).map((binding) => ({ binding, target: command })));
    let pending: string | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;

    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.repeat) {
        if (!event.repeat || event.defaultPrevented) return;
      }
      const stroke = strokeOf(event, apple);
      if (stroke === null) return;
      const target = event.target instanceof Element ? event.target : document.body;
      const inField = target.closest(FIELDS) !== null;
      if (inField && isTyping(stroke)) return;
      const match = matchStroke(stroke, pending, bound);
      pending = null;
      clearTimeout(timer);
      if (match.kind === 'none') return;
      if (match.kind === 'wait') {
        if (document.querySelector(LAYERS) !== null) return;
        pending = match.prefix;
        timer = setTimeout(() => {
          pending = null;
        }, SEQUENCE_MS);
        return;
      }
      const command = match.target;
      if (command.inFields !== true && (inField || document.querySelector(LAYERS) !== null)) return;
      // Enter and Space on a button press that button.
      if (
        /(^|\+)(Enter|Space)$/.test(stroke) &&
        target.closest('button, a, [role="button"], [role="tab"], [role="checkbox"]') !== null
      )
        return;
      event.preventDefault();
      command.run();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('keydown', onKeyDown);
    };
  }, [commands, bindingsOf]);
}
