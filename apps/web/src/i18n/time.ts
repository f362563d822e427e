/** Texts for moments and durations. Pure: the clock, the zone and the language come in as arguments. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago, in the one unit that matters; null from a week on, when a date says more. */
export function agoParts(then: Date, now: Date): { unit: 'now' | 'minute' | 'hour' | 'day'; count: number } | null {
  const elapsed = Math.max(0, now.getTime() - then.getTime());
  if (elapsed < MINUTE) return { unit: 'now', count: 0 };
  if (elapsed < HOUR) return { unit: 'minute', count: Math.floor(elapsed / MINUTE) };
  if (elapsed < DAY) return { unit: 'hour', count: Math.floor(elapsed / HOUR) };
  if (elapsed < 7 * DAY) return { unit: 'day', count: Math.floor(elapsed / DAY) };
  return null;
}

/** A length of time in its two largest units, for countdowns and waiting timers. Negative lengths count as zero. */
export function lengthParts(milliseconds: number): { days: number; hours: number; minutes: number } {
  const total = Math.max(0, milliseconds);
  return {
    days: Math.floor(total / DAY),
    hours: Math.floor((total % DAY) / HOUR),
    minutes: Math.floor((total % HOUR) / MINUTE),
  };
}

/** `2026-01-15` in the given zone: the key by which messages are put under one day. */
export function dayKey(moment: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    moment,
  );
}

/** Whole days from one calendar day to another in the zone: 0 today, 1 yesterday. */
export function daysBetween(earlier: Date, later: Date, timeZone: string): number {
  return Math.round((Date.parse(dayKey(later, timeZone)) - Date.parse(dayKey(earlier, timeZone))) / DAY);
}

/** The zone a person works in; an unknown name falls back to the browser's own. */
export function knownTimeZone(name: string | null | undefined): string {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (name === null || name === undefined || name === '') return own;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return own;
  }
}
