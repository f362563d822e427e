import pg from 'pg';
import type { Logger } from 'pino';
import { reasonOf } from './errors.ts';

export interface ListenOptions {
  /** Called after every connection but the first: notifications may have been missed in between. */
  onReconnect?(): void;
  log?: Logger;
}

export interface Listener {
  close(): Promise<void>;
}

const firstPauseMs = 100;
const longestPauseMs = 5_000;

/**
 * Listens on channels over one connection of its own and calls `handler(channel, payload)` per notification.
 * Rejects when the first connection fails; later a broken one is opened again, first after 100 ms, then slower up to 5 s.
 */
export async function listen(
  url: string,
  channels: readonly string[],
  handler: (channel: string, payload: string) => void,
  options: ListenOptions = {},
): Promise<Listener> {
  let closed = false;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = firstPauseMs;

  const open = async () => {
    const opened = new pg.Client({ connectionString: url, keepAlive: true, application_name: 'connectgain listen' });
    opened.on('notification', ({ channel, payload }) => handler(channel, payload ?? ''));
    opened.on('error', (error) => options.log?.warn({ reason: error.message }, 'listening connection lost'));
    try {
      await opened.connect();
      await opened.query(channels.map((channel) => `listen ${pg.escapeIdentifier(channel)}`).join(';'));
    } catch (error) {
      await opened.end().catch(() => undefined);
      throw error;
    }
    if (closed) return await opened.end();
    opened.on('end', reopenLater);
    client = opened;
    pauseMs = firstPauseMs;
  };

  const reopenLater = () => {
    if (closed) return;
    timer = setTimeout(() => {
      open().then(options.onReconnect, (error) => {
        options.log?.warn({ reason: reasonOf(error) }, 'listening connection not restored yet');
        reopenLater();
      });
    }, pauseMs);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  };

  await open();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await client?.end();
    },
  };
}
