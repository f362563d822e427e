import { useTranslation } from 'react-i18next';
import type { InboxFilter } from './inboxFilter.ts';

export function useStatusOptions(): { value: InboxFilter['status']; label: string }[] {
  const { t } = useTranslation();
  return [
    { value: 'active', label: t('inbox.statusFilter.active') },
    { value: 'pending', label: t('inbox.statusFilter.pending') },
    { value: 'snoozed', label: t('inbox.statusFilter.snoozed') },
    { value: 'resolved', label: t('inbox.statusFilter.resolved') },
    { value: 'closed', label: t('inbox.statusFilter.closed') },
    { value: 'any', label: t('inbox.statusFilter.any') },
  ];
}
