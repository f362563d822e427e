import { useEffect, useSyncExternalStore } from 'react';
import { useApi } from '#api/context.ts';
import { type Line, readAll } from '../sandboxFunctions.ts';

/**
 * Looking at the phone reads what has arrived on it, as at a real one: only while this page is the one that is seen. Asked once per
 * set of messages; a receipt that is lost comes with the next one.
 */
export function useReadOnPhone(line: Line, unread: readonly string[]): void {
  const api = useApi();
  const visible = useSyncExternalStore(
    (listener) => {
      document.addEventListener('visibilitychange', listener);
      return () => document.removeEventListener('visibilitychange', listener);
    },
    () => document.visibilityState === 'visible',
  );
  const { channel_account_id, phone } = line;
  const waiting = unread.join(',');
  useEffect(() => {
    if (!visible || waiting === '') return;
    // Nothing to tell the person: the ticks stay as they are and the next message asks again.
    readAll(api, { channel_account_id, phone }).catch(() => undefined);
  }, [api, channel_account_id, phone, visible, waiting]);
}
