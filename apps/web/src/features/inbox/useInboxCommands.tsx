import {
  AlarmClock,
  Check,
  CheckCheck,
  CornerUpLeft,
  MailMinus,
  MessageSquarePlus,
  PanelRight,
  RotateCcw,
  Search,
  Star,
  StickyNote,
  Tag,
  UserRound,
  UserRoundCheck,
} from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Command } from '#app/commands/command.ts';
import { useCommands } from '#app/commands/useCommands.ts';
import { useMe } from '#app/session/sessionContext.ts';
import type { PickerKind } from './actions/PickerDialog.tsx';
import type { ConversationActions } from './actions/useConversationActions.ts';
import { COMPOSER_FIELD } from './composer/composerField.ts';
import { SEARCH_FIELD } from './list/searchField.ts';
import { type ConversationItem, isClosed } from './model/conversation.ts';

export interface InboxHandles {
  /** The row at the cursor, else the open conversation. */
  target: ConversationItem | undefined;
  hasOpen: boolean;
  actions: ConversationActions;
  move: (step: 1 | -1) => void;
  openCursor: () => void;
  pick: (kind: PickerKind) => void;
  closeAndNext: () => void;
  write: (mode: 'reply' | 'note') => void;
  toggleContext: () => void;
  newConversation: () => void;
}

/** The inbox by keyboard and by name (rule 15 of the interface). */
export function useInboxCommands(handles: InboxHandles): void {
  const { target, hasOpen, actions, move, openCursor, pick, closeAndNext, write, toggleContext, newConversation } =
    handles;
  const { t } = useTranslation();
  const me = useMe();

  const commands = useMemo((): Command[] => {
    const always: Command[] = [
      {
        id: 'list.next',
        title: t('inbox.command.next'),
        group: 'list',
        bindings: ['KeyJ'],
        keyOnly: true,
        run: () => move(1),
      },
      {
        id: 'list.previous',
        title: t('inbox.command.previous'),
        group: 'list',
        bindings: ['KeyK'],
        keyOnly: true,
        run: () => move(-1),
      },
      {
        id: 'list.open',
        title: t('inbox.command.open'),
        group: 'list',
        bindings: ['Enter'],
        keyOnly: true,
        run: openCursor,
      },
      {
        id: 'list.search',
        title: t('inbox.search'),
        group: 'list',
        icon: <Search />,
        bindings: ['Slash'],
        run: () => document.getElementById(SEARCH_FIELD)?.focus(),
      },
    ];
    if (me.can('can_send_messages')) {
      always.push({
        id: 'conversation.new',
        title: t('inbox.newConversation'),
        group: 'list',
        icon: <MessageSquarePlus />,
        bindings: ['KeyC'],
        run: newConversation,
      });
    }
    if (hasOpen) {
      always.push(
        {
          id: 'composer.reply',
          title: t('inbox.command.reply'),
          group: 'composer',
          icon: <CornerUpLeft className="mirror-rtl" />,
          bindings: ['KeyR'],
          run: () => write('reply'),
        },
        {
          id: 'composer.note',
          title: t('inbox.command.note'),
          group: 'composer',
          icon: <StickyNote />,
          bindings: ['KeyN'],
          run: () => write('note'),
        },
        {
          id: 'view.context',
          title: t('inbox.command.context'),
          group: 'view',
          icon: <PanelRight className="mirror-rtl" />,
          bindings: ['BracketRight'],
          run: toggleContext,
        },
      );
    }
    if (target === undefined) return always;
    const closed = isClosed(target);
    return [
      ...always,
      closed
        ? {
            id: 'conversation.close',
            title: t('inbox.reopenConversation'),
            group: 'conversation',
            icon: <RotateCcw />,
            bindings: ['KeyE'],
            run: () => actions.reopen(target),
          }
        : {
            id: 'conversation.close',
            title: t('inbox.closeConversation'),
            group: 'conversation',
            icon: <Check />,
            bindings: ['KeyE'],
            run: () => actions.close(target),
          },
      {
        id: 'conversation.closeNext',
        title: t('inbox.closeAndNext'),
        group: 'conversation',
        icon: <CheckCheck />,
        bindings: ['Shift+KeyE', 'Mod+Alt+KeyE'],
        run: closeAndNext,
      },
      {
        id: 'conversation.assign',
        title: t('inbox.command.assign'),
        group: 'conversation',
        icon: <UserRound />,
        bindings: ['KeyA'],
        run: () => pick('assign'),
      },
      {
        id: 'conversation.assignMe',
        title: t('inbox.command.assignMe'),
        group: 'conversation',
        icon: <UserRoundCheck />,
        bindings: ['Shift+KeyA'],
        run: () => actions.assign(target, me.id),
      },
      {
        id: 'conversation.snooze',
        title: t('inbox.command.snooze'),
        group: 'conversation',
        icon: <AlarmClock />,
        bindings: ['KeyS'],
        run: () => pick('snooze'),
      },
      {
        id: 'conversation.tags',
        title: t('inbox.command.tags'),
        group: 'conversation',
        icon: <Tag />,
        bindings: ['KeyL'],
        keywords: 'label tag',
        run: () => pick('tags'),
      },
      {
        id: 'conversation.important',
        title: target.is_important ? t('inbox.unmarkImportant') : t('inbox.markImportant'),
        group: 'conversation',
        icon: <Star />,
        bindings: ['Shift+KeyS'],
        keywords: 'star',
        run: () => actions.toggleImportant(target),
      },
      {
        id: 'conversation.unread',
        title: t('inbox.markUnread'),
        group: 'conversation',
        icon: <MailMinus />,
        bindings: ['KeyU'],
        run: () => actions.markUnread(target),
      },
    ];
  }, [t, me, target, hasOpen, actions, move, openCursor, pick, closeAndNext, write, toggleContext, newConversation]);
  useCommands(commands);
}

/** Puts the caret into the composer once it stands in the wanted mode. */
export function focusComposer(): void {
  requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById(COMPOSER_FIELD)?.focus()));
}
