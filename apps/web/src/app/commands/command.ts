import type { ReactNode } from 'react';

export type CommandGroup = 'conversation' | 'list' | 'composer' | 'contacts' | 'go' | 'view' | 'help';

/** Something a person can do: found in the palette, bound to a key, listed under `?`. One description for all three. */
export interface Command {
  id: string;
  title: string;
  group: CommandGroup;
  icon?: ReactNode;
  /** Other words that find it in the palette. */
  keywords?: string;
  /** Key strokes by physical code, such as "KeyJ", "Mod+KeyK", "KeyG KeyI". See keyStroke.ts. */
  bindings?: readonly string[];
  /** Fires while a text field has the focus as well; for chords only. */
  inFields?: boolean;
  /** Not offered in the palette, such as moving one row down. */
  keyOnly?: boolean;
  run: () => void;
}
