import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { english } from './en/index.ts';
import type { Language } from './languages.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof english };
    enableSelector: false;
  }
}

/** English comes with the app, so that there is always something to say; the others load when they are asked for. */
export async function createI18n(language: Language): Promise<i18n> {
  const instance = i18next.createInstance();
  instance.use(initReactI18next);
  await instance.init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: english } },
    interpolation: { escapeValue: false },
  });
  await switchLanguage(instance, language);
  return instance;
}

/** Loads the language if it is not there yet and switches to it. */
export async function switchLanguage(instance: i18n, language: Language): Promise<void> {
  if (!instance.hasResourceBundle(language, 'translation')) {
    const { arabic } = await import('./ar/index.ts');
    instance.addResourceBundle(language, 'translation', arabic, true, true);
  }
  await instance.changeLanguage(language);
}
