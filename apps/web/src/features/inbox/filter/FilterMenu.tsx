import { ListFilter } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { DeferredMenu } from '#design/DeferredMenu.tsx';
import { IconButton } from '#design/IconButton.tsx';
import { narrowingCount } from './inboxFilter.ts';
import { useInboxLocation } from './useInboxLocation.ts';

const loadContent = () => import('./FilterMenuContent.tsx');

/** Everything that narrows or orders the list, behind one button. */
export function FilterMenu() {
  const { t } = useTranslation();
  const { filter } = useInboxLocation();
  const active = narrowingCount(filter);
  return (
    <DeferredMenu
      load={loadContent}
      trigger={
        <IconButton
          label={active === 0 ? t('inbox.filter.label') : t('inbox.filter.active', { count: active })}
          icon={<ListFilter />}
          active={active > 0}
          data-testid="filter-menu"
        />
      }
    />
  );
}
