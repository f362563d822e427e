import { useTranslation } from 'react-i18next';
import type { ThreadMessage } from '#features/inbox/model/message.ts';
import { kindLabel } from '#features/inbox/model/messageKinds.tsx';
import { isCustomers } from './phoneMessages.ts';

/** The message that another one answers, in two lines. */
export function QuotedMessage({ message, business }: { message: ThreadMessage; business: string }) {
  const { t } = useTranslation();
  const words =
    message.content === null || message.content === '' ? kindLabel(message.message_type, t) : message.content;
  return (
    <blockquote className="-mx-1 mb-1 min-w-0 rounded-control border-s-3 border-s-(--phone-green) bg-[color-mix(in_oklch,var(--phone-wall)_50%,transparent)] px-2 py-1 text-12">
      <bdi className="line-1 block font-strong text-(--phone-green)">
        {isCustomers(message) ? t('sandbox.phone.you') : business}
      </bdi>
      <span className="line-clamp-2 phone-meta [overflow-wrap:anywhere]" dir="auto">
        {words}
      </span>
    </blockquote>
  );
}
