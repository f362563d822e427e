import { Menu as MenuIcon, PenSquare, Search, X } from 'lucide-react';
import { type KeyboardEvent, use, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '#app/commands/useCommands.ts';
import { useMe } from '#app/session/sessionContext.ts';
import { ShellControls } from '#app/shell/shellControls.ts';
import { IconButton } from '#design/IconButton.tsx';
import { Kbd } from '#design/Kbd.tsx';
import { Tabs } from '#design/Tabs.tsx';
import { useFormat } from '#i18n/useFormat.ts';
import { FilterMenu } from '../filter/FilterMenu.tsx';
import { useInboxCounts } from '../filter/useInboxCounts.ts';
import { useInboxLocation } from '../filter/useInboxLocation.ts';
import { SEARCH_FIELD } from './searchField.ts';

const SEARCH_AFTER_MS = 180;

export function ListHeader({ onNew }: { onNew: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const me = useMe();
  const counts = useInboxCounts();
  const keysOf = useKeys();
  const { filter, setFilter } = useInboxLocation();
  const { openNavigation } = use(ShellControls);
  return (
    <header className="shrink-0">
      <div className="flex h-12 items-stretch gap-2 border-b border-line ps-4 pe-2">
        <IconButton
          label={t('shell.openNav')}
          icon={<MenuIcon />}
          className="-ms-2 self-center md:hidden"
          onClick={openNavigation}
          tooltip={false}
        />
        <Tabs
          className="min-w-0 flex-1"
          label={t('inbox.tabs')}
          value={filter.view}
          onChange={(view) => setFilter({ view, assignee: null })}
          formatCount={format.compact}
          options={[
            { value: 'all', label: t('inbox.view.all'), count: counts?.all },
            { value: 'mine', label: t('inbox.view.mine'), count: counts?.mine },
            { value: 'unassigned', label: t('inbox.view.unassigned'), count: counts?.unassigned },
          ]}
        />
        <div className="ms-auto flex items-center">
          {me.can('can_send_messages') ? (
            <IconButton
              label={t('inbox.newConversation')}
              keys={keysOf('conversation.new')}
              icon={<PenSquare />}
              onClick={onNew}
            />
          ) : null}
        </div>
      </div>
      <div className="flex items-center gap-1 px-2.5 pt-2 pb-1">
        <SearchField />
        <FilterMenu />
      </div>
    </header>
  );
}

function SearchField() {
  const { t } = useTranslation();
  const { query, setQuery } = useInboxLocation();
  const keysOf = useKeys();
  const [text, setText] = useState(query);
  const field = useRef<HTMLInputElement>(null);

  // The address may change from elsewhere: back, a saved view, the palette.
  const sent = useRef(query);
  useEffect(() => {
    if (query !== sent.current) {
      sent.current = query;
      setText(query);
    }
  }, [query]);
  useEffect(() => {
    if (text === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = text;
      setQuery(text);
    }, SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text, setQuery]);

  const clear = () => {
    setText('');
    sent.current = '';
    setQuery('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    if (text === '') field.current?.blur();
    else clear();
  };
  return (
    <search className="relative flex min-w-0 flex-1 items-center">
      <Search className="pointer-events-none absolute start-2.5 text-ink-3" />
      <input
        ref={field}
        id={SEARCH_FIELD}
        type="text"
        dir="auto"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        aria-label={t('inbox.search')}
        placeholder={t('inbox.search')}
        className="peer h-8 w-full rounded-control bg-sunken ps-8 pe-8 text-13 text-ink inset-ring inset-ring-transparent placeholder:text-ink-3 hover:inset-ring-line focus-visible:bg-surface focus-visible:outline-2 focus-visible:outline-offset-0"
      />
      {text === '' ? (
        <span className="pointer-events-none absolute end-2 flex peer-focus:hidden">
          <Kbd keys={keysOf('list.search') ?? []} />
        </span>
      ) : (
        <IconButton
          size="sm"
          label={t('inbox.clearSearch')}
          icon={<X className="icon-14" />}
          className="absolute end-0.5"
          onClick={clear}
          tooltip={false}
        />
      )}
    </search>
  );
}
