import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useApi } from '#api/context.ts';
import { isInbound, type ThreadMessage } from '../model/message.ts';
import { kindIcon, kindLabel } from '../model/messageKinds.tsx';
import { quotedMessageQuery } from './threadQueries.ts';

/** The message that is being answered. Loaded by itself when it is older than what the thread has. */
export function Quote(props: {
  id: string;
  known: ThreadMessage | undefined;
  contactName: string;
  onJump: (id: string) => void;
}) {
  const { id, known, contactName, onJump } = props;
  const { t } = useTranslation();
  const { data } = useQuery({ ...quotedMessageQuery(useApi(), id), enabled: known === undefined });
  const quoted = known ?? data;
  return (
    <button
      type="button"
      onClick={() => onJump(id)}
      className="mb-1 block w-full min-w-0 rounded-control border-s-2 border-accent bg-surface/60 px-2 py-1 text-start text-12 hover:bg-surface"
    >
      <span className="line-1 block font-medium text-accent-ink" dir="auto">
        {quoted === undefined ? t('inbox.quote.loading') : isInbound(quoted) ? contactName : t('inbox.you')}
      </span>
      {quoted === undefined ? null : <QuoteText message={quoted} />}
    </button>
  );
}

export function QuoteText({ message }: { message: ThreadMessage }) {
  const { t } = useTranslation();
  const icon = kindIcon(message.message_type);
  return (
    <span className="flex min-w-0 items-center gap-1 text-ink-2 icon-14">
      {icon}
      <bdi className="line-1">{message.content ?? kindLabel(message.message_type, t)}</bdi>
    </span>
  );
}
