import type { Command } from './command.ts';

/** What can be done right now: each screen adds its commands while it is shown. */
export interface CommandRegistry {
  add(commands: readonly Command[]): () => void;
  list(): readonly Command[];
  subscribe(listener: () => void): () => void;
}

export function createCommandRegistry(): CommandRegistry {
  const sets = new Set<readonly Command[]>();
  const listeners = new Set<() => void>();
  let all: readonly Command[] = [];
  const rebuild = () => {
    // A later screen (a dialog over the inbox) replaces a command of the same id.
    all = [...new Map([...sets].flat().map((command) => [command.id, command])).values()];
    for (const listener of listeners) listener();
  };
  return {
    add(commands) {
      sets.add(commands);
      rebuild();
      return () => {
        sets.delete(commands);
        rebuild();
      };
    },
    list: () => all,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
