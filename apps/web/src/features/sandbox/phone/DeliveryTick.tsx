import { Check, CheckCheck, Clock3 } from 'lucide-react';
import { useTranslation } from 'react-i18next';

/**
 * How far the customer's own message has come: on its way, taken by the provider, arrived at the business. It never turns blue: the
 * product does not tell customers when somebody reads.
 */
export function DeliveryTick({ state }: { state: 'sending' | 'sent' | 'arrived' }) {
  const { t } = useTranslation();
  return (
    <span
      role="img"
      aria-label={t(`sandbox.phone.tick.${state}`)}
      title={t(`sandbox.phone.tick.${state}`)}
      data-tick={state}
      className="inline-flex icon-14"
    >
      {state === 'sending' ? <Clock3 /> : state === 'sent' ? <Check /> : <CheckCheck />}
    </span>
  );
}
