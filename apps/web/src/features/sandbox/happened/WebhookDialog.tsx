import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useApi } from '#api/context.ts';
import { unwrap } from '#api/failure.ts';
import { FailureState } from '#app/errors/ScreenError.tsx';
import { Dialog } from '#design/Dialog.tsx';
import { sandboxKeys } from '../sandboxKeys.ts';

/** What the provider sent, as it was stored: for those who build integrations. */
export default function WebhookDialog({ eventId, onClose }: { eventId: string; onClose: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const event = useQuery({
    queryKey: sandboxKeys.payload(eventId),
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) =>
      unwrap(await api.from('inbound_events').select('payload').eq('id', eventId).abortSignal(signal).single()),
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      size="lg"
      title={t('sandbox.life.webhookTitle')}
      description={t('sandbox.life.webhookText')}
    >
      {event.isError ? (
        <FailureState error={event.error} onRetry={() => void event.refetch()} />
      ) : (
        <pre
          dir="ltr"
          className="min-h-40 rounded-panel bg-sunken p-3 font-mono text-12 text-ink-2 whitespace-pre-wrap [overflow-wrap:anywhere]"
        >
          {event.data === undefined ? '' : JSON.stringify(event.data.payload, null, 2)}
        </pre>
      )}
    </Dialog>
  );
}
