import { useInfiniteQuery } from '@tanstack/react-query';
import { Fragment, useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '#api/context.ts';
import { useNow } from '#app/clock/useNow.ts';
import { FailureState } from '#app/errors/ScreenError.tsx';
import { useTimeZone } from '#app/session/sessionContext.ts';
import type { ThreadMessage } from '#features/inbox/model/message.ts';
import { threadMessages } from '#features/inbox/thread/messagePages.ts';
import { messagesQuery } from '#features/inbox/thread/threadQueries.ts';
import { dayKey } from '#i18n/time.ts';
import { useFormat } from '#i18n/useFormat.ts';
import type { Person } from '../people/person.ts';
import type { Saying } from '../sandboxFunctions.ts';
import { type Speech, waitingUtterances } from '../useSpeech.ts';
import { Bubble } from './Bubble.tsx';
import { OpeningLines } from './OpeningLines.tsx';
import { PhoneComposer } from './PhoneComposer.tsx';
import { type Choice, chosenBelow, isCustomers, momentOf, phoneMessages, unreadIds } from './phoneMessages.ts';
import { useReadOnPhone } from './useReadOnPhone.ts';
import { WaitingBubble } from './WaitingBubble.tsx';
import { Wallpaper } from './Wallpaper.tsx';

const NOTHING: readonly ThreadMessage[] = [];

/** The chat with the business on one customer's phone. */
export function ChatScreen(props: { person: Person; channelId: string; business: string; speech: Speech }) {
  const { person, channelId, business, speech } = props;
  const { t } = useTranslation();
  const api = useApi();
  const thread = useInfiniteQuery({
    ...messagesQuery(api, person.conversationId ?? ''),
    enabled: person.conversationId !== null,
  });
  const stored = useMemo(() => (thread.data === undefined ? NOTHING : threadMessages(thread.data)), [thread.data]);
  const shown = useMemo(() => phoneMessages(stored), [stored]);
  const known = useMemo(() => new Set(stored.flatMap((message) => message.external_id ?? [])), [stored]);
  const waiting = waitingUtterances(speech.utterances, person.phone, known);
  const [replyTo, setReplyTo] = useState<ThreadMessage | null>(null);
  useReadOnPhone(
    { channel_account_id: channelId, phone: person.phone },
    useMemo(() => unreadIds(shown), [shown]),
  );

  const { speak } = speech;
  const say = useCallback((saying: Saying) => speak(person, saying), [speak, person]);
  const onReact = useCallback(
    (message: ThreadMessage, emoji: string | null) => {
      if (message.external_id !== null) say({ kind: 'reaction', message_id: message.external_id, emoji });
    },
    [say],
  );
  const onChoose = useCallback(
    (message: ThreadMessage, kind: 'button' | 'list', choice: Choice) => {
      if (message.external_id !== null)
        say({ kind, message_id: message.external_id, id: choice.id, title: choice.title });
    },
    [say],
  );
  const empty = shown.length === 0 && waiting.length === 0 && (person.conversationId === null || thread.isSuccess);

  return (
    <>
      <div className="relative min-h-0 flex-1">
        <Wallpaper />
        {/* Reversed once, so that the newest message stays in sight without a line of script. */}
        <div
          className="absolute inset-0 flex flex-col-reverse overflow-y-auto overscroll-contain px-3 py-2"
          data-testid="phone-chat"
        >
          {thread.isError ? (
            <FailureState error={thread.error} onRetry={() => void thread.refetch()} />
          ) : (
            <ol
              className="flex flex-col"
              aria-label={t('sandbox.phone.chatWith', { name: business })}
              aria-live="polite"
            >
              {thread.hasNextPage ? (
                <li className="flex justify-center py-1">
                  <button
                    type="button"
                    onClick={() => void thread.fetchNextPage()}
                    disabled={thread.isFetchingNextPage}
                    className={chipClass}
                  >
                    {t('sandbox.phone.earlier')}
                  </button>
                </li>
              ) : (
                <li className={`${chipClass} my-1 max-w-[86%] self-center text-center text-balance`}>
                  {t('sandbox.phone.simulated')}
                </li>
              )}
              <Messages {...{ shown, stored, business, onReact, onChoose }} onReply={setReplyTo} />
              {waiting.map((utterance, index) => (
                <WaitingBubble
                  key={utterance.key}
                  utterance={utterance}
                  first={index === 0 && (shown.length === 0 || !isCustomers(shown.at(-1) ?? { direction: 'OUTBOUND' }))}
                  onAgain={() => speech.again(person, utterance.key)}
                />
              ))}
              {empty ? <OpeningLines onPick={(text) => say({ kind: 'text', text })} /> : null}
            </ol>
          )}
        </div>
      </div>
      <PhoneComposer
        key={person.phone}
        business={business}
        replyTo={replyTo}
        onReplied={() => setReplyTo(null)}
        onSay={say}
      />
    </>
  );
}

const chipClass = 'rounded-control bg-(--phone-chip) px-2.5 py-1 text-12 phone-meta';

function Messages(props: {
  shown: readonly ThreadMessage[];
  stored: readonly ThreadMessage[];
  business: string;
  onReact: (message: ThreadMessage, emoji: string | null) => void;
  onReply: (message: ThreadMessage) => void;
  onChoose: (message: ThreadMessage, kind: 'button' | 'list', choice: Choice) => void;
}) {
  const { shown, stored, ...rest } = props;
  const format = useFormat();
  const now = useNow();
  const timeZone = useTimeZone();
  return shown.map((message, index) => {
    const previous = shown[index - 1];
    const day = dayKey(new Date(momentOf(message)), timeZone);
    const newDay = previous === undefined || dayKey(new Date(momentOf(previous)), timeZone) !== day;
    return (
      <Fragment key={message.id}>
        {newDay ? <li className={`${chipClass} my-1.5 self-center`}>{format.day(momentOf(message), now)}</li> : null}
        <Bubble
          {...rest}
          message={message}
          first={newDay || previous?.direction !== message.direction}
          quoted={message.reply_to_id === null ? undefined : stored.find((one) => one.id === message.reply_to_id)}
          chosen={chosenBelow(message, stored)}
        />
      </Fragment>
    );
  });
}
