import { useMutation, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '#api/context.ts';
import { asFailure, unwrap } from '#api/failure.ts';
import { Avatar } from '#design/Avatar.tsx';
import { Button } from '#design/Button.tsx';
import { ChannelBadge } from '#design/ChannelBadge.tsx';
import { cx } from '#design/cx.ts';
import { Dialog } from '#design/Dialog.tsx';
import { Field } from '#design/Field.tsx';
import { Input } from '#design/Input.tsx';
import { Select } from '#design/Select.tsx';
import { useChannels } from './filter/useChannels.ts';
import { contactName } from './model/conversation.ts';

const MOST = 8;

/** Starts a conversation with somebody known, or goes to the one that is already there. */
export default function NewConversationDialog(props: {
  onClose: () => void;
  onStarted: (id: string) => void;
  contactId?: string;
}) {
  const { onClose, onStarted } = props;
  const { t } = useTranslation();
  const api = useApi();
  const [text, setText] = useState('');
  const [contactId, setContactId] = useState<string | null>(props.contactId ?? null);
  const [chosenChannel, setChannel] = useState<string | null>(null);
  const wanted = useDeferredValue(text.trim());
  const { data: channels = [] } = useChannels();
  const usable = channels.filter((channel) => channel.is_active);
  const channelId = chosenChannel ?? usable[0]?.id ?? '';
  const people = useQuery({
    queryKey: ['contacts', 'pick', wanted],
    queryFn: async ({ signal }) => {
      const columns = 'id,first_name,last_name,full_name,phones,emails,avatar_url';
      const query =
        wanted === ''
          ? api.from('contacts').select(columns).order('last_contacted_at', { ascending: false, nullsFirst: false })
          : api.rpc('search_contacts', { p_query: wanted }).select(columns);
      return unwrap(await query.limit(MOST).abortSignal(signal));
    },
    placeholderData: (before) => before,
  });
  const start = useMutation({
    mutationFn: async () =>
      unwrap(await api.rpc('start_conversation', { p_contact_id: contactId ?? '', p_channel_account_id: channelId })),
    onSuccess: (conversation) => onStarted(conversation.id),
  });

  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={t('inbox.new.title')}
      description={t('inbox.new.hint')}
      footer={
        <Button
          tone="primary"
          busy={start.isPending}
          disabled={contactId === null || channelId === ''}
          onClick={() => start.mutate()}
        >
          {t('inbox.new.start')}
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={t('inbox.new.contact')} error={start.error === null ? undefined : asFailure(start.error).message}>
          {(control) => (
            <Input
              {...control}
              value={text}
              placeholder={t('inbox.new.search')}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <ul aria-label={t('inbox.new.contact')} className="-mt-2 flex min-h-64 flex-col gap-px">
          {(people.data ?? []).map((contact) => (
            <li key={contact.id}>
              <button
                type="button"
                aria-pressed={contact.id === contactId}
                onClick={() => setContactId(contact.id)}
                className={cx(
                  'flex h-9 w-full items-center gap-2.5 rounded-control px-2 text-start',
                  contact.id === contactId ? 'bg-selected' : 'hover:bg-hover',
                )}
              >
                <Avatar id={contact.id} name={contactName(contact, t)} src={contact.avatar_url} size={24} />
                <span dir="auto" className="line-1 flex-1 page-side">
                  {contactName(contact, t)}
                </span>
                <span className="line-1 text-12 text-ink-3 tabular" dir="ltr">
                  {contact.phones[0] ?? contact.emails[0] ?? ''}
                </span>
              </button>
            </li>
          ))}
          {people.data !== undefined && people.data.length === 0 ? (
            <li className="py-6 text-center text-ink-3">{t('inbox.new.nobody')}</li>
          ) : null}
        </ul>
        <Field label={t('inbox.new.channel')}>
          {(control) => (
            <Select
              control={control}
              value={channelId}
              onChange={setChannel}
              placeholder={t('inbox.empty.notConnectedTitle')}
              disabled={usable.length === 0}
              options={usable.map((channel) => ({
                value: channel.id,
                label: channel.name,
                icon: <ChannelBadge type={channel.type} ring={false} />,
              }))}
            />
          )}
        </Field>
      </div>
    </Dialog>
  );
}
