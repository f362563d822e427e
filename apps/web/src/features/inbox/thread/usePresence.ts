import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useApi } from '#api/context.ts';
import { useMe } from '#app/session/sessionContext.ts';

/** A colleague who looks at the same conversation. */
export interface PresentAgent {
  id: string;
  name: string;
  avatarUrl: string | null;
  typing: boolean;
}

type Shared = { user_id: string; name: string; avatar_url: string | null; typing: boolean };

/** Milliseconds without a key after which somebody no longer types. */
const STILL_TYPING_MS = 4_000;

/** Who else is in this conversation, and telling them what we do. */
export function usePresence(conversationId: string): {
  others: readonly PresentAgent[];
  onTyping: () => void;
  stopTyping: () => void;
} {
  const api = useApi();
  const me = useMe();
  const [others, setOthers] = useState<readonly PresentAgent[]>([]);
  const announce = useRef<(typing: boolean) => void>(() => {});
  const typing = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  useEffect(() => {
    const channel = api.channel(`org:${me.organization.id}:conversation:${conversationId}`, {
      config: { presence: { key: me.id } },
    });
    const self = (isTyping: boolean): Shared => ({
      user_id: me.id,
      name: me.name,
      avatar_url: me.avatarUrl,
      typing: isTyping,
    });
    channel.on('presence', { event: 'sync' }, () => {
      const present = Object.values(channel.presenceState<Shared>()).flat();
      const byId = new Map<string, PresentAgent>();
      for (const one of present) {
        if (one.user_id === me.id) continue;
        // Somebody with two tabs types if they type in one of them.
        const before = byId.get(one.user_id);
        byId.set(one.user_id, {
          id: one.user_id,
          name: one.name,
          avatarUrl: one.avatar_url,
          typing: one.typing || (before?.typing ?? false),
        });
      }
      setOthers([...byId.values()]);
    });
    channel.subscribe((status) => {
      if (status === 'SUBSCRIBED') void channel.track(self(typing.current));
    });
    announce.current = (isTyping) => void channel.track(self(isTyping));
    return () => {
      announce.current = () => {};
      clearTimeout(timer.current);
      typing.current = false;
      void api.removeChannel(channel);
      setOthers([]);
    };
  }, [api, conversationId, me.id, me.name, me.avatarUrl, me.organization.id]);

  const stopTyping = useCallback(() => {
    clearTimeout(timer.current);
    if (!typing.current) return;
    typing.current = false;
    announce.current(false);
  }, []);
  const onTyping = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(stopTyping, STILL_TYPING_MS);
    if (typing.current) return;
    typing.current = true;
    announce.current(true);
  }, [stopTyping]);

  return useMemo(() => ({ others, onTyping, stopTyping }), [others, onTyping, stopTyping]);
}
