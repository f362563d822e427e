import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Command as Cmdk } from 'cmdk';
import { useDeferredValue } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '#api/context.ts';
import { Avatar } from '#design/Avatar.tsx';
import { ChannelBadge } from '#design/ChannelBadge.tsx';
import { conversationSearchQuery } from '#features/inbox/list/searchConversations.ts';
import { contactName } from '#features/inbox/model/conversation.ts';
import { paletteItemClass } from './CommandPalette.tsx';

/** People and messages that match what is typed in the palette. */
export function PaletteConversations({
  text,
  onDone,
  className,
}: {
  text: string;
  onDone: () => void;
  className: string;
}) {
  const { t } = useTranslation();
  const api = useApi();
  const navigate = useNavigate();
  const wanted = useDeferredValue(text.trim());
  const { data } = useQuery({
    ...conversationSearchQuery(api, wanted, 6),
    enabled: wanted.length >= 2,
    placeholderData: keepPreviousData,
  });
  if (wanted.length < 2 || data === undefined || data.length === 0) return null;
  return (
    <Cmdk.Group heading={t('shell.palette.conversations')} className={className}>
      {data.map(({ conversation, snippet }) => (
        <Cmdk.Item
          key={conversation.id}
          value={`found:${conversation.id}`}
          onSelect={() => {
            onDone();
            void navigate({ to: '/inbox/{-$conversationId}', params: { conversationId: conversation.id } });
          }}
          className={paletteItemClass}
        >
          <Avatar
            id={conversation.contact_id}
            name={contactName(conversation.contact, t)}
            src={conversation.contact?.avatar_url ?? null}
            size={20}
          />
          <span className="line-1 shrink-0" dir="auto">
            {contactName(conversation.contact, t)}
          </span>
          <span className="line-1 flex-1 text-ink-3" dir="auto">
            {(snippet ?? conversation.last_message_preview ?? '').replaceAll(/[«»]/g, '')}
          </span>
          <ChannelBadge type={conversation.channel_type ?? ''} ring={false} />
        </Cmdk.Item>
      ))}
    </Cmdk.Group>
  );
}
