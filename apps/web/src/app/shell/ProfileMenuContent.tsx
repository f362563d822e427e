import { Keyboard, Languages, LogOut, Monitor, Moon, Rows3, Rows4, Sun } from 'lucide-react';
import { use } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeferredMenuProps } from '#design/DeferredMenu.tsx';
import { Menu, MenuItem, MenuRadio, MenuSeparator, SubMenu } from '#design/Menu.tsx';
import { languages } from '#i18n/languages.ts';
import { useKeys } from '../commands/useCommands.ts';
import { useLanguage, usePreference } from '../preferences/usePreferences.ts';
import { useMe } from '../session/sessionContext.ts';
import { useSignOut } from '../session/useSignOut.ts';
import { ShellControls } from './shellControls.ts';

/** Oneself: theme, language, density, keys, and the way out. */
export default function ProfileMenuContent({ trigger, open, onOpenChange }: DeferredMenuProps) {
  const { t } = useTranslation();
  const me = useMe();
  const signOut = useSignOut();
  const keysOf = useKeys();
  const { openShortcuts } = use(ShellControls);
  const [theme, setTheme] = usePreference('theme');
  const [language, setLanguage] = useLanguage();
  const [density, setDensity] = usePreference('density');

  return (
    <Menu
      side="top"
      label={t('shell.profile')}
      className="w-60"
      open={open}
      onOpenChange={onOpenChange}
      trigger={trigger}
    >
      <div className="px-2 py-1.5">
        <p className="line-1 font-strong" dir="auto">
          {me.name}
        </p>
        <p className="line-1 text-12 text-ink-3" dir="ltr">
          {me.email}
        </p>
      </div>
      <MenuSeparator />
      <SubMenu
        icon={theme === 'dark' ? <Moon /> : theme === 'light' ? <Sun /> : <Monitor />}
        label={t('shell.theme.label')}
      >
        <MenuRadio
          value={theme}
          onChange={setTheme}
          options={[
            { value: 'system', label: t('shell.theme.system'), icon: <Monitor /> },
            { value: 'light', label: t('shell.theme.light'), icon: <Sun /> },
            { value: 'dark', label: t('shell.theme.dark'), icon: <Moon /> },
          ]}
        />
      </SubMenu>
      <SubMenu icon={<Languages />} label={t('shell.language')}>
        <MenuRadio
          value={language}
          onChange={setLanguage}
          options={[
            { value: 'en', label: languages.en.name },
            { value: 'ar', label: <span lang="ar">{languages.ar.name}</span> },
          ]}
        />
      </SubMenu>
      <SubMenu icon={<Rows3 />} label={t('shell.density.label')}>
        <MenuRadio
          value={density}
          onChange={setDensity}
          options={[
            { value: 'comfortable', label: t('shell.density.comfortable'), icon: <Rows3 /> },
            { value: 'compact', label: t('shell.density.compact'), icon: <Rows4 /> },
          ]}
        />
      </SubMenu>
      <MenuItem icon={<Keyboard />} onSelect={openShortcuts} keys={keysOf('shortcuts')}>
        {t('shell.command.shortcuts')}
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={<LogOut className="mirror-rtl" />} onSelect={() => void signOut()}>
        {t('shell.signOut')}
      </MenuItem>
    </Menu>
  );
}
