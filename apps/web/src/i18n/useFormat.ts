import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useTimeZone } from '#app/session/sessionContext.ts';
import { isLanguage, languages } from './languages.ts';
import { agoParts, dayKey, daysBetween, lengthParts } from './time.ts';

export interface Format {
  /** "now", "5m", "3h", "2d", then "12 Mar", then "12 Mar 2024". */
  ago(moment: string, now: Date): string;
  /** Hours and minutes. */
  time(moment: string): string;
  /** Everything, for the text on hover. */
  exact(moment: string): string;
  /** "Today", "Yesterday", "Tuesday", "12 March". */
  day(moment: string, now: Date): string;
  /** "2d 4h", "3h 12m", "8m". */
  length(milliseconds: number): string;
  date(moment: string): string;
  number(value: number): string;
  compact(value: number): string;
  money(value: number, currency: string): string;
  bytes(size: number): string;
}

/** Formatters in the user's language and time zone. */
export function useFormat(): Format {
  const { t, i18n } = useTranslation();
  const timeZone = useTimeZone();
  const language = isLanguage(i18n.language) ? i18n.language : 'en';
  return useMemo(() => {
    const { locale } = languages[language];
    const make = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { timeZone, ...options });
    const time = make({ hour: '2-digit', minute: '2-digit' });
    const exact = make({ dateStyle: 'full', timeStyle: 'short' });
    const weekday = make({ weekday: 'long' });
    const dayMonth = make({ day: 'numeric', month: 'short' });
    const longDay = make({ day: 'numeric', month: 'long' });
    const withYear = make({ day: 'numeric', month: 'short', year: 'numeric' });
    const number = new Intl.NumberFormat(locale);
    const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
    const sameYear = (one: Date, two: Date) => dayKey(one, timeZone).slice(0, 4) === dayKey(two, timeZone).slice(0, 4);

    return {
      ago(moment, now) {
        const then = new Date(moment);
        const parts = agoParts(then, now);
        if (parts === null) return (sameYear(then, now) ? dayMonth : withYear).format(then);
        if (parts.unit === 'now') return t('time.now');
        return t(`time.${parts.unit}`, { count: parts.count });
      },
      time: (moment) => time.format(new Date(moment)),
      exact: (moment) => exact.format(new Date(moment)),
      day(moment, now) {
        const then = new Date(moment);
        const days = daysBetween(then, now, timeZone);
        if (days === 0) return t('time.today');
        if (days === 1) return t('time.yesterday');
        if (days > 1 && days < 7) return weekday.format(then);
        return (sameYear(then, now) ? longDay : withYear).format(then);
      },
      length(milliseconds) {
        const { days, hours, minutes } = lengthParts(milliseconds);
        if (days > 0)
          return hours > 0
            ? `${t('time.day', { count: days })} ${t('time.hour', { count: hours })}`
            : t('time.day', { count: days });
        if (hours > 0) {
          return minutes > 0 && hours < 10
            ? `${t('time.hour', { count: hours })} ${t('time.minute', { count: minutes })}`
            : t('time.hour', { count: hours });
        }
        return t('time.minute', { count: minutes });
      },
      date: (moment) => withYear.format(new Date(moment)),
      number: (value) => number.format(value),
      compact: (value) => compact.format(value),
      money: (value, currency) =>
        new Intl.NumberFormat(locale, {
          style: 'currency',
          currency,
          maximumFractionDigits: Number.isInteger(value) ? 0 : 2,
        }).format(value),
      bytes(size) {
        const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
        const step = Math.min(units.length - 1, Math.floor(Math.log(Math.max(1, size)) / Math.log(1_000)));
        const unit = units[step] ?? 'byte';
        return new Intl.NumberFormat(locale, {
          style: 'unit',
          unit,
          unitDisplay: 'short',
          maximumFractionDigits: step > 1 ? 1 : 0,
        }).format(size / 1_000 ** step);
      },
    };
  }, [t, language, timeZone]);
}
