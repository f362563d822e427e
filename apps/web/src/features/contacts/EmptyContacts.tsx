import { Lock, Plus, SearchX, Users } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useMe } from '#app/session/sessionContext.ts';
import { Button } from '#design/Button.tsx';
import { EmptyState } from '#design/EmptyState.tsx';
import { useContactsLocation } from './useContactsLocation.ts';

/** No rows: because nothing matches, because one may not see them, or because there are none yet. */
export function EmptyContacts({ onCreate }: { onCreate: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const { search, setSearch } = useContactsLocation();
  if (search.q !== undefined || search.tag !== undefined) {
    return (
      <EmptyState
        reason="filtered"
        icon={<SearchX />}
        title={t('contacts.empty.filteredTitle')}
        action={
          <Button onClick={() => setSearch({ q: undefined, tag: undefined })}>
            {t('contacts.empty.filteredAction')}
          </Button>
        }
      >
        {t('contacts.empty.filteredText')}
      </EmptyState>
    );
  }
  if (!me.can('can_access_crm')) {
    return (
      <EmptyState reason="no-permission" icon={<Lock />} title={t('contacts.empty.deniedTitle')}>
        {t('contacts.empty.deniedText')}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      reason="no-data"
      icon={<Users />}
      title={t('contacts.empty.title')}
      action={
        <Button tone="primary" icon={<Plus />} onClick={onCreate}>
          {t('contacts.create')}
        </Button>
      }
    >
      {t('contacts.empty.text')}
    </EmptyState>
  );
}
