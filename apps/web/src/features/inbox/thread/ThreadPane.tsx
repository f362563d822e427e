import { TextSearch, Upload } from 'lucide-react';
import { type DragEvent, useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommands } from '#app/commands/useCommands.ts';
import type { ConversationActions } from '../actions/useConversationActions.ts';
import { Composer } from '../composer/Composer.tsx';
import { limitsOf } from '../composer/channelLimits.ts';
import type { DraftMode } from '../composer/draftStore.ts';
import { useAttachments } from '../composer/useAttachments.ts';
import { useNotes } from '../composer/useNotes.ts';
import { useSendMessage } from '../composer/useSendMessage.ts';
import { type ConversationItem, channelOf } from '../model/conversation.ts';
import type { Note, ThreadMessage } from '../model/message.ts';
import { FindBar } from './FindBar.tsx';
import type { FoundMessage } from './findMessages.ts';
import { FindWords } from './findWords.ts';
import { PresenceLine } from './PresenceLine.tsx';
import { ThreadHeader } from './ThreadHeader.tsx';
import { ThreadMessages } from './ThreadMessages.tsx';
import { useMarkRead } from './useMarkRead.ts';
import { usePresence } from './usePresence.ts';

export interface ThreadPaneProps {
  item: ConversationItem;
  actions: ConversationActions;
  mode: DraftMode;
  onMode: (mode: DraftMode) => void;
  onBack: () => void;
  onCloseAndNext: () => void;
  contextOpen: boolean;
  onToggleContext: () => void;
}

/** One conversation: head, messages, composer. Mounted anew for each, so that nothing of one is left in the next. */
export function ThreadPane(props: ThreadPaneProps) {
  const { item, actions, mode, onMode, onBack, onCloseAndNext, contextOpen, onToggleContext } = props;
  const [readUpTo] = useState(() => (item.unread_count > 0 ? item.last_read_at : null));
  const find = useFind();
  const [replyTo, setReplyTo] = useState<ThreadMessage | null>(null);
  const tray = useAttachments(item.id, channelOf(item));
  const notes = useNotes({ conversationId: item.id, contactId: item.contact_id });
  const sending = useSendMessage(item);
  const presence = usePresence(item.id);
  const markRead = useMarkRead(item.id);
  const drop = useFileDrop((files) => {
    onMode('reply');
    tray.add(files);
  });

  const onReply = useCallback(
    (message: ThreadMessage) => {
      setReplyTo(message);
      onMode('reply');
    },
    [onMode],
  );
  const onRetry = useCallback((message: ThreadMessage) => void sending.retry(message), [sending]);
  const onDeleteNote = useCallback((note: Note) => void notes.remove(note), [notes]);

  return (
    <div className="relative flex h-full min-w-0 flex-col bg-surface" {...drop.handlers}>
      <ThreadHeader
        item={item}
        actions={actions}
        onBack={onBack}
        onCloseAndNext={onCloseAndNext}
        contextOpen={contextOpen}
        onToggleContext={onToggleContext}
        onFind={find.open}
      />
      {find.isOpen ? (
        <FindBar conversationId={item.id} onWords={find.setWords} onShow={find.setWanted} onClose={find.close} />
      ) : null}
      <FindWords value={find.words}>
        <ThreadMessages
          conversation={item}
          readUpTo={readUpTo}
          canReply={limitsOf(channelOf(item)).replies}
          onReply={onReply}
          onRetry={onRetry}
          onDiscard={sending.discard}
          onDeleteNote={onDeleteNote}
          onSeen={markRead}
          wanted={find.wanted}
        />
      </FindWords>
      <PresenceLine others={presence.others} />
      <Composer
        conversation={item}
        mode={mode}
        onMode={onMode}
        replyTo={replyTo}
        onReplyTo={setReplyTo}
        tray={tray}
        onSend={sending.send}
        onNote={(text, mentions) => void notes.add(text, mentions)}
        onTyping={presence.onTyping}
        stopTyping={presence.stopTyping}
      />
      {drop.over ? <DropHint /> : null}
    </div>
  );
}

/** The search inside this thread, opened from the menu or by its key. */
function useFind() {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const [words, setWords] = useState('');
  const [wanted, setWanted] = useState<FoundMessage | null>(null);
  const open = useCallback(() => setOpen(true), []);
  const close = useCallback(() => {
    setOpen(false);
    setWords('');
    setWanted(null);
  }, []);
  useCommands(
    useMemo(
      () => [
        {
          id: 'conversation.find',
          title: t('inbox.find.label'),
          group: 'conversation' as const,
          icon: <TextSearch />,
          bindings: ['KeyF'],
          run: open,
        },
      ],
      [t, open],
    ),
  );
  return { isOpen, words, wanted, open, close, setWords, setWanted };
}

/** Files dragged over the thread from outside. */
function useFileDrop(onFiles: (files: readonly File[]) => void) {
  const [over, setOver] = useState(false);
  const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files');
  return {
    over,
    handlers: {
      onDragOver: (event: DragEvent) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(true);
      },
      onDragLeave: (event: DragEvent) => {
        const into = event.relatedTarget;
        if (!(into instanceof Node) || !event.currentTarget.contains(into)) setOver(false);
      },
      onDrop: (event: DragEvent) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(false);
        onFiles([...event.dataTransfer.files]);
      },
    },
  };
}

function DropHint() {
  const { t } = useTranslation();
  return (
    <div className="pointer-events-none absolute inset-2 z-30 flex items-center justify-center gap-2 rounded-panel border-2 border-dashed border-accent bg-accent-soft/90 font-medium text-accent-ink">
      <Upload />
      {t('inbox.dropFiles')}
    </div>
  );
}
