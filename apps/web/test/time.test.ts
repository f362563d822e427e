import { describe, expect, it } from 'vitest';
import { createClock } from '../src/app/clock/clock.ts';
import {
  columnLimits,
  defaultPreferences,
  mergePreferences,
  preferencesToJson,
  spokenLanguage,
} from '../src/app/preferences/preferences.ts';
import { createPreferencesStore } from '../src/app/preferences/store.ts';
import { waitTone } from '../src/features/inbox/model/waiting.ts';
import { agoParts, dayKey, daysBetween, knownTimeZone, lengthParts } from '../src/i18n/time.ts';

describe('how long ago', () => {
  const now = new Date('2026-03-29T12:00:00Z');
  const ago = (milliseconds: number) => agoParts(new Date(now.getTime() - milliseconds), now);

  it('is said in one unit, and as a date from a week on', () => {
    expect(ago(20_000)).toEqual({ unit: 'now', count: 0 });
    expect(ago(5 * 60_000)).toEqual({ unit: 'minute', count: 5 });
    expect(ago(3 * 3_600_000)).toEqual({ unit: 'hour', count: 3 });
    expect(ago(6 * 86_400_000)).toEqual({ unit: 'day', count: 6 });
    expect(ago(7 * 86_400_000)).toBeNull();
    expect(ago(-5_000)).toEqual({ unit: 'now', count: 0 });
  });

  it('counts days by the calendar of the zone, also where the clock jumps', () => {
    expect(dayKey(new Date('2026-01-15T22:30:00Z'), 'Africa/Cairo')).toBe('2026-01-16');
    // 29 March 2026 has 23 hours in Berlin: half past eleven at night, and half past midnight two dates later.
    expect(daysBetween(new Date('2026-03-28T22:30:00Z'), new Date('2026-03-29T22:30:00Z'), 'Europe/Berlin')).toBe(2);
  });

  it('splits a length for countdowns', () => {
    expect(lengthParts(26 * 3_600_000 + 5 * 60_000)).toEqual({ days: 1, hours: 2, minutes: 5 });
    expect(lengthParts(-1)).toEqual({ days: 0, hours: 0, minutes: 0 });
  });

  it('falls back to the browser’s zone for a name that does not exist', () => {
    expect(knownTimeZone('Mars/Olympus')).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
    expect(knownTimeZone('Africa/Cairo')).toBe('Africa/Cairo');
  });

  it('colours a wait after half an hour and after two', () => {
    expect([10, 30, 119, 120].map((minutes) => waitTone(minutes * 60_000))).toEqual(['calm', 'soon', 'soon', 'late']);
  });
});

describe('preferences', () => {
  it('survive what an older or newer version stored', () => {
    const base = defaultPreferences();
    expect(spokenLanguage(base.language, ['fr-FR', 'ar-EG', 'en'])).toBe('ar');
    expect(spokenLanguage(base.language, ['fr'])).toBe('en');
    expect(spokenLanguage('en', ['ar'])).toBe('en');
    const merged = mergePreferences(base, {
      theme: 'sepia',
      density: 'compact',
      listWidth: 9_999,
      language: 'xx',
      shortcuts: { a: 'KeyA', b: 3 },
      foldedSections: 'all',
    });
    expect(merged).toMatchObject({
      theme: 'system',
      density: 'compact',
      listWidth: columnLimits.list.max,
      language: 'system',
      shortcuts: { a: 'KeyA' },
      foldedSections: [],
    });
    expect(mergePreferences(base, null)).toBe(base);
    expect(mergePreferences(defaultPreferences(), JSON.parse(JSON.stringify(preferencesToJson(merged))))).toEqual(
      merged,
    );
  });

  it('tell their followers, and what the profile brings is no change of one’s own', () => {
    const store = createPreferencesStore(null);
    const heard: string[] = [];
    store.subscribe(() => heard.push('any'));
    store.onChange(() => heard.push('own'));
    store.adopt({ density: 'compact' });
    store.set({ theme: 'dark' });
    expect(heard).toEqual(['any', 'any', 'own']);
    expect(store.get()).toMatchObject({ density: 'compact', theme: 'dark' });
  });
});

it('a clock runs only while somebody looks', () => {
  const clock = createClock(60_000);
  const stop = clock.subscribe(() => undefined);
  const stopOther = clock.subscribe(() => undefined);
  stop();
  stopOther();
  expect(clock.now()).toBeInstanceOf(Date);
});
