import { useQuery } from '@tanstack/react-query';
import { Outlet, useLoaderData, useNavigate } from '@tanstack/react-router';
import {
  Inbox,
  Keyboard,
  Languages,
  LogOut,
  Moon,
  PanelLeft,
  Rows3,
  Search,
  Smartphone,
  Sun,
  Users,
} from 'lucide-react';
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useApiContext } from '#api/context.ts';
import type { Command } from '../commands/command.ts';
import { useCommands } from '../commands/useCommands.ts';
import { useKeyboard } from '../commands/useKeyboard.ts';
import { usePreferenceSync } from '../preferences/usePreferenceSync.ts';
import { useLanguage, usePreference } from '../preferences/usePreferences.ts';
import { RealtimeBridge } from '../realtime/RealtimeBridge.tsx';
import { meQuery } from '../session/meQuery.ts';
import { MeContext } from '../session/sessionContext.ts';
import { usePresenceBeat } from '../session/usePresenceBeat.ts';
import { useSignOut } from '../session/useSignOut.ts';
import { Sidebar } from './Sidebar.tsx';
import { ShellControls } from './shellControls.ts';

const CommandPalette = lazy(() => import('../commands/CommandPalette.tsx'));
const ShortcutsDialog = lazy(() => import('../commands/ShortcutsDialog.tsx'));

/** Navigation, palette, keyboard and the live connection around every signed-in screen. */
export function AppShell() {
  const loaded = useLoaderData({ from: '/app' });
  const { data: me = loaded } = useQuery(meQuery(useApi()));
  return (
    <MeContext value={me}>
      <Shell key={me.organization.id} />
    </MeContext>
  );
}

function Shell() {
  usePresenceBeat();
  const [layer, setLayer] = useState<'palette' | 'shortcuts' | 'navigation' | null>(null);
  const openPalette = useCallback(() => setLayer((now) => (now === 'palette' ? null : 'palette')), []);
  const openShortcuts = useCallback(() => setLayer('shortcuts'), []);
  const openNavigation = useCallback(() => setLayer('navigation'), []);
  const controls = useMemo(
    () => ({ openPalette, openShortcuts, openNavigation }),
    [openPalette, openShortcuts, openNavigation],
  );
  const { t } = useTranslation();

  usePreferenceSync();
  useKeyboard();
  useShellCommands(controls);
  useSignOutElsewhere();

  const onOpenChange = (open: boolean) => {
    if (!open) setLayer(null);
  };
  return (
    <ShellControls value={controls}>
      <a
        href="#content"
        className="absolute start-2 -top-12 z-60 rounded-control bg-ink px-3 py-2 text-surface focus:top-2"
      >
        {t('shell.skip')}
      </a>
      <div className="flex h-full">
        <Sidebar drawerOpen={layer === 'navigation'} onDrawerChange={onOpenChange} />
        <div id="content" tabIndex={-1} className="min-w-0 flex-1 focus:outline-none">
          <Outlet />
        </div>
      </div>
      <RealtimeBridge />
      <Suspense fallback={null}>
        {layer === 'palette' ? <CommandPalette open onOpenChange={onOpenChange} /> : null}
        {layer === 'shortcuts' ? <ShortcutsDialog open onOpenChange={onOpenChange} /> : null}
      </Suspense>
    </ShellControls>
  );
}

function useShellCommands({
  openPalette,
  openShortcuts,
}: {
  openPalette: () => void;
  openShortcuts: () => void;
}): void {
  const { t } = useTranslation();
  const { sandbox } = useApiContext().config;
  const navigate = useNavigate();
  const signOut = useSignOut();
  const [theme, setTheme] = usePreference('theme');
  const [language, setLanguage] = useLanguage();
  const [density, setDensity] = usePreference('density');
  const [collapsed, setCollapsed] = usePreference('navCollapsed');

  const commands = useMemo((): Command[] => {
    const dark = theme === 'dark' || (theme === 'system' && document.documentElement.dataset.theme === 'dark');
    return [
      {
        id: 'palette',
        title: t('shell.command.palette'),
        group: 'help',
        icon: <Search />,
        bindings: ['Mod+KeyK'],
        inFields: true,
        keyOnly: true,
        run: openPalette,
      },
      {
        id: 'shortcuts',
        title: t('shell.command.shortcuts'),
        group: 'help',
        icon: <Keyboard />,
        bindings: ['Shift+Slash'],
        run: openShortcuts,
      },
      {
        id: 'go.inbox',
        title: t('shell.command.goInbox'),
        group: 'go',
        icon: <Inbox />,
        bindings: ['KeyG KeyI'],
        run: () => void navigate({ to: '/inbox/{-$conversationId}' }),
      },
      {
        id: 'go.contacts',
        title: t('shell.command.goContacts'),
        group: 'go',
        icon: <Users />,
        bindings: ['KeyG KeyC'],
        run: () => void navigate({ to: '/contacts/{-$contactId}' }),
      },
      ...(sandbox === true
        ? [
            {
              id: 'go.sandbox',
              title: t('sandbox.goSandbox'),
              group: 'go' as const,
              icon: <Smartphone />,
              bindings: ['KeyG KeyP'],
              run: () => void navigate({ to: '/sandbox/{-$phone}' }),
            },
          ]
        : []),
      {
        id: 'view.nav',
        title: t('shell.command.toggleNav'),
        group: 'view',
        icon: <PanelLeft className="mirror-rtl" />,
        bindings: ['BracketLeft'],
        run: () => setCollapsed(!collapsed),
      },
      {
        id: 'view.theme',
        title: dark ? t('shell.command.lightTheme') : t('shell.command.darkTheme'),
        group: 'view',
        icon: dark ? <Sun /> : <Moon />,
        keywords: 'theme dark light',
        run: () => setTheme(dark ? 'light' : 'dark'),
      },
      {
        id: 'view.language',
        title: language === 'en' ? 'العربية' : 'English',
        group: 'view',
        icon: <Languages />,
        keywords: 'language arabic english عربي',
        run: () => setLanguage(language === 'en' ? 'ar' : 'en'),
      },
      {
        id: 'view.density',
        title: density === 'compact' ? t('shell.command.comfortable') : t('shell.command.compact'),
        group: 'view',
        icon: <Rows3 />,
        keywords: 'density rows',
        run: () => setDensity(density === 'compact' ? 'comfortable' : 'compact'),
      },
      {
        id: 'sign-out',
        title: t('shell.signOut'),
        group: 'go',
        icon: <LogOut className="mirror-rtl" />,
        run: () => void signOut(),
      },
    ];
  }, [
    t,
    sandbox,
    navigate,
    signOut,
    theme,
    setTheme,
    language,
    setLanguage,
    density,
    setDensity,
    collapsed,
    setCollapsed,
    openPalette,
    openShortcuts,
  ]);
  useCommands(commands);
}

/** Signed out in another tab, or the session ended: this one goes to the login page as well. */
function useSignOutElsewhere(): void {
  const api = useApi();
  const navigate = useNavigate();
  useEffect(() => {
    const { data } = api.auth.onAuthStateChange((event) => {
      if (event === 'SIGNED_OUT') void navigate({ to: '/login' });
    });
    return () => data.subscription.unsubscribe();
  }, [api, navigate]);
}
