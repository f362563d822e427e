import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { memberName } from '#app/session/me.ts';
import { useMembers } from '#app/session/useMembers.ts';
import { Button } from '#design/Button.tsx';
import { channelName } from '../model/channelName.ts';
import { defaultFilter, narrowingCount } from './inboxFilter.ts';
import { useInboxLocation } from './useInboxLocation.ts';
import { useStatusOptions } from './useStatusOptions.ts';

/** What narrows the list, each with a way to take it off. */
export function ActiveFilters() {
  const { t } = useTranslation();
  const { filter, query, setFilter } = useInboxLocation();
  const { byId } = useMembers();
  const statusOptions = useStatusOptions();
  if (query !== '') {
    return <p className="px-4 pb-1 text-12 text-ink-3">{t('inbox.searchScope')}</p>;
  }
  if (narrowingCount(filter) === 0 && filter.sort === defaultFilter.sort) return null;
  const assignee = filter.assignee === null ? undefined : byId.get(filter.assignee);
  return (
    <div className="flex flex-wrap items-center gap-1 px-2.5 pb-1.5">
      {filter.status === defaultFilter.status ? null : (
        <Chip
          label={statusOptions.find((option) => option.value === filter.status)?.label ?? ''}
          onRemove={() => setFilter({ status: 'active' })}
        />
      )}
      {filter.channels.map((type) => (
        <Chip
          key={type}
          label={channelName(type, t)}
          onRemove={() => setFilter({ channels: filter.channels.filter((one) => one !== type) })}
        />
      ))}
      {filter.assignee === null ? null : (
        <Chip
          label={assignee === undefined ? t('inbox.filter.assignee') : memberName(assignee)}
          onRemove={() => setFilter({ assignee: null })}
        />
      )}
      {filter.tag === null ? null : <Chip label={filter.tag} onRemove={() => setFilter({ tag: null })} />}
      {filter.unread ? <Chip label={t('inbox.filter.unread')} onRemove={() => setFilter({ unread: false })} /> : null}
      {filter.important ? (
        <Chip label={t('inbox.filter.important')} onRemove={() => setFilter({ important: false })} />
      ) : null}
      {filter.sort === 'newest' ? null : (
        <Chip label={t(`inbox.sort.${filter.sort}`)} onRemove={() => setFilter({ sort: 'newest' })} />
      )}
      <Button tone="ghost" size="sm" onClick={() => setFilter({ ...defaultFilter, view: filter.view })}>
        {t('inbox.filter.clear')}
      </Button>
    </div>
  );
}

function Chip({ label, onRemove }: { label: string; onRemove: () => void }) {
  const { t } = useTranslation();
  return (
    <span className="flex h-6 max-w-44 items-center rounded-badge bg-accent-soft ps-2 text-12 font-medium text-accent-ink">
      <span className="line-1" dir="auto">
        {label}
      </span>
      <button
        type="button"
        aria-label={t('inbox.filter.remove', { name: label })}
        onClick={onRemove}
        className="relative flex size-6 items-center justify-center rounded-badge after:absolute after:-inset-1 hover:text-ink [&_svg]:size-3"
      >
        <X />
      </button>
    </span>
  );
}
