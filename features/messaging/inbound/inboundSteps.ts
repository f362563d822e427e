import type { InboundEvent, InboundMedia, InboundMessage, InboundReceipt } from '@connectgain/channels/inbound.ts';
import type { Queryable } from '../queryable.ts';
import { identityScope, identityType, type PartyRecord, partyRecord } from './contactMatch.ts';
import type { InboundAccount } from './inboundAccount.ts';
import { jsonbText } from './jsonbText.ts';
import { readContent } from './readContent.ts';

/** One thing to do for `app.apply_inbound` (database/migrations/0016_inbound.sql), which reads these names. */
export type InboundStep = MessageStep | ReceiptStep;

interface StepBase {
  /** The row of `inbound_events` that is done with it. */
  event_id: string;
  organization_id: string;
  account_id: string;
  external_id: string | null;
  status: string;
  metadata: Record<string, unknown>;
  /** The provider's time, ISO 8601 UTC. */
  said_at: string | null;
}

interface MessageStep extends StepBase {
  kind: 'message';
  channel: string;
  identity_type: string;
  identity_scope: string;
  party: PartyRecord;
  ids: readonly string[];
  name?: string | undefined;
  username?: string | undefined;
  phone?: string | undefined;
  email?: string | undefined;
  thread_key: string;
  thread_metadata: Record<string, unknown>;
  direction: string;
  sender_type: string;
  content: string | null;
  message_type: string;
  reply_to?: string | undefined;
  takes_over: boolean;
  media?: readonly MediaRecord[];
}

interface ReceiptStep extends StepBase {
  kind: 'receipt';
  reference: string | null;
  error_code: string | null;
  error_message: string | null;
}

interface MediaRecord {
  kind: string;
  source_url?: string | undefined;
  provider_media_id?: string | undefined;
  mime_type?: string | undefined;
  file_name?: string | undefined;
  size_bytes?: number | undefined;
}

/** Pure: the event as a step, or undefined where it needs more than that (applyEvent.ts). */
export function toStep(eventId: string, account: InboundAccount, event: InboundEvent): InboundStep | undefined {
  switch (event.type) {
    case 'message':
      return event.content.type === 'reaction' ? undefined : messageStep(eventId, account, event);
    case 'receipt':
      return event.externalId === null && event.clientReference === undefined
        ? undefined
        : receiptStep(eventId, account, event);
    default:
      return undefined;
  }
}

/** What a step waits for, by its event: receipts of messages that are not stored yet. */
export interface Waiting {
  event_id: string;
  waits_for: string;
}

/** Repeating steps changes nothing more. One statement: alone it is a transaction of its own, inside one it joins that. */
export async function applySteps(tx: Queryable, steps: readonly InboundStep[]): Promise<Waiting[]> {
  if (steps.length === 0) return [];
  const { rows } = await tx.query<Waiting>(applyStatement(steps));
  return rows;
}

export function applyStatement(steps: readonly InboundStep[]): { name: string; text: string; values: unknown[] } {
  return {
    name: 'inbound_apply',
    text: 'select event_id, waits_for from app.apply_inbound($1)',
    values: [jsonbText(steps)],
  };
}

export function messageStep(eventId: string, account: InboundAccount, event: InboundMessage): MessageStep {
  const stored = readContent(event);
  const party = partyRecord(account, event.party);
  const inbound = event.direction === 'INBOUND';
  return {
    kind: 'message',
    event_id: eventId,
    organization_id: account.organizationId,
    account_id: account.id,
    channel: account.type,
    identity_type: identityType(account.type),
    identity_scope: identityScope(account.type, account.routingKey),
    party,
    ids: party.ids,
    name: party.name,
    username: party.username,
    phone: party.phone,
    email: party.email,
    thread_key: threadKey(account, event),
    thread_metadata: event.thread.kind === 'comment' ? { is_comment_thread: true, ...event.thread } : {},
    direction: event.direction,
    sender_type: inbound ? 'CONTACT' : 'USER',
    status: inbound ? 'RECEIVED' : (event.status ?? 'SENT'),
    content: stored.content,
    message_type: stored.messageType,
    external_id: event.externalId,
    reply_to: event.replyToExternalId,
    metadata:
      event.replyToExternalId === undefined
        ? stored.metadata
        : { ...stored.metadata, reply_to_external_id: event.replyToExternalId },
    said_at: event.timestamp,
    takes_over: !inbound && event.origin === 'live',
    ...(stored.media.length > 0 ? { media: stored.media.map(mediaRecord) } : {}),
  };
}

/**
 * One conversation per contact and account, except where a thread is a thing of its own. A web chat visitor is known only by
 * their browser: their thread is theirs alone, so nobody reads another's words by typing that one's e-mail address.
 */
function threadKey(account: InboundAccount, event: InboundMessage): string {
  if (event.thread.kind !== 'direct') return event.thread.externalId;
  return account.type === 'WEB_CHAT' ? event.party.externalId : '';
}

function mediaRecord(item: InboundMedia): MediaRecord {
  return {
    kind: item.kind === 'audio' && item.voice ? 'voice' : item.kind,
    source_url: item.url,
    provider_media_id: item.providerMediaId,
    mime_type: item.mimeType,
    file_name: item.fileName?.slice(0, 255),
    size_bytes: item.sizeBytes,
  };
}

function receiptStep(eventId: string, account: InboundAccount, event: InboundReceipt): ReceiptStep {
  return {
    kind: 'receipt',
    event_id: eventId,
    organization_id: account.organizationId,
    account_id: account.id,
    external_id: event.externalId,
    reference: uuidOrNull(event.clientReference),
    status: event.status,
    error_code: event.failure?.code ?? null,
    error_message: event.failure?.words ?? null,
    said_at: event.timestamp,
    metadata: {
      ...(event.pricing ? { pricing: event.pricing } : {}),
      ...(event.conversation ? { provider_conversation: event.conversation } : {}),
      ...(event.played ? { played: true } : {}),
    },
  };
}

function uuidOrNull(text: string | undefined): string | null {
  return text !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text : null;
}
