import { useCallback, useEffect, useRef, useState } from 'react';
import { type DraftMode, draftKey } from './draftStore.ts';
import { useDraftStore } from './useDrafts.ts';

/** Milliseconds of pause after which a draft is kept (rule 12 of the interface). */
const SAVE_AFTER_MS = 500;

/** The text being written, kept as a draft on every pause, when leaving the field's page and when switching away. */
export function useDraftText(conversationId: string, mode: DraftMode) {
  const store = useDraftStore();
  const [text, setLocal] = useState(() => store.get().get(draftKey(conversationId, mode))?.text ?? '');
  const latest = useRef(text);
  const touched = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const keep = useCallback(() => {
    clearTimeout(timer.current);
    if (touched.current) store.put(conversationId, mode, latest.current);
  }, [store, conversationId, mode]);

  const setText = useCallback(
    (next: string) => {
      touched.current = true;
      latest.current = next;
      setLocal(next);
      clearTimeout(timer.current);
      timer.current = setTimeout(keep, SAVE_AFTER_MS);
    },
    [keep],
  );

  const clear = useCallback(() => {
    setText('');
    keep();
  }, [setText, keep]);

  useEffect(() => {
    window.addEventListener('pagehide', keep);
    return () => {
      window.removeEventListener('pagehide', keep);
      keep();
    };
  }, [keep]);

  // The server's draft arrives after the field is shown, or this person writes on another device: taken over only while
  // nothing has been written here.
  useEffect(
    () =>
      store.subscribe(() => {
        if (touched.current && latest.current !== '') return;
        const draft = store.get().get(draftKey(conversationId, mode))?.text ?? '';
        if (draft !== latest.current && !touched.current) {
          latest.current = draft;
          setLocal(draft);
        }
      }),
    [store, conversationId, mode],
  );

  return { text, setText, clear };
}
