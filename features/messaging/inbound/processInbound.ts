import type { InboundEvent } from '@connectgain/channels/inbound.ts';
import type { AdapterLookup } from '../adapters.ts';
import type { Queryable } from '../queryable.ts';
import { applyEvent } from './applyEvent.ts';
import { type AccountColumns, accountOf, type InboundAccount } from './inboundAccount.ts';

/** How often an event waits for the message that it is about; then it is set aside, visible as IGNORED. */
const PATIENCE = 6;
/** Tries of an event that fails for another reason; then it stays FAILED, for the Reprocess button. */
const MOST_ATTEMPTS = 12;

interface EventRow extends AccountColumns {
  channel_type: string;
  routing_key: string;
  payload: unknown;
  status: string;
  attempts: number;
}

/**
 * One stored provider event, all or nothing, inside the caller's transaction: whatever it is, whatever it waits for. Handling an
 * event twice, or after a crash in the middle, changes nothing more. Throws to be tried again.
 */
export async function processInbound(tx: Queryable, adapters: AdapterLookup, eventId: string): Promise<void> {
  const { rows } = await tx.query<EventRow>({ name: 'inbound_event', text: eventWithAccount, values: [eventId] });
  const row = rows[0];
  if (!row || row.status === 'PROCESSED' || row.status === 'IGNORED') return;

  const adapter = adapters(row.channel_type);
  const account = accountOf(row);
  if (!adapter?.parseWebhook || !account) {
    const words = `No channel takes ${row.channel_type} events for "${row.routing_key}".`;
    await finish(tx, eventId, 'UNMATCHED', words, account);
    return;
  }
  const waiting = await applyAll(tx, account, eventId, adapter.parseWebhook(row.payload));
  if (waiting.length > 0 && row.attempts + 1 < PATIENCE) throw new Error(`Waits for ${waiting.join(', ')}.`);
  if (waiting.length > 0) await finish(tx, eventId, 'IGNORED', `Never saw ${waiting.join(', ')}.`, account);
  else await finish(tx, eventId, 'PROCESSED', null, account);
}

/** Says on the row why an event could not be handled, and has it tried again by itself after a while. */
export async function failInbound(db: Queryable, eventId: string, words: string): Promise<void> {
  await db.query({
    name: 'inbound_fail',
    text: 'select app.fail_inbound($1, $2, $3)',
    values: [eventId, words, MOST_ATTEMPTS],
  });
}

async function applyAll(
  tx: Queryable,
  account: InboundAccount,
  eventId: string,
  events: readonly InboundEvent[],
): Promise<string[]> {
  const waiting: string[] = [];
  for (const event of events) {
    const outcome = await applyEvent(tx, account, eventId, event);
    if (!outcome.done) waiting.push(outcome.waitingFor);
  }
  return waiting;
}

/** The account by the webhook's own routing key where it was not known when the event was stored. */
const eventWithAccount = `
  select e.channel_type, e.routing_key, e.payload, e.status, e.attempts,
    a.id as account_id, a.organization_id as account_organization_id, a.type as account_type, a.routing_key as account_routing_key
  from public.inbound_events e
  left join lateral (
    select a.* from public.channel_accounts a
    where a.id = e.channel_account_id
      or (e.channel_account_id is null and a.type = e.channel_type and a.routing_key = e.routing_key)
    order by a.is_active desc, a.created_at desc limit 1) a on true
  where e.id = $1 for update of e`;

async function finish(
  tx: Queryable,
  eventId: string,
  status: 'PROCESSED' | 'IGNORED' | 'UNMATCHED',
  words: string | null,
  account: InboundAccount | undefined,
): Promise<void> {
  await tx.query({
    name: 'inbound_finish',
    text: `update public.inbound_events set status = $2, error_message = $3, attempts = attempts + 1,
        processed_at = case when $2 = 'UNMATCHED' then null else now() end,
        organization_id = coalesce(organization_id, $4), channel_account_id = coalesce(channel_account_id, $5)
      where id = $1`,
    values: [eventId, status, words, account?.organizationId ?? null, account?.id ?? null],
  });
}
