import type { ChannelAdapter } from '@connectgain/channels/contract.ts';
import { ChannelError, type ChannelFailure } from '@connectgain/channels/failure.ts';
import type { OutboundMedia, Recipient } from '@connectgain/channels/outbound.ts';
import type { Transport } from '@connectgain/channels/transport.ts';
import { type AccountSources, type LoadedAccount, loadAccount } from '../accounts/loadAccount.ts';
import type { AdapterLookup } from '../adapters.ts';
import { identityScope, identityType } from '../inbound/contactMatch.ts';
import type { Queryable } from '../queryable.ts';
import { composeOutbound } from './composeOutbound.ts';

export interface SendMessageOptions {
  db: Queryable;
  adapters: AdapterLookup;
  sources: AccountSources;
  transport: (account: LoadedAccount) => Transport;
  /** The bytes of a stored file; undefined when it is gone. */
  readMedia: (storagePath: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;
  now: () => Date;
}

interface MessageRow {
  id: string;
  organization_id: string;
  conversation_id: string;
  contact_id: string;
  channel_account_id: string | null;
  status: string;
  content: string | null;
  message_type: string;
  metadata: Record<string, unknown>;
  reply_to_external_id: string | null;
  scheduled_at: Date | null;
  window_expires_at: Date | null;
  phones: string[];
  emails: string[];
}

interface AttachmentRow {
  kind: string;
  storage_path: string | null;
  source_url: string | null;
  mime_type: string | null;
  file_name: string | null;
}

/** A failure after which the job is tried again; carries how long to wait at least. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
  readonly retryAfterMs: number | undefined;
  constructor(failure: ChannelFailure) {
    super(failure.words);
    this.retryAfterMs = failure.retryAfterMs;
  }
}

/**
 * Job `messages.send`: a PENDING message goes to its provider and becomes SENT with the provider's id, or FAILED with the
 * reason in words. Only a failure that may pass (network, 5xx, rate limit) throws `RetryLater`, until `lastTry`. A crash
 * between the provider's answer and our commit repeats the send; our id goes along as reference so that receipts match.
 */
export async function sendMessage(o: SendMessageOptions, messageId: string, lastTry: boolean): Promise<void> {
  const message = await loadMessage(o.db, messageId);
  if (!message || (message.status !== 'PENDING' && message.status !== 'SCHEDULED')) return;
  if (message.status === 'SCHEDULED' && message.scheduled_at && message.scheduled_at > o.now()) return;

  const account = message.channel_account_id
    ? await loadAccount(o.db, message.channel_account_id, o.sources)
    : undefined;
  const adapter = account && o.adapters(account.type);
  const refusal = refuse(message, account, adapter, o.now());
  if (refusal || !account || !adapter) {
    await fail(o.db, message.id, refusal ?? 'no_channel', wordsOf[refusal ?? 'no_channel']);
    return;
  }
  const to = await recipient(o.db, account, message);
  if (!to) {
    await fail(o.db, message.id, 'no_address', wordsOf.no_address);
    return;
  }
  try {
    await deliver(o, adapter, account, message, to);
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    await failOrRetry(o.db, account, message, error.failure, lastTry);
  }
}

/**
 * Job `messages.send`, also for errors that are nobody's answer (a secret that cannot be opened, a file store that is full): after the last
 * try the message does not stay PENDING for ever. The error still ends as a dead letter, where the operator finds it.
 */
export async function sendOrGiveUp(o: SendMessageOptions, messageId: string, lastTry: boolean): Promise<void> {
  try {
    await sendMessage(o, messageId, lastTry);
  } catch (error) {
    if (lastTry && !(error instanceof RetryLater)) await fail(o.db, messageId, 'internal', wordsOf.internal);
    throw error;
  }
}

const wordsOf = {
  no_channel: 'The channel of this conversation was removed. Choose another channel to answer on.',
  inactive: 'The channel is switched off. Switch it on in Settings, Channels, then press Retry.',
  window_closed:
    'The 24-hour window is closed: the customer has not written within 24 hours. Send an approved template instead.',
  no_address: 'This contact has no address on this channel. Add a phone number or choose another channel.',
  media_missing: 'The attached file is no longer stored. Attach it again.',
  internal: 'The server could not send this message. Press Retry; if it fails again, tell your administrator.',
} as const;

function refuse(
  message: MessageRow,
  account: LoadedAccount | undefined,
  adapter: ChannelAdapter | undefined,
  now: Date,
): keyof typeof wordsOf | undefined {
  if (!account || !adapter) return 'no_channel';
  if (!account.isActive) return 'inactive';
  const hours = adapter.capabilities.sessionWindowHours;
  const open = message.window_expires_at !== null && message.window_expires_at > now;
  if (hours !== null && !open && message.message_type !== 'template') return 'window_closed';
  return undefined;
}

async function loadMessage(db: Queryable, id: string): Promise<MessageRow | undefined> {
  const { rows } = await db.query<MessageRow>(
    `select m.id, m.organization_id, m.conversation_id, m.contact_id, m.channel_account_id, m.status::text as status,
       m.content, m.message_type, m.metadata, m.scheduled_at, c.window_expires_at, p.phones, p.emails,
       (select r.external_id from public.messages r where r.id = m.reply_to_id) as reply_to_external_id
     from public.messages m
     join public.conversations c on c.id = m.conversation_id
     join public.contacts p on p.id = m.contact_id
     where m.id = $1 and m.direction = 'OUTBOUND' and m.deleted_at is null`,
    [id],
  );
  return rows[0];
}

/** The address at which the contact is known on this channel; for WhatsApp and e-mail what the contact's card says will do. */
async function recipient(db: Queryable, account: LoadedAccount, message: MessageRow): Promise<Recipient | undefined> {
  const { rows } = await db.query<{ external_id: string }>(
    `select i.external_id from public.contact_identities i
     where i.contact_id = $1 and i.organization_id = $2 and i.channel_type = $3 and i.scope = $4
     order by i.created_at limit 1`,
    [
      message.contact_id,
      account.organizationId,
      identityType(account.type),
      identityScope(account.type, account.routingKey),
    ],
  );
  const phone = message.phones[0];
  const known = rows[0]?.external_id;
  if (known !== undefined) return { externalId: known, ...(phone === undefined ? {} : { phone }) };
  const type = identityType(account.type);
  if (type === 'WHATSAPP_CLOUD' && phone !== undefined) return { externalId: phone.slice(1), phone };
  const email = message.emails[0];
  if (type === 'EMAIL' && email !== undefined) return { externalId: email };
  return undefined;
}

async function deliver(
  o: SendMessageOptions,
  adapter: ChannelAdapter,
  account: LoadedAccount,
  message: MessageRow,
  to: Recipient,
): Promise<void> {
  const media = await loadMedia(o, message.id);
  if (media === 'missing') {
    await fail(o.db, message.id, 'media_missing', wordsOf.media_missing);
    return;
  }
  const composed = composeOutbound(message, media);
  if (!composed.ok) {
    await fail(o.db, message.id, 'message_invalid', composed.words);
    return;
  }
  await o.db.query('update public.messages set send_attempts = send_attempts + 1 where id = $1', [message.id]);
  // Parts that an earlier try already got through are not sent again.
  const partIds = partsSent(message.metadata);
  for (const content of composed.contents.slice(partIds.length)) {
    const result = await adapter.send(
      account,
      {
        to,
        content,
        clientReference: message.id,
        ...(message.reply_to_external_id === null ? {} : { replyToExternalId: message.reply_to_external_id }),
      },
      o.transport(account),
    );
    partIds.push(result.externalId);
    if (partIds.length < composed.contents.length) await rememberParts(o.db, message.id, partIds);
  }
  await o.db.query(
    `update public.messages set status = 'SENT', external_id = coalesce(external_id, $2), error_code = null, error_message = null,
       metadata = case when $3::jsonb is null then metadata else metadata || $3::jsonb end
     where id = $1`,
    [message.id, partIds[0] ?? null, partIds.length > 1 ? { part_ids: partIds } : null],
  );
}

function partsSent(metadata: Record<string, unknown>): string[] {
  const parts = metadata.part_ids;
  return Array.isArray(parts) ? parts.filter((part) => typeof part === 'string') : [];
}

async function rememberParts(db: Queryable, id: string, partIds: readonly string[]): Promise<void> {
  await db.query(
    `update public.messages set metadata = metadata || jsonb_build_object('part_ids', $2::jsonb) where id = $1`,
    [id, JSON.stringify(partIds)],
  );
}

async function loadMedia(o: SendMessageOptions, messageId: string): Promise<OutboundMedia[] | 'missing'> {
  const { rows } = await o.db.query<AttachmentRow>(
    'select kind, storage_path, source_url, mime_type, file_name from public.attachments where message_id = $1 order by position',
    [messageId],
  );
  const media: OutboundMedia[] = [];
  for (const row of rows) {
    const bytes = row.storage_path === null ? undefined : await o.readMedia(row.storage_path);
    if (bytes === undefined && row.source_url === null) return 'missing';
    media.push({
      kind: row.kind === 'voice' ? 'audio' : mediaKind(row.kind),
      source: bytes === undefined ? { type: 'url', url: row.source_url ?? '' } : { type: 'bytes', bytes },
      ...(row.kind === 'voice' ? { voice: true } : {}),
      ...(row.mime_type === null ? {} : { mimeType: row.mime_type }),
      ...(row.file_name === null ? {} : { fileName: row.file_name }),
    });
  }
  return media;
}

function mediaKind(kind: string): OutboundMedia['kind'] {
  return kind === 'image' || kind === 'video' || kind === 'audio' || kind === 'sticker' ? kind : 'document';
}

async function fail(db: Queryable, id: string, code: string, words: string): Promise<void> {
  await db.query(`update public.messages set status = 'FAILED', error_code = $2, error_message = $3 where id = $1`, [
    id,
    code,
    words,
  ]);
}

async function failOrRetry(
  db: Queryable,
  account: LoadedAccount,
  message: MessageRow,
  failure: ChannelFailure,
  lastTry: boolean,
): Promise<void> {
  if (failure.kind === 'auth') {
    await db.query(
      `update public.channel_accounts set connection_status = 'ERROR', connection_error = $2 where id = $1`,
      [account.id, failure.words],
    );
  }
  const mayPass = failure.kind === 'transient' || failure.kind === 'rate_limited';
  if (mayPass && !lastTry) throw new RetryLater(failure);
  await fail(db, message.id, failure.code, failure.words);
}
