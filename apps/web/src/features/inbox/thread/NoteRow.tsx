import { Lock, Trash2 } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { memberName } from '#app/session/me.ts';
import { Avatar } from '#design/Avatar.tsx';
import { IconButton } from '#design/IconButton.tsx';
import { useFormat } from '#i18n/useFormat.ts';
import type { Note } from '../model/message.ts';
import { MentionText } from './MentionText.tsx';

/** A note among the messages: full width of its own, its own ground, a lock and the words "only your team". */
export const NoteRow = memo(function NoteRow({
  note,
  canDelete,
  onDelete,
}: {
  note: Note;
  canDelete: boolean;
  onDelete: (note: Note) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const name = note.author === null ? t('inbox.formerMember') : memberName(note.author);
  return (
    <div data-testid="note" className="group/note px-4 py-1">
      <div className="rounded-panel border border-dashed border-note-line bg-note px-3 py-2">
        <p className="relative flex items-center gap-1.5 text-12 text-note-ink icon-14">
          <Avatar id={note.author_id ?? 'former'} name={name} src={note.author?.avatar_url ?? null} size={16} />
          <bdi className="font-medium">{name}</bdi>
          <Lock aria-hidden="true" />
          <span>{t('inbox.noteLabel')}</span>
          <time dateTime={note.created_at} title={format.exact(note.created_at)} className="ms-auto tabular">
            {format.time(note.created_at)}
          </time>
          {canDelete ? (
            <IconButton
              size="sm"
              label={t('inbox.deleteNote')}
              icon={<Trash2 className="icon-14" />}
              className="absolute -end-1.5 bg-note opacity-0 group-hover/note:opacity-100 focus-visible:opacity-100"
              onClick={() => onDelete(note)}
            />
          ) : null}
        </p>
        <p dir="auto" className="mt-1 text-14 whitespace-pre-wrap [overflow-wrap:anywhere]">
          <MentionText text={note.content} />
        </p>
      </div>
    </div>
  );
});
