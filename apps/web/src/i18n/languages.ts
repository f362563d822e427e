/** The languages the interface is written in, with the direction each is read in. */
export const languages = {
  en: { dir: 'ltr', name: 'English', locale: 'en' },
  // Western digits, as phone numbers and prices are written in the product's Arabic-speaking markets.
  ar: { dir: 'rtl', name: 'العربية', locale: 'ar-u-nu-latn' },
} as const satisfies Record<string, { dir: 'ltr' | 'rtl'; name: string; locale: string }>;

export type Language = keyof typeof languages;

export function isLanguage(value: unknown): value is Language {
  return typeof value === 'string' && Object.hasOwn(languages, value);
}
