import { Menu as MenuIcon, Plus, Search, Tag, X } from 'lucide-react';
import { lazy, Suspense, use, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Command } from '#app/commands/command.ts';
import { useCommands } from '#app/commands/useCommands.ts';
import { useMe } from '#app/session/sessionContext.ts';
import { ShellControls } from '#app/shell/shellControls.ts';
import { useMediaQuery } from '#app/useMediaQuery.ts';
import { Button } from '#design/Button.tsx';
import { Drawer } from '#design/Drawer.tsx';
import { IconButton } from '#design/IconButton.tsx';
import { Menu, MenuRadio } from '#design/Menu.tsx';
import { useTags } from '#features/inbox/model/useTags.ts';
import { ContactPane } from './ContactPane.tsx';
import { ContactTable } from './ContactTable.tsx';
import { contactSorts } from './contactsSearch.ts';
import { useContactsLocation } from './useContactsLocation.ts';

const ContactDialog = lazy(() => import('./ContactDialog.tsx'));
const SEARCH_FIELD = 'contacts-search';
const SEARCH_AFTER_MS = 200;
const ANY = 'any-tag';

/** Everyone the workspace knows. */
export function ContactsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { search, contactId, setSearch, open } = useContactsLocation();
  const { data: tags = [] } = useTags();
  const { openNavigation } = use(ShellControls);
  const [creating, setCreating] = useState(false);
  const beside = useMediaQuery('(min-width: 1024px)');
  const mayCreate = me.can('can_access_crm');

  useCommands(
    useMemo((): Command[] => {
      const find: Command = {
        id: 'contacts.search',
        title: t('contacts.search'),
        group: 'contacts',
        icon: <Search />,
        bindings: ['Slash'],
        run: () => document.getElementById(SEARCH_FIELD)?.focus(),
      };
      return mayCreate
        ? [
            find,
            {
              id: 'contacts.new',
              title: t('contacts.create'),
              group: 'contacts',
              icon: <Plus />,
              bindings: ['KeyC'],
              run: () => setCreating(true),
            },
          ]
        : [find];
    }, [t, mayCreate]),
  );

  return (
    <main aria-label={t('shell.contacts')} className="flex h-full min-w-0 bg-surface">
      <div className="flex h-full min-w-0 flex-1 flex-col">
        <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line px-4">
          <IconButton
            label={t('shell.openNav')}
            icon={<MenuIcon />}
            className="-ms-2 md:hidden"
            onClick={openNavigation}
            tooltip={false}
          />
          <h1 className="text-14 font-strong">{t('contacts.title')}</h1>
          <SearchField />
          <Menu
            label={t('inbox.filter.tag')}
            trigger={
              <Button tone="ghost" icon={<Tag />} className={search.tag === undefined ? '' : 'text-accent-ink'}>
                <bdi className="line-1 max-w-28 max-sm:sr-only">{search.tag ?? t('inbox.filter.tag')}</bdi>
              </Button>
            }
          >
            <MenuRadio
              value={search.tag ?? ANY}
              onChange={(tag) => setSearch({ tag: tag === ANY ? undefined : tag })}
              options={[
                { value: ANY, label: t('inbox.filter.anyTag') },
                ...tags.map((tag) => ({ value: tag.name, label: <bdi>{tag.name}</bdi> })),
              ]}
            />
          </Menu>
          <Menu
            label={t('inbox.sort.label')}
            trigger={
              <Button tone="ghost" className="max-md:hidden">
                {t(`contacts.sort.${search.sort ?? 'newest'}`)}
              </Button>
            }
          >
            <MenuRadio
              value={search.sort ?? 'newest'}
              onChange={(sort) => setSearch({ sort: sort === 'newest' ? undefined : sort })}
              options={contactSorts.map((sort) => ({ value: sort, label: t(`contacts.sort.${sort}`) }))}
            />
          </Menu>
          {mayCreate ? (
            <Button tone="primary" icon={<Plus />} className="ms-auto" onClick={() => setCreating(true)}>
              <span className="max-sm:sr-only">{t('contacts.create')}</span>
            </Button>
          ) : null}
        </header>
        <ContactTable onCreate={() => setCreating(true)} />
      </div>
      {contactId === null ? null : beside ? (
        <div className="h-full w-88 shrink-0 border-s border-line">
          <ContactPane key={contactId} id={contactId} onClose={() => open(null)} />
        </div>
      ) : (
        <Drawer
          open
          onOpenChange={(now) => (now ? undefined : open(null))}
          title={t('contacts.details')}
          className="w-full max-w-full sm:w-88"
        >
          <ContactPane key={contactId} id={contactId} onClose={() => open(null)} />
        </Drawer>
      )}
      <Suspense fallback={null}>
        {creating ? (
          <ContactDialog
            onClose={() => setCreating(false)}
            onSaved={(id) => {
              setCreating(false);
              open(id);
            }}
          />
        ) : null}
      </Suspense>
    </main>
  );
}

function SearchField() {
  const { t } = useTranslation();
  const { search, setSearch } = useContactsLocation();
  const [text, setText] = useState(search.q ?? '');
  const sent = useRef(search.q ?? '');
  useEffect(() => {
    const now = search.q ?? '';
    if (now === sent.current) return;
    sent.current = now;
    setText(now);
  }, [search.q]);
  useEffect(() => {
    if (text === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = text;
      setSearch({ q: text === '' ? undefined : text }, true);
    }, SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text, setSearch]);
  return (
    <search className="relative flex min-w-0 flex-1 items-center sm:max-w-72">
      <Search className="pointer-events-none absolute start-2.5 text-ink-3" />
      <input
        id={SEARCH_FIELD}
        dir="auto"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          if (text === '') event.currentTarget.blur();
          else setText('');
        }}
        aria-label={t('contacts.search')}
        placeholder={t('contacts.search')}
        className="h-8 w-full rounded-control bg-sunken ps-8 pe-8 text-13 hover:inset-ring hover:inset-ring-line focus-visible:bg-surface focus-visible:outline-offset-0"
      />
      {text === '' ? null : (
        <IconButton
          size="sm"
          tooltip={false}
          label={t('inbox.clearSearch')}
          icon={<X className="icon-14" />}
          className="absolute end-0.5"
          onClick={() => setText('')}
        />
      )}
    </search>
  );
}
