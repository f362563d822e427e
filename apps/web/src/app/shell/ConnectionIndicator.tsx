import { Loader, WifiOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '#design/cx.ts';
import { Tooltip } from '#design/Tooltip.tsx';
import { useConnection } from '../realtime/useConnection.ts';

/** Milliseconds a break may last before it is worth a word: reconnecting is usually quicker. */
const PATIENCE_MS = 1_500;

/** Says when the screen no longer follows the server, and nothing while it does. */
export function ConnectionIndicator({ narrow }: { narrow: boolean }) {
  const { t } = useTranslation();
  const state = useConnection();
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (state === 'live') {
      setLasting(false);
      return;
    }
    const timer = setTimeout(() => setLasting(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [state]);

  const text = state === 'offline' ? t('shell.connection.offline') : t('shell.connection.connecting');
  if (state === 'live' || !lasting) {
    return (
      <span role="status" data-testid="connection" data-state={state} className="sr-only">
        {state === 'live' ? t('shell.connection.live') : text}
      </span>
    );
  }
  return (
    <Tooltip content={t('shell.connection.hint')} side="top">
      <span
        role="status"
        data-testid="connection"
        data-state={state}
        className={cx(
          'mb-1 flex items-center gap-2 rounded-control bg-warning-soft text-12 font-medium text-warning-ink',
          narrow ? 'size-9 justify-center' : 'h-8 px-2',
        )}
      >
        {state === 'offline' ? <WifiOff /> : <Loader className="animate-spin" />}
        <span className={narrow ? 'sr-only' : 'line-1'}>{text}</span>
      </span>
    </Tooltip>
  );
}
