import { MessageSquareDot } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '#design/Button.tsx';

/** The customer has written since: read first, or send anyway (Enter once more). */
export function NewerMessageNotice({
  name,
  onSend,
  onCancel,
}: {
  name: string;
  onSend: () => void;
  onCancel: () => void;
}) {
  const { t } = useTranslation();
  return (
    <div
      role="alert"
      className="mx-2 mt-1.5 flex flex-wrap items-center gap-2 rounded-control bg-warning-soft px-2.5 py-1.5 text-13 text-warning-ink inset-ring inset-ring-warning-line"
    >
      <MessageSquareDot />
      <span className="min-w-0 flex-1">{t('inbox.composer.newer', { name })}</span>
      <Button size="sm" tone="ghost" onClick={onCancel}>
        {t('inbox.composer.newerReview')}
      </Button>
      <Button size="sm" onClick={onSend}>
        {t('inbox.composer.newerSend')}
      </Button>
    </div>
  );
}
