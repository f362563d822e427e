import { Link } from '@tanstack/react-router';
import { Bookmark, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '#app/session/sessionContext.ts';
import { ChannelBadge } from '#design/ChannelBadge.tsx';
import { IconButton } from '#design/IconButton.tsx';
import type { InboxSearch } from './inboxFilter.ts';
import { useChannels } from './useChannels.ts';
import { useDeleteFilter, useSavedFilters } from './useSavedFilters.ts';

/** Ways into the inbox that one uses daily: saved views and channels. Part of the sidebar. */
export function InboxNav({ onNavigate }: { onNavigate: (() => void) | undefined }) {
  const { t } = useTranslation();
  const me = useMe();
  const { data: saved = [] } = useSavedFilters();
  const { data: channels = [] } = useChannels();
  const remove = useDeleteFilter();
  return (
    <div className="mt-3 flex min-h-0 flex-col gap-3 overflow-y-auto">
      {saved.length === 0 ? null : (
        <Section title={t('inbox.views.title')}>
          {saved.map((filter) => (
            <Entry
              key={filter.id}
              icon={<Bookmark className="text-ink-3" />}
              search={filter.search}
              onNavigate={onNavigate}
              label={filter.name}
            >
              {filter.userId === me.id ? (
                <IconButton
                  size="sm"
                  tooltip={false}
                  label={t('inbox.views.delete', { name: filter.name })}
                  icon={<X className="icon-14" />}
                  className="opacity-0 group-hover:opacity-100 focus-visible:opacity-100"
                  onClick={() => remove.mutate(filter.id)}
                />
              ) : null}
            </Entry>
          ))}
        </Section>
      )}
      {channels.length < 2 ? null : (
        <Section title={t('inbox.channels')}>
          {channels.map((channel) => (
            <Entry
              key={channel.id}
              icon={<ChannelBadge type={channel.type} ring={false} />}
              search={{ channel: channel.type }}
              onNavigate={onNavigate}
              label={channel.name}
            />
          ))}
        </Section>
      )}
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h2 className="px-2 pb-1 text-12 font-medium text-ink-3">{title}</h2>
      <ul className="flex flex-col gap-px">{children}</ul>
    </section>
  );
}

function Entry(props: {
  icon: ReactNode;
  label: string;
  search: InboxSearch;
  onNavigate: (() => void) | undefined;
  children?: ReactNode;
}) {
  const { icon, label, search, onNavigate, children } = props;
  return (
    <li className="group flex items-center rounded-control pe-0.5 hover:bg-hover">
      <Link
        to="/inbox/{-$conversationId}"
        params={{}}
        search={search}
        activeOptions={{ exact: false, includeSearch: true }}
        activeProps={{ className: 'text-ink font-medium', 'aria-current': 'true' }}
        className="flex h-8 min-w-0 flex-1 items-center gap-2 px-2 text-13 text-ink-2 hover:text-ink"
        {...(onNavigate === undefined ? {} : { onClick: onNavigate })}
      >
        {icon}
        <span className="line-1" dir="auto">
          {label}
        </span>
      </Link>
      {children}
    </li>
  );
}
