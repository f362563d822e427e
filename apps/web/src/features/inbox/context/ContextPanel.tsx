import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ExternalLink, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useApi } from '#api/context.ts';
import { FailureState } from '#app/errors/ScreenError.tsx';
import { IconButton } from '#design/IconButton.tsx';
import { Skeleton } from '#design/Skeleton.tsx';
import { contactQuery } from '#features/contacts/contactQueries.ts';
import { channelName } from '../model/channelName.ts';
import { type ConversationItem, channelOf } from '../model/conversation.ts';
import { ContactIdentity } from './ContactIdentity.tsx';
import { DealSection } from './DealSection.tsx';
import { FieldSection } from './FieldSection.tsx';
import { HistorySection, useContactConversations } from './HistorySection.tsx';
import { NoteSection } from './NoteSection.tsx';
import { TaskSection } from './TaskSection.tsx';

/** Who one is talking to: identity and channels, deal, next task, fields, notes, earlier conversations, in this order. */
export function ContextPanel({ item, onClose }: { item: ConversationItem; onClose: () => void }) {
  const { t } = useTranslation();
  const contact = useQuery(contactQuery(useApi(), item.contact_id));
  const { data: conversations = [item] } = useContactConversations(item.contact_id);
  const channels = [
    ...new Map(
      conversations.map((conversation) => {
        const type = channelOf(conversation);
        const name = conversation.channel_account?.name ?? channelName(type, t);
        return [type + name, { type, name }];
      }),
    ).values(),
  ];
  return (
    <aside aria-label={t('inbox.context.label')} className="flex h-full min-w-0 flex-col bg-surface text-13">
      <div className="flex h-12 shrink-0 items-center gap-1 border-b border-line ps-4 pe-2">
        <h2 className="flex-1 font-medium text-ink-2">{t('inbox.context.title')}</h2>
        <Link
          to="/contacts/{-$contactId}"
          params={{ contactId: item.contact_id }}
          aria-label={t('inbox.context.open')}
          title={t('inbox.context.open')}
          className="flex size-8 items-center justify-center rounded-control text-ink-2 hover:bg-hover hover:text-ink"
        >
          <ExternalLink className="mirror-rtl" />
        </Link>
        <IconButton label={t('inbox.hideContext')} icon={<X />} onClick={onClose} />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto">
        {contact.data !== undefined ? (
          <>
            <ContactIdentity contact={contact.data} channels={channels} />
            <DealSection key={`deal${item.id}`} contactId={item.contact_id} conversationId={item.id} />
            <TaskSection key={`task${item.id}`} contactId={item.contact_id} conversationId={item.id} />
            <FieldSection contact={contact.data} />
            <NoteSection key={`note${item.id}`} contactId={item.contact_id} conversationId={item.id} />
            <HistorySection contactId={item.contact_id} exceptId={item.id} />
          </>
        ) : contact.error !== null ? (
          <FailureState error={contact.error} onRetry={() => void contact.refetch()} />
        ) : (
          <PanelSkeleton />
        )}
      </div>
    </aside>
  );
}

function PanelSkeleton() {
  return (
    <div aria-hidden="true" className="flex flex-col gap-3 p-4">
      <div className="flex items-center gap-3">
        <Skeleton className="size-10 rounded-full" />
        <Skeleton className="h-4 w-32" />
      </div>
      <Skeleton className="h-4 w-44" />
      <Skeleton className="h-4 w-52" />
      <Skeleton className="mt-4 h-20" />
      <Skeleton className="h-16" />
    </div>
  );
}
