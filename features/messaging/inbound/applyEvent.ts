import type { InboundEvent } from '@connectgain/channels/inbound.ts';
import type { LoadedAccount } from '../accounts/loadAccount.ts';
import type { Queryable } from '../queryable.ts';
import { applyChange, applyMessage, applyReceipt } from './applyMessage.ts';
import { identityScope, matchContact } from './contactMatch.ts';

export type Outcome =
  | { done: true; pendingAttachmentIds: readonly string[] }
  /** It is about a message that is not stored yet; try again, events of other senders may be on their way. */
  | { done: false; waitingFor: string };

const done: Outcome = { done: true, pendingAttachmentIds: [] };

/** One provider event to rows, inside the caller's transaction. Repeating it changes nothing. */
export async function applyEvent(tx: Queryable, account: LoadedAccount, event: InboundEvent): Promise<Outcome> {
  switch (event.type) {
    case 'message': {
      const applied = await applyMessage(tx, account, event);
      return { done: true, pendingAttachmentIds: applied.pendingAttachmentIds };
    }
    case 'receipt': {
      if (event.externalId === null && event.clientReference === undefined) {
        return event.upTo === undefined ? done : applyWatermark(tx, account, event);
      }
      const known = await applyReceipt(tx, account, {
        externalId: event.externalId,
        status: event.status,
        timestamp: event.timestamp,
        extra: extraOf(event),
        ...(event.clientReference === undefined ? {} : { clientReference: event.clientReference }),
        ...(event.failure === undefined ? {} : { error: { code: event.failure.code, words: event.failure.words } }),
      });
      return known ? done : { done: false, waitingFor: `message ${event.externalId}` };
    }
    case 'edit': {
      const content = event.content.type === 'text' || event.content.type === 'media' ? textOf(event) : null;
      const known = await applyChange(tx, account, {
        targetExternalId: event.targetExternalId,
        content,
        deleted: false,
      });
      return known ? done : { done: false, waitingFor: `message ${event.targetExternalId}` };
    }
    case 'deletion': {
      const known = await applyChange(tx, account, {
        targetExternalId: event.targetExternalId,
        content: null,
        deleted: true,
      });
      return known ? done : { done: false, waitingFor: `message ${event.targetExternalId}` };
    }
    case 'contact':
      if (event.action === 'saved') await matchContact(tx, scopeOf(account), event.party);
      return done;
    case 'consent': {
      const contact = await matchContact(tx, scopeOf(account), event.party);
      await tx.query('update public.contacts set opt_in_status = $2 where id = $1 and opt_in_status <> $2', [
        contact.contactId,
        event.value === 'resume',
      ]);
      return done;
    }
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

function scopeOf(account: LoadedAccount) {
  return {
    organizationId: account.organizationId,
    channelType: account.type,
    identityScope: identityScope(account.type, account.routingKey),
  };
}

function extraOf(event: Extract<InboundEvent, { type: 'receipt' }>): Record<string, unknown> {
  return {
    ...(event.pricing ? { pricing: event.pricing } : {}),
    ...(event.conversation ? { provider_conversation: event.conversation } : {}),
    ...(event.played ? { played: true } : {}),
  };
}

function textOf(event: Extract<InboundEvent, { type: 'edit' }>): string | null {
  if (event.content.type === 'text') return event.content.text;
  return event.content.type === 'media' ? (event.content.caption ?? null) : null;
}

/** Messenger and the like: everything up to a moment was delivered or read. */
async function applyWatermark(
  tx: Queryable,
  account: LoadedAccount,
  event: Extract<InboundEvent, { type: 'receipt' }>,
): Promise<Outcome> {
  if (!event.recipient || (event.status !== 'DELIVERED' && event.status !== 'READ')) return done;
  const contact = await matchContact(tx, scopeOf(account), event.recipient);
  await tx.query(
    `update public.messages set status = $3
     where contact_id = $1 and channel_account_id = $2 and direction = 'OUTBOUND' and created_at <= $4::timestamptz
       and status in ('SENT', 'DELIVERED') and created_at > $4::timestamptz - interval '30 days'`,
    [contact.contactId, account.id, event.status, event.upTo],
  );
  return done;
}

async function noteAccountUpdate(tx: Queryable, account: LoadedAccount, words: string): Promise<void> {
  await tx.query(
    `insert into public.activity_logs (organization_id, entity_type, entity_id, action, changes)
     values ($1, 'channel_account', $2, 'provider_update', jsonb_build_object('words', $3::text))`,
    [account.organizationId, account.id, words],
  );
}
