import type { WebhookPart } from '@connectgain/channels/contract.ts';
import type { LoadedAccount } from '../accounts/loadAccount.ts';
import type { Queryable } from '../queryable.ts';
import { jsonbText } from './jsonbText.ts';

/** A part of a provider's webhook with the account it belongs to, if that is known. */
export interface InboundEntry {
  part: WebhookPart;
  channelType: string;
  routingKey: string;
  account: Pick<LoadedAccount, 'id' | 'organizationId'> | undefined;
}

export interface InboundWriter {
  /** Resolves once the entries are committed; duplicates of stored events add nothing and resolve just the same. */
  write(entries: readonly InboundEntry[]): Promise<void>;
}

interface Waiting {
  entries: readonly InboundEntry[];
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** Statements under way at once, and webhooks that share one: measured on two cores, more of either gains nothing. */
const MAX_STATEMENTS = 2;
const MAX_CALLS = 64;

const insert = `
  insert into public.inbound_events
    (organization_id, channel_account_id, channel_type, routing_key, sender_key, provider_event_id, payload, status)
  select organization_id, channel_account_id, channel_type, routing_key, sender_key, provider_event_id, payload,
    case when channel_account_id is null then 'UNMATCHED' else 'RECEIVED' end
  from jsonb_to_recordset($1::jsonb) as e(organization_id uuid, channel_account_id uuid, channel_type text,
    routing_key text, sender_key text, provider_event_id text, payload jsonb)
  on conflict (channel_type, routing_key, provider_event_id) do nothing`;

/**
 * The durable way in. While one statement commits, the calls that arrive meanwhile gather and go together in the next:
 * no timer, no added delay when idle, and one flush of the write-ahead log for many webhooks under load.
 */
export function createInboundWriter(db: Queryable): InboundWriter {
  const waiting: Waiting[] = [];
  let running = 0;

  async function store(entries: readonly InboundEntry[]): Promise<void> {
    await db.query({ name: 'inbound_store', text: insert, values: [`[${entries.map(rowText).join(',')}]`] });
  }

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, MAX_CALLS);
      try {
        await store(batch.flatMap((call) => call.entries));
        for (const call of batch) call.resolve();
      } catch (error) {
        if (batch.length === 1) batch[0]?.reject(error);
        else await writeAlone(batch);
      }
    }
  }

  /** One bad call must not fail its neighbours. */
  async function writeAlone(batch: readonly Waiting[]): Promise<void> {
    for (const call of batch) {
      try {
        await store(call.entries);
        call.resolve();
      } catch (error) {
        call.reject(error);
      }
    }
  }

  return {
    write(entries) {
      if (entries.length === 0) return Promise.resolve();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiting.push({ entries, resolve, reject });
      if (running < MAX_STATEMENTS) {
        running += 1;
        void flush().finally(() => {
          running -= 1;
        });
      }
      return promise;
    },
  };
}

/** The payload is turned into text once; it is the larger part by far. */
function rowText(entry: InboundEntry): string {
  const row = jsonbText({
    organization_id: entry.account?.organizationId ?? null,
    channel_account_id: entry.account?.id ?? null,
    channel_type: entry.channelType,
    routing_key: entry.routingKey,
    sender_key: entry.part.orderingKey,
    provider_event_id: entry.part.dedupeKey,
  });
  return `${row.slice(0, -1)},"payload":${jsonbText(entry.part.payload)}}`;
}
