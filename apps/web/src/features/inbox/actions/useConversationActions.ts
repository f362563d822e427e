import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '#api/context.ts';
import type { Changes } from '#api/database.ts';
import { ApiFailure, asFailure, unwrap } from '#api/failure.ts';
import { memberName } from '#app/session/me.ts';
import { useMe } from '#app/session/sessionContext.ts';
import { useMembers } from '#app/session/useMembers.ts';
import { useNotify } from '#design/useNotify.ts';
import { useFormat } from '#i18n/useFormat.ts';
import { knownConversation, type LiveContext, putConversation, refreshCounts } from '../live/applyChanges.ts';
import { type ConversationItem, contactName, isClosed } from '../model/conversation.ts';

type ConversationChanges = Pick<
  Changes<'conversations'>,
  'assignee_id' | 'status' | 'snoozed_until' | 'is_important' | 'tags' | 'unread_count'
>;

export interface ConversationActions {
  assign(item: ConversationItem, assigneeId: string | null): void;
  close(item: ConversationItem): void;
  reopen(item: ConversationItem): void;
  setPending(item: ConversationItem): void;
  snooze(item: ConversationItem, until: Date): void;
  unsnooze(item: ConversationItem): void;
  toggleImportant(item: ConversationItem): void;
  setTags(item: ConversationItem, tags: readonly string[]): void;
  markUnread(item: ConversationItem): void;
}

/** Everything an agent does to a conversation. Shown at once, taken back with the reason when the server says no. */
export function useConversationActions(): ConversationActions {
  const api = useApi();
  const queryClient = useQueryClient();
  const me = useMe();
  const { byId } = useMembers();
  const { t } = useTranslation();
  const notify = useNotify();
  const format = useFormat();

  return useMemo(() => {
    const context: LiveContext = { api, queryClient, me: me.id };

    const change = async (
      item: ConversationItem,
      changes: ConversationChanges,
      words: { done?: string; failed: string },
    ) => {
      const before = knownConversation(context, item.id) ?? item;
      const assignee =
        changes.assignee_id === undefined ? before.assignee : (byId.get(changes.assignee_id ?? '') ?? null);
      putConversation(context, { ...before, ...changes, assignee });
      const restore: ConversationChanges = {};
      for (const key of Object.keys(changes)) copyField(before, restore, key);
      if (words.done !== undefined) {
        notify.undo(words.done, {
          label: t('action.undo'),
          run: () => void change(before, restore, { failed: t('inbox.action.undoFailed') }),
        });
      }
      try {
        const rows = unwrap(await api.from('conversations').update(changes).eq('id', item.id).select('id'));
        if (rows.length === 0) throw new ApiFailure('denied', t('inbox.action.notAllowed'));
      } catch (thrown) {
        const now = knownConversation(context, item.id) ?? before;
        putConversation(context, { ...now, ...restore, assignee: before.assignee });
        notify.failure(words.failed, {
          reason: asFailure(thrown).message,
          retry: { label: t('action.retry'), run: () => void change(item, changes, words) },
        });
      }
      void refreshCounts(context);
    };

    const name = (item: ConversationItem) => contactName(item.contact, t);
    return {
      assign(item, assigneeId) {
        if (item.assignee_id === assigneeId) return;
        const member = assigneeId === null ? undefined : byId.get(assigneeId);
        const done =
          assigneeId === null
            ? t('inbox.action.unassigned', { name: name(item) })
            : assigneeId === me.id
              ? t('inbox.action.assignedToMe', { name: name(item) })
              : t('inbox.action.assignedTo', {
                  name: name(item),
                  member: member === undefined ? '' : memberName(member),
                });
        void change(item, { assignee_id: assigneeId }, { done, failed: t('inbox.action.assignFailed') });
      },
      close(item) {
        if (isClosed(item)) return;
        void change(
          item,
          { status: 'CLOSED', snoozed_until: null },
          { done: t('inbox.action.closed', { name: name(item) }), failed: t('inbox.action.closeFailed') },
        );
      },
      reopen(item) {
        void change(
          item,
          { status: 'OPEN', snoozed_until: null },
          { done: t('inbox.action.reopened', { name: name(item) }), failed: t('inbox.action.reopenFailed') },
        );
      },
      setPending(item) {
        void change(
          item,
          { status: 'PENDING' },
          { done: t('inbox.action.pending', { name: name(item) }), failed: t('inbox.action.statusFailed') },
        );
      },
      snooze(item, until) {
        void change(
          item,
          { snoozed_until: until.toISOString() },
          {
            done: t('inbox.action.snoozed', { name: name(item), until: format.exact(until.toISOString()) }),
            failed: t('inbox.action.snoozeFailed'),
          },
        );
      },
      unsnooze(item) {
        void change(item, { snoozed_until: null }, { failed: t('inbox.action.snoozeFailed') });
      },
      toggleImportant(item) {
        void change(item, { is_important: !item.is_important }, { failed: t('inbox.action.importantFailed') });
      },
      setTags(item, tags) {
        void change(item, { tags: [...tags] }, { failed: t('inbox.action.tagsFailed') });
      },
      markUnread(item) {
        const before = knownConversation(context, item.id) ?? item;
        putConversation(context, { ...before, unread_count: Math.max(1, before.unread_count) });
        api.rpc('mark_conversation_unread', { p_conversation_id: item.id }).then(
          (answer) => {
            if (answer.error === null) return;
            putConversation(context, before);
            notify.failure(t('inbox.action.unreadFailed'), { reason: answer.error.message });
          },
          () => putConversation(context, before),
        );
      },
    };
  }, [api, queryClient, me.id, byId, t, notify, format]);
}

/** Typed copy of one column, for remembering what to put back. */
function copyField(from: ConversationItem, to: ConversationChanges, key: string): void {
  if (key === 'assignee_id') to.assignee_id = from.assignee_id;
  else if (key === 'status') to.status = from.status;
  else if (key === 'snoozed_until') to.snoozed_until = from.snoozed_until;
  else if (key === 'is_important') to.is_important = from.is_important;
  else if (key === 'tags') to.tags = from.tags;
  else if (key === 'unread_count') to.unread_count = from.unread_count;
}
