import type { Json } from '#api/database.ts';
import { isLanguage, type Language } from '#i18n/languages.ts';

/** What one person has arranged for themselves. Kept in the browser for the first paint and on the profile for other devices. */
export interface Preferences {
  theme: 'system' | 'light' | 'dark';
  /** `system` follows the browser until the person chooses. */
  language: Language | 'system';
  density: 'comfortable' | 'compact';
  navCollapsed: boolean;
  listWidth: number;
  contextWidth: number;
  contextOpen: boolean;
  /** Sections of the contact panel that are folded away, by their id. */
  foldedSections: readonly string[];
  singleKeys: boolean;
  /** Keys a person has given to a command instead of ours; an empty text switches the key off. */
  shortcuts: Readonly<Record<string, string>>;
  recentCommands: readonly string[];
  enterSends: boolean;
}

/** Limits of the columns, in CSS pixels (rule 1 of the interface). */
export const columnLimits = {
  list: { min: 320, max: 380, initial: 348 },
  context: { min: 280, max: 400, initial: 320 },
} as const;

export function defaultPreferences(): Preferences {
  return {
    theme: 'system',
    language: 'system',
    density: 'comfortable',
    navCollapsed: false,
    listWidth: columnLimits.list.initial,
    contextWidth: columnLimits.context.initial,
    contextOpen: true,
    foldedSections: [],
    singleKeys: true,
    shortcuts: {},
    recentCommands: [],
    enterSends: true,
  };
}

/** Takes over what is valid in stored preferences and ignores the rest: they may be of another version. */
export function mergePreferences(base: Preferences, stored: unknown): Preferences {
  if (typeof stored !== 'object' || stored === null) return base;
  const from = new Map<string, unknown>(Object.entries(stored));
  const one = <T extends string>(key: string, allowed: readonly T[], fallback: T): T =>
    allowed.find((value) => value === from.get(key)) ?? fallback;
  const flag = (key: string, fallback: boolean): boolean => {
    const value = from.get(key);
    return typeof value === 'boolean' ? value : fallback;
  };
  const width = (key: string, limits: { min: number; max: number }, fallback: number): number => {
    const value = from.get(key);
    return typeof value === 'number' && Number.isFinite(value)
      ? Math.min(limits.max, Math.max(limits.min, value))
      : fallback;
  };
  const texts = (key: string, fallback: readonly string[]): readonly string[] => {
    const value = from.get(key);
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : fallback;
  };
  const language = from.get('language');
  return {
    theme: one('theme', ['system', 'light', 'dark'], base.theme),
    language: language === 'system' || isLanguage(language) ? language : base.language,
    density: one('density', ['comfortable', 'compact'], base.density),
    navCollapsed: flag('navCollapsed', base.navCollapsed),
    listWidth: width('listWidth', columnLimits.list, base.listWidth),
    contextWidth: width('contextWidth', columnLimits.context, base.contextWidth),
    contextOpen: flag('contextOpen', base.contextOpen),
    foldedSections: texts('foldedSections', base.foldedSections),
    singleKeys: flag('singleKeys', base.singleKeys),
    shortcuts: record(from.get('shortcuts'), base.shortcuts),
    recentCommands: texts('recentCommands', base.recentCommands).slice(0, 12),
    enterSends: flag('enterSends', base.enterSends),
  };
}

function record(value: unknown, fallback: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fallback;
  return Object.fromEntries(
    Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}

/** As the profile stores them. */
export function preferencesToJson(preferences: Preferences): { [key: string]: Json } {
  return {
    ...preferences,
    foldedSections: [...preferences.foldedSections],
    recentCommands: [...preferences.recentCommands],
    shortcuts: { ...preferences.shortcuts },
  };
}

/** The language to speak: the chosen one, else the first of the browser's that we know. */
export function spokenLanguage(chosen: Preferences['language'], browserLanguages: readonly string[]): Language {
  if (chosen !== 'system') return chosen;
  return browserLanguages.map((tag) => tag.split('-')[0]).find(isLanguage) ?? 'en';
}
