import type { InboundEvent, InboundMessage, InboundReceipt } from '@connectgain/channels/inbound.ts';
import type { Queryable } from '../queryable.ts';
import { matchContact } from './contactMatch.ts';
import type { InboundAccount } from './inboundAccount.ts';
import { applySteps, messageStep, toStep } from './inboundSteps.ts';

export type Outcome =
  | { done: true }
  /** It is about a message that is not stored yet; try again, events of other senders may be on their way. */
  | { done: false; waitingFor: string };

const done: Outcome = { done: true };

/** One provider event of the stored row `eventId` to rows, inside the caller's transaction. Repeating it changes nothing. */
export async function applyEvent(
  tx: Queryable,
  account: InboundAccount,
  eventId: string,
  event: InboundEvent,
): Promise<Outcome> {
  const step = toStep(eventId, account, event);
  if (step !== undefined) return waited(await applySteps(tx, [step]));
  switch (event.type) {
    case 'message':
      if (await applyReaction(tx, account, event)) return done;
      return waited(await applySteps(tx, [messageStep(eventId, account, event)]));
    case 'receipt':
      return event.upTo === undefined ? done : await applyWatermark(tx, account, event);
    case 'edit':
      return await applyChange(tx, account, event.targetExternalId, { content: textOf(event), deleted: false });
    case 'deletion':
      return await applyChange(tx, account, event.targetExternalId, { content: null, deleted: true });
    case 'contact':
      if (event.action === 'saved') await matchContact(tx, account, event.party);
      return done;
    case 'consent':
      await tx.query('update public.contacts set opt_in_status = $2 where id = $1 and opt_in_status <> $2', [
        await matchContact(tx, account, event.party),
        event.value === 'resume',
      ]);
      return done;
    case 'account':
      await noteAccountUpdate(tx, account, event.words);
      return done;
    case 'click':
    case 'typing':
    case 'unsupported':
      // Kept whole in inbound_events, where the activity of clicks and whatever is new can be read.
      return done;
  }
}

function waited(waiting: readonly { waits_for: string }[]): Outcome {
  const [first] = waiting;
  return first === undefined ? done : { done: false, waitingFor: first.waits_for };
}

function textOf(event: Extract<InboundEvent, { type: 'edit' }>): string | null {
  if (event.content.type === 'text') return event.content.text;
  return event.content.type === 'media' ? (event.content.caption ?? null) : null;
}

/** @returns false when the message reacted to is not ours to know; the reaction is then kept as a message */
async function applyReaction(tx: Queryable, account: InboundAccount, event: InboundMessage): Promise<boolean> {
  if (event.content.type !== 'reaction') return false;
  const target = await tx.query<{ id: string; contact_id: string }>(
    'select id, contact_id from public.messages where channel_account_id = $1 and external_id = $2',
    [account.id, event.content.targetExternalId],
  );
  const message = target.rows[0];
  if (!message) return event.content.emoji === null;
  if (event.content.emoji === null) {
    await tx.query('delete from public.message_reactions where message_id = $1 and contact_id = $2', [
      message.id,
      message.contact_id,
    ]);
  } else {
    await tx.query(
      `insert into public.message_reactions (message_id, contact_id, emoji, external_id) values ($1, $2, $3, $4)
       on conflict (message_id, contact_id) where contact_id is not null
         do update set emoji = excluded.emoji, external_id = excluded.external_id, created_at = now()`,
      [message.id, message.contact_id, event.content.emoji.slice(0, 32), event.externalId],
    );
  }
  return true;
}

/** The customer changed or took back a message; it waits for that message when it came first. */
async function applyChange(
  tx: Queryable,
  account: InboundAccount,
  targetExternalId: string,
  change: { content: string | null; deleted: boolean },
): Promise<Outcome> {
  const { rowCount } = await tx.query(
    `update public.messages set
       content = case when $4 then content else $3 end,
       edited_at = case when $4 then edited_at else now() end,
       deleted_at = case when $4 then now() else deleted_at end,
       metadata = case when $4 or metadata ? 'original_content' then metadata
                       else metadata || jsonb_build_object('original_content', content) end
     where channel_account_id = $1 and external_id = $2`,
    [account.id, targetExternalId, change.content, change.deleted],
  );
  return (rowCount ?? 0) > 0 ? done : { done: false, waitingFor: `message ${targetExternalId}` };
}

/** Messenger and the like: everything up to a moment was delivered or read. */
async function applyWatermark(tx: Queryable, account: InboundAccount, event: InboundReceipt): Promise<Outcome> {
  if (!event.recipient || (event.status !== 'DELIVERED' && event.status !== 'READ')) return done;
  await tx.query(
    `update public.messages set status = $3
     where contact_id = $1 and channel_account_id = $2 and direction = 'OUTBOUND' and created_at <= $4::timestamptz
       and status in ('SENT', 'DELIVERED') and created_at > $4::timestamptz - interval '30 days'`,
    [await matchContact(tx, account, event.recipient), account.id, event.status, event.upTo],
  );
  return done;
}

async function noteAccountUpdate(tx: Queryable, account: InboundAccount, words: string): Promise<void> {
  await tx.query(
    `insert into public.activity_logs (organization_id, entity_type, entity_id, action, changes)
     values ($1, 'channel_account', $2, 'provider_update', jsonb_build_object('words', $3::text))`,
    [account.organizationId, account.id, words],
  );
}
