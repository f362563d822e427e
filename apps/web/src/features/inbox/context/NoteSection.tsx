import { useQuery } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '#api/context.ts';
import { unwrap } from '#api/failure.ts';
import { keys } from '#api/queryKeys.ts';
import { useNow } from '#app/clock/useNow.ts';
import { memberName } from '#app/session/me.ts';
import { useMe } from '#app/session/sessionContext.ts';
import { Button } from '#design/Button.tsx';
import { IconButton } from '#design/IconButton.tsx';
import { Textarea } from '#design/Input.tsx';
import { useFormat } from '#i18n/useFormat.ts';
import { useNotes } from '../composer/useNotes.ts';
import { type Note, noteSelect } from '../model/message.ts';
import { MentionText } from '../thread/MentionText.tsx';
import { PanelEmpty, PanelSection } from './PanelSection.tsx';

/** All notes about the person, whichever conversation they were written in. Newest first. */
export function NoteSection({ contactId, conversationId }: { contactId: string; conversationId: string | null }) {
  const { t } = useTranslation();
  const api = useApi();
  const me = useMe();
  const now = useNow();
  const format = useFormat();
  const notes = useNotes({ conversationId, contactId });
  const [text, setText] = useState('');
  const { data } = useQuery({
    queryKey: keys.contactNotes(contactId),
    queryFn: async ({ signal }): Promise<Note[]> =>
      unwrap(
        await api
          .from('notes')
          .select(noteSelect)
          .eq('contact_id', contactId)
          .order('created_at', { ascending: false })
          .limit(50)
          .abortSignal(signal),
      ),
  });
  const sorted = [...(data ?? [])].sort((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === '') return;
    void notes.add(text.trim(), []);
    setText('');
  };
  return (
    <PanelSection id="notes" title={t('inbox.notes.title')}>
      <form onSubmit={submit} className="mb-2 flex flex-col gap-1.5">
        <Textarea
          rows={text === '' ? 1 : 3}
          value={text}
          className="resize-none"
          aria-label={t('inbox.notes.add')}
          placeholder={t('inbox.notes.add')}
          onChange={(event) => setText(event.target.value)}
        />
        {text.trim() === '' ? null : (
          <Button type="submit" className="self-end">
            {t('inbox.composer.addNote')}
          </Button>
        )}
      </form>
      {data !== undefined && sorted.length === 0 ? <PanelEmpty>{t('inbox.notes.none')}</PanelEmpty> : null}
      <ul className="flex flex-col gap-2">
        {sorted.slice(0, 10).map((note) => (
          <li key={note.id} className="group/note rounded-control bg-note px-2.5 py-1.5">
            <p className="flex items-center gap-1.5 text-12 text-note-ink">
              <bdi className="line-1 font-medium">
                {note.author === null ? t('inbox.formerMember') : memberName(note.author)}
              </bdi>
              <time dateTime={note.created_at} title={format.exact(note.created_at)} className="tabular">
                {format.ago(note.created_at, now)}
              </time>
              {note.author_id === me.id || me.can('can_delete_data') ? (
                <IconButton
                  size="sm"
                  label={t('inbox.deleteNote')}
                  icon={<Trash2 className="icon-14" />}
                  className="-my-1 ms-auto opacity-0 group-hover/note:opacity-100 focus-visible:opacity-100"
                  onClick={() => void notes.remove(note)}
                />
              ) : null}
            </p>
            <p dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
              <MentionText text={note.content} />
            </p>
          </li>
        ))}
      </ul>
    </PanelSection>
  );
}
