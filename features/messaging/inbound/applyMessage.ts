import type { InboundMedia, InboundMessage, ReceiptStatus } from '@connectgain/channels/inbound.ts';
import type { LoadedAccount } from '../accounts/loadAccount.ts';
import type { Queryable } from '../queryable.ts';
import { identityScope, matchContact } from './contactMatch.ts';
import { openConversation } from './openConversation.ts';
import { readContent } from './readContent.ts';

/** What the caller has to do once the transaction is committed. */
export interface Applied {
  /** False when the message was stored before: nothing was changed. */
  isNew: boolean;
  messageId?: string;
  /** Attachments whose bytes are still at the provider. */
  pendingAttachmentIds: readonly string[];
}

const nothing: Applied = { isNew: false, pendingAttachmentIds: [] };

/** A message from a customer, or one that the business wrote elsewhere and the provider echoes. One transaction, repeatable. */
export async function applyMessage(tx: Queryable, account: LoadedAccount, event: InboundMessage): Promise<Applied> {
  if (event.content.type === 'reaction' && (await applyReaction(tx, account, event))) return nothing;

  const contact = await matchContact(
    tx,
    {
      organizationId: account.organizationId,
      channelType: account.type,
      identityScope: identityScope(account.type, account.routingKey),
    },
    event.party,
  );
  const conversation = await openConversation(tx, {
    organizationId: account.organizationId,
    contactId: contact.contactId,
    channelAccountId: account.id,
    threadKey: threadKey(account, event),
    metadata: event.thread.kind === 'comment' ? { is_comment_thread: true, ...event.thread } : {},
  });
  const stored = readContent(event);
  const inserted = await tx.query<{ id: string }>(
    `insert into public.messages (organization_id, conversation_id, contact_id, channel_account_id, channel, direction, status,
       sender_type, content, message_type, external_id, reply_to_id, metadata, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
       (select m.id from public.messages m where m.channel_account_id = $4 and m.external_id = $12 and m.conversation_id = $2),
       $13, least(coalesce($14::timestamptz, now()), now()))
     on conflict (channel_account_id, external_id) where external_id is not null do nothing
     returning id`,
    [
      account.organizationId,
      conversation.id,
      contact.contactId,
      account.id,
      account.type,
      event.direction,
      event.direction === 'INBOUND' ? 'RECEIVED' : (event.status ?? 'SENT'),
      event.direction === 'INBOUND' ? 'CONTACT' : 'USER',
      stored.content,
      stored.messageType,
      event.externalId,
      event.replyToExternalId ?? null,
      event.replyToExternalId === undefined
        ? stored.metadata
        : { ...stored.metadata, reply_to_external_id: event.replyToExternalId },
      event.timestamp,
    ],
  );
  const messageId = inserted.rows[0]?.id;
  if (messageId === undefined) return nothing;
  // A colleague who answers from the phone takes over: the bot stops (field list 16 and 40).
  if (event.direction === 'OUTBOUND' && event.origin === 'live') {
    await tx.query('update public.conversations set ai_agent_active = false where id = $1 and ai_agent_active', [
      conversation.id,
    ]);
  }
  return { isNew: true, messageId, pendingAttachmentIds: await addAttachments(tx, messageId, stored.media) };
}

/**
 * One conversation per contact and account, except where a thread is a thing of its own. A web chat visitor is known only by
 * their browser: their thread is theirs alone, so nobody reads another's words by typing that one's e-mail address.
 */
function threadKey(account: LoadedAccount, event: InboundMessage): string {
  if (event.thread.kind !== 'direct') return event.thread.externalId;
  return account.type === 'WEB_CHAT' ? event.party.externalId : '';
}

async function addAttachments(tx: Queryable, messageId: string, media: readonly InboundMedia[]): Promise<string[]> {
  const ids: string[] = [];
  for (const [position, item] of media.entries()) {
    const { rows } = await tx.query<{ id: string }>(
      `insert into public.attachments (message_id, kind, status, source_url, provider_media_id, mime_type, file_name, size_bytes, position)
       values ($1, $2, 'PENDING', $3, $4, $5, $6, $7, $8) returning id`,
      [
        messageId,
        item.kind === 'audio' && item.voice ? 'voice' : item.kind,
        item.url ?? null,
        item.providerMediaId ?? null,
        item.mimeType ?? null,
        item.fileName?.slice(0, 255) ?? null,
        item.sizeBytes ?? null,
        position,
      ],
    );
    if (rows[0]) ids.push(rows[0].id);
  }
  return ids;
}

/** @returns false when the message reacted to is not ours to know; the reaction is then kept as a message */
async function applyReaction(tx: Queryable, account: LoadedAccount, event: InboundMessage): Promise<boolean> {
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

/** The customer changed or took back a message. @returns false when that message is not known (yet) */
export async function applyChange(
  tx: Queryable,
  account: LoadedAccount,
  change: { targetExternalId: string; content: string | null; deleted: boolean },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update public.messages set
       content = case when $4 then content else $3 end,
       edited_at = case when $4 then edited_at else now() end,
       deleted_at = case when $4 then now() else deleted_at end,
       metadata = case when $4 or metadata ? 'original_content' then metadata
                       else metadata || jsonb_build_object('original_content', content) end
     where channel_account_id = $1 and external_id = $2`,
    [account.id, change.targetExternalId, change.content, change.deleted],
  );
  return (rowCount ?? 0) > 0;
}

export interface ReceiptUpdate {
  externalId: string | null;
  clientReference?: string;
  status: ReceiptStatus;
  error?: { code: string; words: string };
  extra: Record<string, unknown>;
  timestamp: string | null;
}

/**
 * Moves a message's status; the database lets it go forward only. A receipt may overtake the answer of the send call, so
 * our own reference finds the message when its external id is not stored yet.
 * @returns false when the message is not known (yet)
 */
export async function applyReceipt(tx: Queryable, account: LoadedAccount, receipt: ReceiptUpdate): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update public.messages m set
       status = $4::text,
       external_id = coalesce(m.external_id, $2),
       error_code = case when $4::text = 'FAILED' then $5 else m.error_code end,
       error_message = case when $4::text = 'FAILED' then $6 else m.error_message end,
       delivered_at = case when $4::text = 'DELIVERED' then coalesce(m.delivered_at, $8::timestamptz) else m.delivered_at end,
       read_at = case when $4::text = 'READ' then coalesce(m.read_at, $8::timestamptz) else m.read_at end,
       metadata = m.metadata || $7::jsonb
     where m.id = coalesce(
         (select x.id from public.messages x where x.channel_account_id = $1 and x.external_id = $2),
         (select x.id from public.messages x where x.channel_account_id = $1 and x.id = $3::uuid and x.direction = 'OUTBOUND'))`,
    [
      account.id,
      receipt.externalId,
      uuidOrNull(receipt.clientReference),
      receipt.status,
      receipt.error?.code ?? null,
      receipt.error?.words ?? null,
      receipt.extra,
      receipt.timestamp,
    ],
  );
  return (rowCount ?? 0) > 0;
}

function uuidOrNull(text: string | undefined): string | null {
  return text !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text : null;
}
