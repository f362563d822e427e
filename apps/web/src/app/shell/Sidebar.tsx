import { Link } from '@tanstack/react-router';
import { Inbox, PanelLeft, Search, Smartphone, Users } from 'lucide-react';
import { lazy, type ReactNode, Suspense, use } from 'react';
import { useTranslation } from 'react-i18next';
import { useApiContext } from '#api/context.ts';
import { cx } from '#design/cx.ts';
import { IconButton } from '#design/IconButton.tsx';
import { Kbd } from '#design/Kbd.tsx';
import { Tooltip } from '#design/Tooltip.tsx';
import { InboxNav } from '#features/inbox/filter/InboxNav.tsx';
import { useInboxCounts } from '#features/inbox/filter/useInboxCounts.ts';
import { useFormat } from '#i18n/useFormat.ts';
import { useKeys } from '../commands/useCommands.ts';
import { usePreference } from '../preferences/usePreferences.ts';
import { ConnectionIndicator } from './ConnectionIndicator.tsx';
import { OrganizationSwitcher } from './OrganizationSwitcher.tsx';
import { ProfileMenu } from './ProfileMenu.tsx';
import { ShellControls } from './shellControls.ts';

const Drawer = lazy(() => import('#design/Drawer.tsx').then((module) => ({ default: module.Drawer })));

/**
 * The way between areas: only those that work are here. A rail of icons when collapsed or when the width is needed for the
 * four columns of the inbox (220 + 320 + 480 + 320 px), a drawer on a phone.
 */
export function Sidebar({
  drawerOpen,
  onDrawerChange,
}: {
  drawerOpen: boolean;
  onDrawerChange: (open: boolean) => void;
}) {
  const { t } = useTranslation();
  const [collapsed] = usePreference('navCollapsed');
  return (
    <>
      <div
        className={cx(
          'hidden h-full shrink-0 border-e border-line bg-canvas md:block',
          collapsed ? 'w-14' : 'w-14 min-[1360px]:w-55',
        )}
      >
        <div className={cx('h-full', collapsed ? 'hidden' : 'hidden min-[1360px]:block')}>
          <Navigation narrow={false} />
        </div>
        <div className={cx('h-full', collapsed ? 'block' : 'min-[1360px]:hidden')}>
          <Navigation narrow />
        </div>
      </div>
      <Suspense fallback={null}>
        {drawerOpen ? (
          <Drawer
            open={drawerOpen}
            onOpenChange={onDrawerChange}
            title={t('shell.navigation')}
            side="start"
            className="w-72 bg-canvas"
          >
            <Navigation narrow={false} onNavigate={() => onDrawerChange(false)} />
          </Drawer>
        ) : null}
      </Suspense>
    </>
  );
}

function Navigation({ narrow, onNavigate }: { narrow: boolean; onNavigate?: () => void }) {
  const { t } = useTranslation();
  const { config } = useApiContext();
  const format = useFormat();
  const counts = useInboxCounts();
  const { openPalette } = use(ShellControls);
  const keysOf = useKeys();
  const [collapsed, setCollapsed] = usePreference('navCollapsed');
  const unread = counts?.unread ?? 0;

  return (
    <nav
      aria-label={t('shell.navigation')}
      className={cx('flex h-full flex-col gap-0.5', narrow ? 'items-center px-2 py-2' : 'px-2 py-2')}
    >
      <OrganizationSwitcher narrow={narrow} />
      {narrow ? (
        <IconButton label={t('shell.search')} keys={keysOf('palette')} icon={<Search />} onClick={openPalette} />
      ) : (
        <button
          type="button"
          onClick={openPalette}
          className="mt-1 mb-2 flex h-8 items-center gap-2 rounded-control bg-surface px-2 text-13 text-ink-3 inset-ring inset-ring-line hover:text-ink-2"
        >
          <Search />
          <span className="flex-1 text-start">{t('shell.search')}</span>
          <Kbd keys={keysOf('palette') ?? []} />
        </button>
      )}
      <NavLink
        narrow={narrow}
        icon={<Inbox />}
        label={t('shell.inbox')}
        keys={keysOf('go.inbox')}
        to="/inbox/{-$conversationId}"
        onNavigate={onNavigate}
        badge={unread === 0 ? undefined : format.compact(unread)}
        badgeLabel={t('inbox.unreadCount', { count: unread })}
      />
      <NavLink
        narrow={narrow}
        icon={<Users />}
        label={t('shell.contacts')}
        keys={keysOf('go.contacts')}
        to="/contacts/{-$contactId}"
        onNavigate={onNavigate}
      />
      {config.sandbox === true ? (
        <NavLink
          narrow={narrow}
          icon={<Smartphone />}
          label={t('shell.sandbox')}
          keys={keysOf('go.sandbox')}
          to="/sandbox/{-$phone}"
          onNavigate={onNavigate}
        />
      ) : null}
      {narrow ? null : <InboxNav onNavigate={onNavigate} />}
      <div className="flex-1" />
      <ConnectionIndicator narrow={narrow} />
      {narrow ? (
        <>
          {collapsed ? (
            <IconButton
              label={t('shell.expandNav')}
              keys={keysOf('view.nav')}
              icon={<PanelLeft className="mirror-rtl" />}
              className="max-[1360px]:hidden"
              onClick={() => setCollapsed(false)}
            />
          ) : null}
          <ProfileMenu narrow />
        </>
      ) : (
        <div className="flex items-center gap-1">
          <ProfileMenu narrow={false} />
          <IconButton
            label={t('shell.collapseNav')}
            keys={keysOf('view.nav')}
            tooltipSide="top"
            icon={<PanelLeft className="mirror-rtl" />}
            className="max-[1360px]:hidden"
            onClick={() => setCollapsed(true)}
          />
        </div>
      )}
    </nav>
  );
}

const linkClass = (narrow: boolean) =>
  cx(
    'relative flex shrink-0 items-center rounded-control text-13 font-medium text-ink-2 hover:bg-hover hover:text-ink touch-target',
    narrow ? 'size-9 justify-center' : 'h-8 gap-2 px-2',
  );

function NavLink(props: {
  narrow: boolean;
  icon: ReactNode;
  label: string;
  keys: readonly string[] | undefined;
  to: '/inbox/{-$conversationId}' | '/contacts/{-$contactId}' | '/sandbox/{-$phone}';
  badge?: string | undefined;
  badgeLabel?: string;
  onNavigate: (() => void) | undefined;
}) {
  const { narrow, icon, label, keys, to, badge, badgeLabel, onNavigate } = props;
  const link = (
    <Link
      to={to}
      className={linkClass(narrow)}
      activeOptions={{ exact: false, includeSearch: false }}
      activeProps={{ className: 'bg-pressed/70 text-ink', 'aria-current': 'page' }}
      {...(onNavigate === undefined ? {} : { onClick: onNavigate })}
    >
      {icon}
      <span className={narrow ? 'sr-only' : 'line-1 flex-1'}>{label}</span>
      {badge === undefined ? null : narrow ? (
        <span className="absolute end-1 top-1 size-2 rounded-full bg-accent ring-2 ring-canvas">
          <span className="sr-only">{badgeLabel}</span>
        </span>
      ) : (
        <span className="text-12 font-strong text-accent-ink tabular" title={badgeLabel}>
          {badge}
        </span>
      )}
    </Link>
  );
  return narrow ? (
    <Tooltip content={label} keys={keys}>
      {link}
    </Tooltip>
  ) : (
    link
  );
}
