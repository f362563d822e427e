import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '#api/context.ts';
import type { Json } from '#api/database.ts';
import { ApiFailure, asFailure, unwrap } from '#api/failure.ts';
import { newId } from '#api/newId.ts';
import { keys } from '#api/queryKeys.ts';
import { useMe } from '#app/session/sessionContext.ts';
import { knownConversation, putConversation, refreshCounts } from '../live/applyChanges.ts';
import type { ConversationItem } from '../model/conversation.ts';
import type { Attachment, ThreadMessage } from '../model/message.ts';
import { changeMessage, type MessagePages, removeMessage, upsertMessage } from '../thread/messagePages.ts';
import type { PendingFile } from './useAttachments.ts';

export interface Outgoing {
  text: string;
  files?: readonly PendingFile[];
  replyTo?: ThreadMessage | null;
  /** For templates: what features/messaging sends instead of the text. */
  template?: { name: string; language: string; variables: readonly string[] };
}

/** Sending, sending again and giving up. The message stands in the thread at once, with a clock until the server has it. */
export function useSendMessage(conversation: ConversationItem) {
  const api = useApi();
  const queryClient = useQueryClient();
  const me = useMe();
  const { t } = useTranslation();
  const { id } = conversation;

  return useMemo(() => {
    const context = { api, queryClient, me: me.id };
    const key = keys.messages(id);
    const update = (change: (pages: MessagePages) => MessagePages) =>
      queryClient.setQueryData<MessagePages>(key, (pages) => (pages === undefined ? pages : change(pages)));

    const deliver = async (message: ThreadMessage) => {
      try {
        const row = unwrap(
          await api.rpc('send_message', {
            p_conversation_id: id,
            ...(message.content === null ? {} : { p_content: message.content }),
            p_message_type: message.message_type,
            ...(message.client_id === null ? {} : { p_client_id: message.client_id }),
            ...(message.reply_to_id === null ? {} : { p_reply_to_id: message.reply_to_id }),
            p_attachments: message.attachments.map(toJson),
            p_metadata: message.metadata,
          }),
        );
        update((pages) => upsertMessage(pages, row));
      } catch (thrown) {
        const reason = asFailure(thrown);
        const words = reason.kind === 'offline' ? t('inbox.send.offline') : reason.message;
        update((pages) =>
          changeMessage(pages, message.id, (known) =>
            known.local === undefined ? known : { ...known, local: { phase: 'failed', reason: words } },
          ),
        );
      }
      void refreshCounts(context);
    };

    return {
      send(outgoing: Outgoing) {
        const message = composeLocal(outgoing, conversation, me.id);
        update((pages) => upsertMessage(pages, message));
        const known = knownConversation(context, id);
        if (known !== undefined) {
          putConversation(context, {
            ...known,
            last_message_at: message.created_at,
            last_message_preview: message.content?.replaceAll(/\s+/g, ' ').slice(0, 140) ?? null,
            last_message_direction: 'OUTBOUND',
            last_message_type: message.message_type,
            last_message_status: 'PENDING',
            waiting_since: null,
            unread_count: 0,
          });
        }
        void deliver(message);
      },

      /** Again: a message the server never took is sent anew under its own key, one the provider refused is queued anew. */
      async retry(message: ThreadMessage) {
        if (message.local !== undefined) {
          const again: ThreadMessage = { ...message, local: { phase: 'sending' } };
          update((pages) => changeMessage(pages, message.id, () => again));
          await deliver(again);
          return;
        }
        const { error_message: reason } = message;
        update((pages) =>
          changeMessage(pages, message.id, (known) => ({
            ...known,
            status: 'PENDING',
            error_message: null,
            error_code: null,
          })),
        );
        try {
          const rows = unwrap(
            await api.from('messages').update({ status: 'PENDING' }).eq('id', message.id).select('id'),
          );
          if (rows.length === 0) throw new ApiFailure('denied', t('inbox.action.notAllowed'));
        } catch (thrown) {
          update((pages) =>
            changeMessage(pages, message.id, (known) => ({
              ...known,
              status: 'FAILED',
              error_message: reason ?? asFailure(thrown).message,
            })),
          );
        }
      },

      discard(message: ThreadMessage) {
        update((pages) => removeMessage(pages, message.id));
      },
    };
  }, [api, queryClient, me.id, id, conversation, t]);
}

function composeLocal(
  { text, files = [], replyTo, template }: Outgoing,
  conversation: ConversationItem,
  me: string,
): ThreadMessage {
  const clientId = newId();
  const id = `local:${clientId}`;
  return {
    id,
    conversation_id: conversation.id,
    contact_id: conversation.contact_id,
    channel: conversation.channel_type,
    sender_id: me,
    sender_type: 'USER',
    direction: 'OUTBOUND',
    content: text.trim() === '' ? null : text.trim(),
    message_type: template !== undefined ? 'template' : (files[0]?.kind ?? 'text'),
    status: 'PENDING',
    external_id: null,
    client_id: clientId,
    reply_to_id: replyTo?.id ?? null,
    metadata: template === undefined ? {} : { template: { ...template, variables: [...template.variables] } },
    error_code: null,
    error_message: null,
    scheduled_at: null,
    sent_at: null,
    delivered_at: null,
    read_at: null,
    edited_at: null,
    deleted_at: null,
    created_at: new Date().toISOString(),
    attachments: files.map((file, index) => toAttachment(file, id, index + 1)),
    message_reactions: [],
    local: { phase: 'sending' },
  };
}

function toAttachment(file: PendingFile, messageId: string, position: number): Attachment {
  return {
    id: `local:${file.id}`,
    message_id: messageId,
    kind: file.kind,
    status: 'STORED',
    storage_path: file.state.phase === 'stored' ? file.state.path : null,
    mime_type: file.file.type || 'application/octet-stream',
    file_name: file.file.name,
    size_bytes: file.file.size,
    width: file.width,
    height: file.height,
    duration_seconds: file.duration,
    thumbnail_path: null,
    error_message: null,
    position,
    localUrl: file.localUrl,
  };
}

function toJson(attachment: Attachment): Json {
  return {
    kind: attachment.kind,
    storage_path: attachment.storage_path,
    mime_type: attachment.mime_type,
    file_name: attachment.file_name,
    size_bytes: attachment.size_bytes,
    width: attachment.width,
    height: attachment.height,
    duration_seconds: attachment.duration_seconds,
  };
}
