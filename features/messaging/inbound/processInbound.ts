import { type AccountSources, findAccountByRoutingKey, loadAccount } from '../accounts/loadAccount.ts';
import type { AdapterLookup } from '../adapters.ts';
import type { Queryable } from '../queryable.ts';
import { applyEvent } from './applyEvent.ts';

export interface ProcessInboundOptions {
  adapters: AdapterLookup;
  sources: AccountSources;
  /** Runs `work` in one transaction of the system and commits when it resolves. */
  inTransaction: <T>(work: (tx: Queryable) => Promise<T>) => Promise<T>;
  /** Queues the download of an attachment in the same transaction. */
  queueMedia: (tx: Queryable, attachmentId: string) => Promise<void>;
  db: Queryable;
}

interface EventRow {
  id: string;
  channel_type: string;
  routing_key: string;
  channel_account_id: string | null;
  payload: unknown;
  status: string;
}

/** How often an event waits for the message that it is about; then it is set aside, visible as IGNORED. */
const PATIENCE = 6;

/**
 * Job `inbound.process`: a stored provider event becomes contact, conversation and message, all or nothing. Throws to be
 * tried again; the reason is on the row. Handling an event twice, or after a crash in the middle, changes nothing more.
 */
export async function processInbound(o: ProcessInboundOptions, inboundEventId: string, attempt: number): Promise<void> {
  try {
    await o.inTransaction((tx) => processOne(o, tx, inboundEventId, attempt));
  } catch (error) {
    await o.db.query(
      `update public.inbound_events set status = 'FAILED', attempts = attempts + 1, error_message = left($2, 2000) where id = $1`,
      [inboundEventId, error instanceof Error ? error.message : String(error)],
    );
    throw error;
  }
}

async function processOne(o: ProcessInboundOptions, tx: Queryable, id: string, attempt: number): Promise<void> {
  const { rows } = await tx.query<EventRow>(
    `select id, channel_type, routing_key, channel_account_id, payload, status from public.inbound_events where id = $1 for update`,
    [id],
  );
  const row = rows[0];
  if (!row || row.status === 'PROCESSED' || row.status === 'IGNORED') return;

  const adapter = o.adapters(row.channel_type);
  const account = row.channel_account_id
    ? await loadAccount(tx, row.channel_account_id, o.sources)
    : await findAccountByRoutingKey(tx, row.channel_type, row.routing_key, o.sources);
  if (!adapter?.parseWebhook || !account) {
    await finish(tx, id, 'UNMATCHED', `No channel takes ${row.channel_type} events for "${row.routing_key}".`);
    return;
  }

  const waiting: string[] = [];
  for (const event of adapter.parseWebhook(row.payload)) {
    const outcome = await applyEvent(tx, account, event);
    if (!outcome.done) waiting.push(outcome.waitingFor);
    else for (const attachment of outcome.pendingAttachmentIds) await o.queueMedia(tx, attachment);
  }
  if (waiting.length > 0 && attempt < PATIENCE) throw new Error(`Waits for ${waiting.join(', ')}.`);
  if (waiting.length > 0) {
    await finish(tx, id, 'IGNORED', `Never saw ${waiting.join(', ')}.`);
    return;
  }
  await finish(tx, id, 'PROCESSED', null);
  await tx.query(
    `update public.channel_accounts set last_inbound_at = now(), connection_status = 'CONNECTED', connection_error = null,
       connected_at = coalesce(connected_at, now())
     where id = $1 and (connection_status <> 'CONNECTED' or last_inbound_at is null or last_inbound_at < now() - interval '1 minute')`,
    [account.id],
  );
}

async function finish(tx: Queryable, id: string, status: string, words: string | null): Promise<void> {
  await tx.query(
    `update public.inbound_events e set status = $2, error_message = $3, attempts = attempts + 1,
       processed_at = case when $2 = 'UNMATCHED' then null else now() end,
       organization_id = coalesce(e.organization_id, a.organization_id), channel_account_id = coalesce(e.channel_account_id, a.id)
     from (select 1) one left join public.channel_accounts a
       on a.id = (select x.id from public.channel_accounts x join public.inbound_events y on y.id = $1
                  where x.type = y.channel_type and x.routing_key = y.routing_key and x.is_active limit 1)
     where e.id = $1`,
    [id, status, words],
  );
}
