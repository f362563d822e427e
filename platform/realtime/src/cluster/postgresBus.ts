import { listen } from '@connectgain/postgres';
import type { CreateBus } from './bus.ts';

const channel = 'realtime_bus';
/** NOTIFY carries less than 8000 bytes. */
const notificationBytes = 7_900;
/** Messages of so many milliseconds share one transaction: every one with a NOTIFY waits for the others at commit. */
const collectMs = 3;

/**
 * Nodes talk through NOTIFY; a message that is too large travels as a row of realtime.bus whose id is notified (`#17`).
 * One notification carries a JSON array of messages.
 */
export const createPostgresBus: CreateBus = async ({ url, owner, log }, { onMessage, onGap }) => {
  let queue: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> = Promise.resolve();
  let receiving: Promise<void> = Promise.resolve();

  const flush = () => {
    timer = undefined;
    const messages = queue;
    queue = [];
    sending = sending.then(async () => {
      try {
        await owner.query({
          name: 'realtime_notify',
          text: notifyQuery,
          values: [channel, pack(messages), notificationBytes],
        });
      } catch (error) {
        log.warn({ err: error, messages: messages.length }, 'realtime messages to other nodes were lost');
      }
    });
  };

  const receive = async (payload: string) => {
    try {
      const text = payload.startsWith('#') ? await fetchMessage(payload.slice(1)) : payload;
      const messages: unknown = text === undefined ? [] : JSON.parse(text);
      if (Array.isArray(messages)) for (const message of messages) onMessage(String(message));
    } catch (error) {
      log.warn({ err: error }, 'realtime message of another node could not be read');
    }
  };
  const fetchMessage = async (id: string): Promise<string | undefined> => {
    const result = await owner.query<{ payload: string }>('select payload from realtime.bus where id = $1', [id]);
    return result.rows[0]?.payload;
  };

  const listener = await listen(
    url,
    [channel],
    (_, payload) => {
      // One after the other: a large message must not be overtaken by those behind it.
      receiving = receiving.then(() => receive(payload));
    },
    { onReconnect: onGap, log },
  );

  return {
    publish(message) {
      queue.push(message);
      timer ??= setTimeout(flush, collectMs);
    },
    async close() {
      clearTimeout(timer);
      if (queue.length > 0) flush();
      await sending;
      await listener.close();
    },
  };
};

/** In the order given: notifications of one transaction arrive in the order in which they were made. */
const notifyQuery = `
with parts as (select p.text, p.place from unnest($2::text[]) with ordinality p (text, place)),
large as (
  insert into realtime.bus (payload) select text from parts where octet_length(text) > $3 order by place returning id, payload
)
select pg_notify($1, coalesce('#' || (select l.id from large l where l.payload = parts.text limit 1), parts.text)) from parts order by place`;

/** Groups messages into JSON arrays that fit one notification each; a larger message is alone. */
function pack(messages: readonly string[]): string[] {
  const packed: string[] = [];
  let group: string[] = [];
  let bytes = 2;
  for (const message of messages) {
    const text = JSON.stringify(message);
    const size = Buffer.byteLength(text) + 1;
    if (group.length > 0 && bytes + size > notificationBytes) {
      packed.push(`[${group.join(',')}]`);
      group = [];
      bytes = 2;
    }
    group.push(text);
    bytes += size;
  }
  if (group.length > 0) packed.push(`[${group.join(',')}]`);
  return packed;
}
