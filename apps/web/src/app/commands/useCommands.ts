import { createContext, use, useEffect, useMemo, useSyncExternalStore } from 'react';
import { usePreference } from '../preferences/usePreferences.ts';
import type { Command } from './command.ts';
import { isApple, isSingleKey, keyLabels } from './keyStroke.ts';
import { type CommandRegistry, createCommandRegistry } from './registry.ts';

export const CommandContext = createContext<CommandRegistry>(createCommandRegistry());

/** Offers these commands while the calling component is mounted. Pass a memoised list. */
export function useCommands(commands: readonly Command[]): void {
  const registry = use(CommandContext);
  useEffect(() => registry.add(commands), [registry, commands]);
}

export function useCommandList(): readonly Command[] {
  const registry = use(CommandContext);
  return useSyncExternalStore(registry.subscribe, registry.list);
}

/** The keys that are in force: a person's own choice over ours, none where they switched them off. */
export function useBindings(): (command: Pick<Command, 'id' | 'bindings'>) => readonly string[] {
  const [overrides] = usePreference('shortcuts');
  const [singleKeys] = usePreference('singleKeys');
  return useMemo(
    () => (command) => {
      const own = overrides[command.id];
      const bindings = own === undefined ? (command.bindings ?? []) : own === '' ? [] : [own];
      return singleKeys ? bindings : bindings.filter((binding) => !isSingleKey(binding));
    },
    [overrides, singleKeys],
  );
}

/** Key caps of a command for tooltips and menus; undefined when it has no key. */
export function useKeys(): (id: string, fallback?: string) => readonly string[] | undefined {
  const commands = useCommandList();
  const bindingsOf = useBindings();
  return useMemo(
    () => (id, fallback) => {
      const command = commands.find((one) => one.id === id) ?? {
        id,
        ...(fallback === undefined ? {} : { bindings: [fallback] }),
      };
      const binding = bindingsOf(command)[0];
      return binding === undefined ? undefined : keyLabels(binding, isApple());
    },
    [commands, bindingsOf],
  );
}
