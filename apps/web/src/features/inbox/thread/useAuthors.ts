import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { memberName } from '#app/session/me.ts';
import { useMe } from '#app/session/sessionContext.ts';
import { useMembers } from '#app/session/useMembers.ts';
import { isInbound, type ThreadMessage } from '../model/message.ts';

/** Names the writer of a message where it is neither the customer nor oneself. */
export function useAuthors() {
  const { t } = useTranslation();
  const me = useMe();
  const { byId } = useMembers();
  return useCallback(
    (message: ThreadMessage): { id: string; name: string; avatarUrl: string | null } | null => {
      if (isInbound(message) || message.local !== undefined) return null;
      if (message.sender_type === 'BOT') return { id: 'bot', name: t('inbox.author.bot'), avatarUrl: null };
      if (message.sender_type === 'API') return { id: 'api', name: t('inbox.author.api'), avatarUrl: null };
      if (message.sender_id === me.id) return null;
      const member = message.sender_id === null ? undefined : byId.get(message.sender_id);
      if (member === undefined)
        return message.sender_type === 'USER'
          ? { id: 'phone', name: t('inbox.author.elsewhere'), avatarUrl: null }
          : null;
      return { id: member.id, name: memberName(member), avatarUrl: member.avatar_url };
    },
    [t, me.id, byId],
  );
}
