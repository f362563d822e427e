import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ConversationItem } from '../model/conversation.ts';
import { holdOrder } from './holdOrder.ts';

/** Milliseconds after the last movement of the pointer during which nothing may slip away under it. */
const POINTER_REST_MS = 1_500;

/**
 * Keeps the list from jumping: while the pointer moves over it or it is scrolled down, rows hold their places; at rest
 * at the top it follows live. `signature` names the list; another filter starts afresh.
 */
export function useHeldOrder(live: readonly ConversationItem[], signature: string) {
  const [pointing, setPointing] = useState(false);
  const [scrolled, setScrolled] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const shown = useRef<{ signature: string; ids: readonly string[] }>({ signature, ids: [] });

  const holding = (pointing || scrolled) && shown.current.signature === signature && shown.current.ids.length > 0;
  const { rows, keptBack } = useMemo(
    () => (holding ? holdOrder(shown.current.ids, live) : { rows: [...live], keptBack: 0 }),
    [holding, live],
  );
  useEffect(() => {
    shown.current = { signature, ids: rows.map((row) => row.id) };
  }, [rows, signature]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const onPointerMove = useCallback(() => {
    setPointing(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setPointing(false), POINTER_REST_MS);
  }, []);
  const onScrollTop = useCallback((top: number) => setScrolled(top > 8), []);
  const release = useCallback(() => {
    setPointing(false);
    setScrolled(false);
  }, []);
  return { rows, keptBack, onPointerMove, onScrollTop, release };
}
