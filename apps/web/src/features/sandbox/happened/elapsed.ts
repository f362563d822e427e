import { type Language, languages } from '#i18n/languages.ts';

/** "84ms", "1.2s", "3m": how long a step took, in the one unit that says it. */
export function elapsedText(milliseconds: number, language: Language): string {
  const text = (value: number, unit: string, digits: number) =>
    new Intl.NumberFormat(languages[language].locale, {
      style: 'unit',
      unit,
      unitDisplay: 'narrow',
      maximumFractionDigits: digits,
    }).format(value);
  if (milliseconds < 1_000) return text(Math.round(milliseconds), 'millisecond', 0);
  if (milliseconds < 60_000) return text(milliseconds / 1_000, 'second', 1);
  if (milliseconds < 3_600_000) return text(milliseconds / 60_000, 'minute', 0);
  if (milliseconds < 86_400_000) return text(milliseconds / 3_600_000, 'hour', 0);
  return text(milliseconds / 86_400_000, 'day', 0);
}
