import { Ban } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ThreadMessage } from '#features/inbox/model/message.ts';
import { kindLabel } from '#features/inbox/model/messageKinds.tsx';
import { placeOf } from '#features/inbox/model/metadata.ts';
import { MessageContent } from '#features/inbox/thread/content/MessageContent.tsx';
import { RichText } from '#features/inbox/thread/content/RichText.tsx';
import { BubbleFiles } from './BubbleFiles.tsx';
import { PlaceCard } from './PlaceCard.tsx';
import { choicesOf, isCustomers } from './phoneMessages.ts';

/** What a message says, as the customer's app shows it. */
export function BubbleContent({ message }: { message: ThreadMessage }) {
  const { t } = useTranslation();
  if (message.deleted_at !== null && isCustomers(message)) {
    return (
      <p className="flex items-center gap-1.5 text-13 italic phone-meta icon-14">
        <Ban />
        {t('sandbox.phone.deleted')}
      </p>
    );
  }
  const words =
    message.content === null || message.content === '' ? null : <RichText text={message.content} formatting />;
  switch (message.message_type) {
    case 'contacts':
    case 'order':
    case 'unsupported':
      return <MessageContent message={message} />;
    case 'location': {
      const place = placeOf(message.metadata);
      return place === null ? (
        words
      ) : (
        <PlaceCard name={place.name ?? t('inbox.kind.location')} address={place.address} />
      );
    }
    default: {
      const footer = choicesOf(message.metadata)?.footer ?? null;
      return (
        <>
          <BubbleFiles files={message.attachments} />
          {words ??
            (message.attachments.length === 0 ? (
              <p className="text-13 phone-meta">{kindLabel(message.message_type, t)}</p>
            ) : null)}
          {footer === null ? null : <bdi className="block text-12 phone-meta">{footer}</bdi>}
        </>
      );
    }
  }
}
