import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '#api/context.ts';
import { asFailure } from '#api/failure.ts';
import { newId } from '#api/newId.ts';
import { useNotify } from '#design/useNotify.ts';
import type { Person } from './people/person.ts';
import { type Saying, say } from './sandboxFunctions.ts';
import { sandboxKeys } from './sandboxKeys.ts';

/** Something said on a phone that the business may not have yet. */
export interface Utterance {
  key: string;
  phone: string;
  saying: Saying;
  at: string;
  state: 'sending' | 'sent' | 'failed';
  reason: string | null;
  /** The provider's id, by which the stored message is recognised. */
  messageId: string | null;
}

export interface Speech {
  utterances: readonly Utterance[];
  speak(person: Person, saying: Saying): void;
  again(person: Person, key: string): void;
}

/** Saying things as a customer: they stand on the phone at once, and leave it one after the other. */
export function useSpeech(channelId: string): Speech {
  const api = useApi();
  const queryClient = useQueryClient();
  const notify = useNotify();
  const { t } = useTranslation();
  const [utterances, setUtterances] = useState<readonly Utterance[]>([]);
  const queues = useRef(new Map<string, Promise<void>>());

  const change = useCallback((key: string, changes: Partial<Utterance>) => {
    setUtterances((all) => all.map((one) => (one.key === key ? { ...one, ...changes } : one)));
  }, []);

  const send = useCallback(
    (person: Person, utterance: Utterance) => {
      const { key, phone, saying } = utterance;
      const before = queues.current.get(phone) ?? Promise.resolve();
      const turn = before.then(async () => {
        try {
          const name = person.contactId === null ? person.name : undefined;
          const messageId = await say(api, { channel_account_id: channelId, phone }, saying, name);
          change(key, { state: 'sent', messageId });
          void queryClient.invalidateQueries({ queryKey: sandboxKeys.lives(channelId) });
        } catch (thrown) {
          const failure = asFailure(thrown);
          const reason = failure.kind === 'offline' ? t('error.offlineTitle') : failure.message;
          change(key, { state: 'failed', reason });
          // Everything else says so in its own bubble.
          if (saying.kind === 'reaction') notify.failure(t('sandbox.phone.reactionFailed'), { reason });
        }
      });
      queues.current.set(phone, turn);
    },
    [api, channelId, change, notify, queryClient, t],
  );

  const speak = useCallback(
    (person: Person, saying: Saying) => {
      const utterance: Utterance = {
        key: newId(),
        phone: person.phone,
        saying,
        at: new Date().toISOString(),
        state: 'sending',
        reason: null,
        messageId: null,
      };
      setUtterances((all) => [...all, utterance]);
      send(person, utterance);
    },
    [send],
  );
  const again = useCallback(
    (person: Person, key: string) => {
      const utterance = utterances.find((one) => one.key === key);
      if (utterance === undefined) return;
      change(key, { state: 'sending', reason: null });
      send(person, utterance);
    },
    [utterances, change, send],
  );
  return useMemo(() => ({ utterances, speak, again }), [utterances, speak, again]);
}

/** Those of one phone that its thread does not show yet. A reaction has no place of its own in it. */
export function waitingUtterances(
  utterances: readonly Utterance[],
  phone: string,
  stored: ReadonlySet<string>,
): Utterance[] {
  return utterances.filter(
    (one) =>
      one.phone === phone && one.saying.kind !== 'reaction' && !(one.messageId !== null && stored.has(one.messageId)),
  );
}
