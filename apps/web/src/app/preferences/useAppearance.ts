import { use, useEffect, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { switchLanguage } from '#i18n/createI18n.ts';
import { languages } from '#i18n/languages.ts';
import { PreferencesContext, useLanguage, usePreference } from './usePreferences.ts';

const darkQuery = '(prefers-color-scheme: dark)';

function useSystemDark(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const query = matchMedia(darkQuery);
      query.addEventListener('change', listener);
      return () => query.removeEventListener('change', listener);
    },
    () => matchMedia(darkQuery).matches,
  );
}

/** Puts theme, language and direction on the document, as public/appearance.js did before the first paint. */
export function useAppearance(): { dir: 'ltr' | 'rtl'; dark: boolean } {
  const [theme] = usePreference('theme');
  const [language] = useLanguage();
  const store = use(PreferencesContext);
  const { i18n } = useTranslation();
  const systemDark = useSystemDark();
  const dark = theme === 'dark' || (theme === 'system' && systemDark);
  const { dir } = languages[language];

  useEffect(() => {
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
    document.querySelector('meta[name="theme-color"]')?.setAttribute('content', dark ? '#131318' : '#ffffff');
  }, [dark]);

  useEffect(() => {
    let current = true;
    // Words first, then the direction, so that the page never stands mirrored in the wrong language.
    switchLanguage(i18n, language).then(
      () => {
        if (!current) return;
        document.documentElement.lang = language;
        document.documentElement.dir = dir;
      },
      () => {
        // The language file did not load: stay with what is there rather than half of each.
        if (current) store?.set({ language: 'en' });
      },
    );
    return () => {
      current = false;
    };
  }, [i18n, language, dir, store]);

  return { dir, dark };
}
