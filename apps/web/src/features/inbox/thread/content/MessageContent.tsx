import { Ban, CircleHelp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ThreadMessage } from '../../model/message.ts';
import { kindLabel } from '../../model/messageKinds.tsx';
import { fieldsAt, textAt } from '../../model/metadata.ts';
import { Attachments } from './Attachments.tsx';
import { RichText } from './RichText.tsx';
import { ContactCards, InteractiveExtras, OrderCard, PlaceCard, ReferralLine } from './Structured.tsx';

/** Channels whose text carries marks such as *bold*. */
const FORMATTED = ['WHATSAPP_CLOUD', 'WHATSAPP_LITE', 'TELEGRAM', 'WEB_CHAT'];

/** What a message says, by its type. A type that is not known shows its words, never nothing. */
export function MessageContent({ message }: { message: ThreadMessage }) {
  const { t } = useTranslation();
  const formatting = FORMATTED.includes(message.channel ?? '');

  if (message.deleted_at !== null) {
    return (
      <p className="flex items-center gap-1.5 text-13 text-ink-3 italic icon-14">
        <Ban />
        {t('inbox.deletedMessage')}
      </p>
    );
  }
  const words =
    message.content === null || message.content === '' ? null : (
      <RichText text={message.content} formatting={formatting} />
    );
  switch (message.message_type) {
    case 'location':
      return <PlaceCard message={message} />;
    case 'contacts':
      return <ContactCards message={message} />;
    case 'order':
      return <OrderCard message={message} />;
    case 'interactive':
      return (
        <>
          {words}
          <InteractiveExtras message={message} />
        </>
      );
    case 'unsupported': {
      const unsupported = fieldsAt(message.metadata, 'unsupported');
      const kind = unsupported === null ? null : textAt(unsupported, 'provider_type');
      return (
        <p
          className="flex items-start gap-1.5 text-13 text-ink-2 icon-14"
          title={unsupported === null ? undefined : (textAt(unsupported, 'reason') ?? undefined)}
        >
          <CircleHelp className="mt-0.5" />
          {kind === null ? t('inbox.unsupported') : t('inbox.unsupportedKind', { kind })}
        </p>
      );
    }
    case 'email': {
      const email = fieldsAt(message.metadata, 'email');
      const subject = email === null ? null : textAt(email, 'subject');
      return (
        <>
          {subject === null ? null : (
            <p dir="auto" className="mb-1 text-14 font-strong">
              {subject}
            </p>
          )}
          {words}
          {message.attachments.length > 0 ? <Attachments message={message} /> : null}
        </>
      );
    }
    default:
      return (
        <>
          <ReferralLine message={message} />
          {message.attachments.length > 0 ? (
            <div className={words === null ? undefined : 'mb-1.5'}>
              <Attachments message={message} />
            </div>
          ) : null}
          {words ??
            (message.attachments.length === 0 ? (
              <p className="text-13 text-ink-2">{kindLabel(message.message_type, t)}</p>
            ) : null)}
        </>
      );
  }
}
