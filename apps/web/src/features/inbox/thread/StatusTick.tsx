import { CalendarClock, Check, CheckCheck, CircleAlert, Clock3 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '#design/cx.ts';

const icons: Record<string, ReactNode> = {
  SCHEDULED: <CalendarClock />,
  PENDING: <Clock3 />,
  SENT: <Check />,
  DELIVERED: <CheckCheck />,
  READ: <CheckCheck />,
  FAILED: <CircleAlert />,
};

/** How far a message of ours has come: clock, one tick, two ticks, two blue ticks, or a warning. The words are in the title. */
export function StatusTick({
  status,
  quiet = false,
  detail,
}: {
  status: string;
  quiet?: boolean;
  detail?: string | undefined;
}) {
  const { t } = useTranslation();
  const icon = icons[status];
  if (icon === undefined) return null;
  const words = statusWords(status, t);
  return (
    <span
      role="img"
      aria-label={words}
      title={detail ?? words}
      data-status={status}
      className={cx(
        'inline-flex shrink-0 icon-14',
        status === 'READ'
          ? 'text-tick-read'
          : status === 'FAILED'
            ? 'text-danger-ink'
            : quiet
              ? 'text-ink-3'
              : 'text-bubble-meta',
      )}
    >
      {icon}
    </span>
  );
}

export function statusWords(status: string, t: ReturnType<typeof useTranslation>['t']): string {
  switch (status) {
    case 'SCHEDULED':
      return t('inbox.status.scheduled');
    case 'PENDING':
      return t('inbox.status.pending');
    case 'SENT':
      return t('inbox.status.sent');
    case 'DELIVERED':
      return t('inbox.status.delivered');
    case 'READ':
      return t('inbox.status.read');
    case 'FAILED':
      return t('inbox.status.failed');
    default:
      return '';
  }
}
