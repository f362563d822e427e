import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '#api/context.ts';
import { asFailure, succeed, unwrap } from '#api/failure.ts';
import { newId } from '#api/newId.ts';
import { keys } from '#api/queryKeys.ts';
import { useMe } from '#app/session/sessionContext.ts';
import { useNotify } from '#design/useNotify.ts';
import type { Note } from '../model/message.ts';
import { noteSelect } from '../model/message.ts';

/** Writing and deleting notes of a conversation or of a contact. Shown at once; taken back with the reason on failure. */
export function useNotes(place: { conversationId: string | null; contactId: string | null }) {
  const api = useApi();
  const queryClient = useQueryClient();
  const me = useMe();
  const { t } = useTranslation();
  const notify = useNotify();
  const { conversationId, contactId } = place;

  return useMemo(() => {
    const lists = [
      ...(conversationId === null ? [] : [keys.notes(conversationId)]),
      ...(contactId === null ? [] : [keys.contactNotes(contactId)]),
    ];
    const change = (edit: (notes: readonly Note[]) => readonly Note[]) => {
      for (const key of lists)
        queryClient.setQueryData<readonly Note[]>(key, (notes) => (notes === undefined ? notes : edit(notes)));
    };

    const add = async (content: string, mentions: readonly string[]): Promise<void> => {
      const moment = new Date().toISOString();
      const note: Note = {
        id: `local:${newId()}`,
        contact_id: contactId,
        conversation_id: conversationId,
        author_id: me.id,
        content,
        mentions: [...mentions],
        created_at: moment,
        updated_at: moment,
        author: { id: me.id, first_name: me.firstName, last_name: me.lastName, avatar_url: me.avatarUrl },
      };
      change((notes) => [...notes, note]);
      try {
        const saved = unwrap(
          await api
            .from('notes')
            .insert({
              content,
              mentions: [...mentions],
              ...(conversationId === null ? { contact_id: contactId } : { conversation_id: conversationId }),
            })
            .select(noteSelect)
            .single(),
        );
        change((notes) => [...notes.filter((one) => one.id !== note.id && one.id !== saved.id), saved]);
      } catch (thrown) {
        change((notes) => notes.filter((one) => one.id !== note.id));
        notify.failure(t('inbox.noteFailed'), {
          reason: asFailure(thrown).message,
          retry: { label: t('action.retry'), run: () => void add(content, mentions) },
        });
      }
    };

    const remove = async (note: Note): Promise<void> => {
      change((notes) => notes.filter((one) => one.id !== note.id));
      try {
        succeed(await api.from('notes').delete().eq('id', note.id));
        notify.undo(t('inbox.noteDeleted'), {
          label: t('action.undo'),
          run: () => void add(note.content, note.mentions),
        });
      } catch (thrown) {
        change((notes) => [...notes, note]);
        notify.failure(t('inbox.noteDeleteFailed'), { reason: asFailure(thrown).message });
      }
    };
    return { add, remove };
  }, [api, queryClient, me, conversationId, contactId, t, notify]);
}
