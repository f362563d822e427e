import { Activity, X } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FailureState } from '#app/errors/ScreenError.tsx';
import { useMe } from '#app/session/sessionContext.ts';
import { EmptyState } from '#design/EmptyState.tsx';
import { IconButton } from '#design/IconButton.tsx';
import { Skeleton } from '#design/Skeleton.tsx';
import type { Person } from '../people/person.ts';
import type { PhoneChannel } from '../useSandboxChannels.ts';
import { LifeCard } from './LifeCard.tsx';
import { TroubleSwitch } from './TroubleSwitch.tsx';
import { useLives } from './useLives.ts';

const WebhookDialog = lazy(() => import('./WebhookDialog.tsx'));

/** The newest are unfolded. */
const UNFOLDED = 2;

/** What the product did with the last messages, and how to put stones in its way. */
export function HappenedPanel({
  channel,
  person,
  onClose,
}: {
  channel: PhoneChannel;
  person: Person | undefined;
  onClose?: () => void;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const lives = useLives(channel, person);
  const [payload, setPayload] = useState<string | null>(null);
  return (
    <aside aria-label={t('sandbox.life.title')} className="flex h-full flex-col bg-surface">
      <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line ps-4 pe-2">
        <h2 className="text-14 font-strong">{t('sandbox.life.title')}</h2>
        {onClose === undefined ? null : (
          <IconButton label={t('action.close')} icon={<X />} className="ms-auto" onClick={onClose} tooltip={false} />
        )}
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">
        {lives.isError ? (
          <FailureState error={lives.error} onRetry={() => void lives.refetch()} />
        ) : lives.data === undefined && person?.conversationId !== null && person !== undefined ? (
          <div aria-hidden="true" className="flex flex-col gap-2 p-4">
            <Skeleton className="h-4 w-2/3" />
            <Skeleton className="h-3 w-full" />
            <Skeleton className="h-3 w-5/6" />
            <Skeleton className="h-3 w-3/4" />
          </div>
        ) : lives.data === undefined || lives.data.length === 0 ? (
          <EmptyState reason="no-data" icon={<Activity />} title={t('sandbox.life.emptyTitle')}>
            {t('sandbox.life.emptyText')}
          </EmptyState>
        ) : (
          lives.data.map((life, index) => (
            <LifeCard key={life.key} life={life} open={index < UNFOLDED} onPayload={setPayload} />
          ))
        )}
      </div>
      {me.can('can_manage_settings') ? <TroubleSwitch /> : null}
      <Suspense fallback={null}>
        {payload === null ? null : <WebhookDialog eventId={payload} onClose={() => setPayload(null)} />}
      </Suspense>
    </aside>
  );
}
