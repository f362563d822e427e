import { Languages, Moon, Sun } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage, usePreference } from '#app/preferences/usePreferences.ts';
import { IconButton } from '#design/IconButton.tsx';
import { Mark } from '#design/Mark.tsx';

/** One narrow column: the mark, a sentence, a form. Language and theme can be set before there is an account. */
export function AuthLayout({
  title,
  lead,
  children,
  footer,
}: {
  title: string;
  lead: ReactNode;
  children: ReactNode;
  footer: ReactNode;
}) {
  const { t } = useTranslation();
  const [theme, setTheme] = usePreference('theme');
  const [language, setLanguage] = useLanguage();
  const dark = theme === 'dark' || (theme === 'system' && document.documentElement.dataset.theme === 'dark');
  return (
    <div className="flex h-full flex-col overflow-y-auto bg-surface">
      <header className="flex h-14 shrink-0 items-center gap-2.5 px-4 sm:px-6">
        <Mark className="size-6" />
        <span className="text-14 font-strong">ConnectGain</span>
        <div className="ms-auto flex items-center gap-1">
          <IconButton
            label={language === 'en' ? 'العربية' : 'English'}
            icon={<Languages />}
            onClick={() => setLanguage(language === 'en' ? 'ar' : 'en')}
          />
          <IconButton
            label={dark ? t('shell.command.lightTheme') : t('shell.command.darkTheme')}
            icon={dark ? <Sun /> : <Moon />}
            onClick={() => setTheme(dark ? 'light' : 'dark')}
          />
        </div>
      </header>
      <main className="mx-auto flex w-full max-w-88 flex-1 flex-col justify-center px-4 pt-6 pb-24">
        <h1 className="text-24 font-strong text-balance">{title}</h1>
        <p className="mt-1 mb-6 text-14 text-ink-2 text-balance">{lead}</p>
        {children}
        <p className="mt-6 text-13 text-ink-2">{footer}</p>
      </main>
    </div>
  );
}

export const linkClass = 'rounded-badge font-medium text-accent-ink underline-offset-2 hover:underline';
