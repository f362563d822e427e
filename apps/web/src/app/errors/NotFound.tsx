import { Link } from '@tanstack/react-router';
import { MapPinOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '#design/EmptyState.tsx';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <main className="h-full bg-surface">
      <EmptyState
        reason="no-data"
        icon={<MapPinOff />}
        title={t('error.notFoundTitle')}
        action={
          <Link
            to="/inbox/{-$conversationId}"
            className="font-medium text-accent-ink underline-offset-2 hover:underline"
          >
            {t('error.notFoundAction')}
          </Link>
        }
      >
        {t('error.notFoundText')}
      </EmptyState>
    </main>
  );
}
