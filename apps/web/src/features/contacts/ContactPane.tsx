import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { MessageSquarePlus, Pencil, Trash2, X } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '#api/context.ts';
import { FailureState } from '#app/errors/ScreenError.tsx';
import { useMe } from '#app/session/sessionContext.ts';
import { Button } from '#design/Button.tsx';
import { IconButton } from '#design/IconButton.tsx';
import { ContactIdentity } from '#features/inbox/context/ContactIdentity.tsx';
import { FieldSection } from '#features/inbox/context/FieldSection.tsx';
import { HistorySection } from '#features/inbox/context/HistorySection.tsx';
import { NoteSection } from '#features/inbox/context/NoteSection.tsx';
import { contactName } from '#features/inbox/model/conversation.ts';
import NewConversationDialog from '#features/inbox/NewConversationDialog.tsx';
import { contactQuery } from './contactQueries.ts';
import { DeleteContactsDialog } from './DeleteContactsDialog.tsx';

const ContactDialog = lazy(() => import('./ContactDialog.tsx'));

/** One contact beside the list. */
export function ContactPane({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const contact = useQuery(contactQuery(useApi(), id));
  const [layer, setLayer] = useState<'edit' | 'delete' | 'message' | null>(null);
  const close = () => setLayer(null);
  return (
    <aside aria-label={t('contacts.details')} data-testid="contact-details" className="flex h-full flex-col bg-surface">
      <div className="flex h-12 shrink-0 items-center gap-1 border-b border-line ps-4 pe-2">
        {contact.data === undefined ? null : (
          <>
            {me.can('can_send_messages') ? (
              <Button size="sm" icon={<MessageSquarePlus />} onClick={() => setLayer('message')}>
                {t('contacts.sendMessage')}
              </Button>
            ) : null}
            <IconButton
              label={t('contacts.edit')}
              icon={<Pencil />}
              className="ms-auto"
              onClick={() => setLayer('edit')}
            />
            {me.can('can_delete_data') ? (
              <IconButton label={t('contacts.delete')} icon={<Trash2 />} onClick={() => setLayer('delete')} />
            ) : null}
          </>
        )}
        <IconButton
          label={t('action.close')}
          icon={<X />}
          className={contact.data === undefined ? 'ms-auto' : ''}
          onClick={onClose}
        />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto">
        {contact.data !== undefined ? (
          <>
            <ContactIdentity contact={contact.data} channels={[]} />
            <FieldSection contact={contact.data} />
            <NoteSection key={id} contactId={id} conversationId={null} />
            <HistorySection contactId={id} exceptId={null} />
          </>
        ) : contact.error !== null ? (
          <FailureState error={contact.error} onRetry={() => void contact.refetch()} />
        ) : null}
      </div>
      <Suspense fallback={null}>
        {layer === 'edit' && contact.data !== undefined ? (
          <ContactDialog contact={contact.data} onClose={close} onSaved={close} />
        ) : null}
      </Suspense>
      {layer === 'delete' && contact.data !== undefined ? (
        <DeleteContactsDialog
          count={1}
          name={contactName(contact.data, t)}
          ids={() => Promise.resolve([id])}
          onClose={close}
          onDeleted={onClose}
        />
      ) : null}
      {layer === 'message' ? (
        <NewConversationDialog
          contactId={id}
          onClose={close}
          onStarted={(conversationId) => void navigate({ to: '/inbox/{-$conversationId}', params: { conversationId } })}
        />
      ) : null}
    </aside>
  );
}
