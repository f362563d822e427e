import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ThreadMessage } from '#features/inbox/model/message.ts';
import { kindLabel } from '#features/inbox/model/messageKinds.tsx';
import { useFormat } from '#i18n/useFormat.ts';
import { BubbleContent } from './BubbleContent.tsx';
import { Choices } from './Choices.tsx';
import { DeliveryTick } from './DeliveryTick.tsx';
import { type Choice, choicesOf, isCustomers, momentOf } from './phoneMessages.ts';
import { QuotedMessage } from './QuotedMessage.tsx';
import { ReachOut } from './ReachOut.tsx';

export interface BubbleProps {
  message: ThreadMessage;
  /** The first of a run of messages by the same side. */
  first: boolean;
  quoted: ThreadMessage | undefined;
  chosen: string | null;
  business: string;
  onReact: (message: ThreadMessage, emoji: string | null) => void;
  onReply: (message: ThreadMessage) => void;
  onChoose: (message: ThreadMessage, kind: 'button' | 'list', choice: Choice) => void;
}

/** One message on the customer's phone: their own at the end side, the business's at the start side. */
export const Bubble = memo(function Bubble(props: BubbleProps) {
  const { message, first, quoted, chosen, business, onReact, onReply, onChoose } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const own = isCustomers(message);
  const moment = momentOf(message);
  const reactions = message.message_reactions.filter((reaction) => reaction.contact_id !== null);
  const choices = own ? null : choicesOf(message.metadata);
  const words = message.content ?? kindLabel(message.message_type, t);
  const stacked = message.attachments.length > 0 || message.message_type === 'location';
  // Messages from before the sandbox was there are unknown to the provider: nothing can point at them.
  const reachable = message.external_id !== null && message.deleted_at === null;
  return (
    <li
      data-own={own || undefined}
      data-first={first || undefined}
      data-testid="phone-message"
      className={`flex items-start gap-1 ${own ? 'flex-row-reverse' : ''} ${first ? 'mt-2' : 'mt-0.5'} ${choices === null ? '' : 'mb-1.5'}`}
    >
      <div className={`phone-column flex max-w-[84%] min-w-0 flex-col ${own ? 'items-end' : 'items-start'}`}>
        <div className="phone-bubble">
          {quoted === undefined ? null : <QuotedMessage message={quoted} business={business} />}
          {/* The time stands beside a short text and below everything else. */}
          <div className={stacked ? 'flex flex-col items-end' : 'flex flex-wrap items-end justify-end gap-x-2'}>
            <div className={stacked ? 'w-full min-w-0' : 'min-w-0 flex-auto'}>
              <BubbleContent message={message} />
            </div>
            <span className="flex h-4 shrink-0 items-center gap-0.5 text-11 tabular phone-meta">
              {message.edited_at === null ? null : <span>{t('sandbox.phone.edited')}</span>}
              <time dateTime={moment} title={format.exact(moment)}>
                {format.time(moment)}
              </time>
              {own ? <DeliveryTick state="arrived" /> : null}
            </span>
          </div>
        </div>
        {reactions.length === 0 ? null : (
          <span
            className="z-10 -mt-1.5 flex h-6 items-center rounded-full border-2 border-(--phone-wall) bg-(--phone-theirs) px-1.5 text-13"
            data-testid="phone-reaction"
          >
            {reactions.map((reaction) => reaction.emoji).join('')}
          </span>
        )}
        {choices === null ? null : (
          <Choices choices={choices} chosen={chosen} onChoose={(kind, choice) => onChoose(message, kind, choice)} />
        )}
      </div>
      {reachable ? (
        <ReachOut
          words={words.slice(0, 60)}
          own={reactions[0]?.emoji ?? null}
          onReact={(emoji) => onReact(message, emoji)}
          onReply={() => onReply(message)}
        />
      ) : null}
    </li>
  );
});
