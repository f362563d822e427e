import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApi } from '#api/context.ts';
import { unwrap } from '#api/failure.ts';
import { keys } from '#api/queryKeys.ts';
import { useNow } from '#app/clock/useNow.ts';
import { Badge } from '#design/Badge.tsx';
import { ChannelBadge } from '#design/ChannelBadge.tsx';
import { useFormat } from '#i18n/useFormat.ts';
import { type ConversationItem, channelOf, conversationSelect, isClosed } from '../model/conversation.ts';
import { kindLabel } from '../model/messageKinds.tsx';
import { PanelEmpty, PanelSection } from './PanelSection.tsx';

/** Conversations of this person, newest first. */
export function useContactConversations(contactId: string) {
  const api = useApi();
  return useQuery({
    queryKey: keys.contactConversations(contactId),
    queryFn: async ({ signal }): Promise<ConversationItem[]> =>
      unwrap(
        await api
          .from('conversations')
          .select(conversationSelect)
          .eq('contact_id', contactId)
          .order('last_message_at', { ascending: false, nullsFirst: false })
          .limit(20)
          .abortSignal(signal),
      ),
  });
}

/** What was said before, elsewhere: the other conversations of the same person. */
export function HistorySection({ contactId, exceptId }: { contactId: string; exceptId: string | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const { data } = useContactConversations(contactId);
  const others = (data ?? []).filter((conversation) => conversation.id !== exceptId);
  return (
    <PanelSection id="history" title={exceptId === null ? t('inbox.history.all') : t('inbox.history.title')}>
      {data !== undefined && others.length === 0 ? <PanelEmpty>{t('inbox.history.none')}</PanelEmpty> : null}
      <ul className="-mx-1.5 flex flex-col">
        {others.map((conversation) => (
          <li key={conversation.id}>
            <Link
              to="/inbox/{-$conversationId}"
              params={{ conversationId: conversation.id }}
              className="flex min-h-9 items-center gap-2 rounded-control px-1.5 hover:bg-hover"
            >
              <ChannelBadge type={channelOf(conversation)} ring={false} />
              <span dir="auto" className="line-1 flex-1 text-ink-2 page-side">
                {conversation.last_message_preview ?? kindLabel(conversation.last_message_type ?? '', t)}
              </span>
              {isClosed(conversation) ? <Badge>{t('inbox.state.closed')}</Badge> : null}
              <span className="text-12 text-ink-3 tabular">
                {format.ago(conversation.last_message_at ?? conversation.created_at, now)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </PanelSection>
  );
}
