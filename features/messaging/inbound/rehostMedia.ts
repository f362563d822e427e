import { ChannelError } from '@connectgain/channels/failure.ts';
import type { Transport } from '@connectgain/channels/transport.ts';
import { type AccountSources, type LoadedAccount, loadAccount } from '../accounts/loadAccount.ts';
import type { AdapterLookup } from '../adapters.ts';
import type { Queryable } from '../queryable.ts';

/** What sniffing found in the bytes; the provider's word is not enough to serve a file by. */
export interface SniffedMedia {
  mime: string;
  extension: string;
  width?: number;
  height?: number;
  durationSeconds?: number;
}

export interface RehostMediaOptions {
  db: Queryable;
  adapters: AdapterLookup;
  sources: AccountSources;
  transport: (account: LoadedAccount) => Transport;
  sniff: (bytes: Uint8Array, declared: string | undefined) => Promise<SniffedMedia>;
  /** Writes as the system: the bytes come from the customer, there is no user whose right could be asked. */
  store: (path: string, bytes: Uint8Array, mime: string) => Promise<void>;
  /** A file that is in our bucket already; undefined when it is gone. */
  readMedia: (storagePath: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** A small preview as WebP; undefined where there is none to make. */
  thumbnail: (bytes: Uint8Array, mime: string) => Promise<Uint8Array | undefined>;
}

interface Row {
  id: string;
  organization_id: string;
  conversation_id: string;
  channel_account_id: string;
  channel: string;
  status: string;
  provider_media_id: string | null;
  source_url: string | null;
  mime_type: string | null;
  file_name: string | null;
  kind: string;
}

/** Largest file taken over from a provider; WhatsApp's own limit for documents. */
const MAX_BYTES = 100 * 1024 * 1024;

/**
 * Job `media.fetch`: takes a file that a customer sent from the provider, whose addresses expire, into our bucket. Throws
 * while a retry may help; afterwards the attachment says in words why it is missing.
 */
export async function rehostMedia(o: RehostMediaOptions, attachmentId: string, lastTry: boolean): Promise<void> {
  const { rows } = await o.db.query<Row>(
    `select a.id, a.organization_id, m.conversation_id, m.channel_account_id, m.channel, a.status, a.provider_media_id,
       a.source_url, a.mime_type, a.file_name, a.kind
     from public.attachments a join public.messages m on m.id = a.message_id where a.id = $1`,
    [attachmentId],
  );
  const row = rows[0];
  if (!row || row.status === 'STORED') return;
  const account = await loadAccount(o.db, row.channel_account_id, o.sources);
  const adapter = account && o.adapters(account.type);
  if (account?.type === 'WEB_CHAT') {
    // The visitor's upload lies in the widget's folder; it moves to the conversation with a checked type and a preview.
    const bytes = await o.readMedia(`${row.organization_id}/web-chat/${row.provider_media_id}`);
    if (bytes) await keep(o, row, bytes, row.mime_type ?? undefined, undefined);
    else await failed(o.db, row.id, 'The uploaded file is no longer there.');
    return;
  }
  if (!account || !adapter?.fetchMedia) {
    await failed(o.db, row.id, 'The channel that could deliver this file was removed.');
    return;
  }
  try {
    const fetched = await adapter.fetchMedia(
      account,
      {
        ...(row.provider_media_id === null ? {} : { providerMediaId: row.provider_media_id }),
        ...(row.source_url === null ? {} : { url: row.source_url }),
      },
      o.transport(account),
      { maxBytes: MAX_BYTES },
    );
    await keep(o, row, fetched.bytes, fetched.mimeType ?? row.mime_type ?? undefined, fetched.fileName);
  } catch (error) {
    if (!(error instanceof ChannelError)) {
      if (lastTry)
        await failed(o.db, row.id, 'The server could not store this file. Ask the customer to send it again.');
      throw error;
    }
    const mayPass = error.failure.kind === 'transient' || error.failure.kind === 'rate_limited';
    if (mayPass && !lastTry) throw error;
    await failed(o.db, row.id, error.failure.words);
  }
}

async function keep(
  o: RehostMediaOptions,
  row: Row,
  bytes: Uint8Array,
  declared: string | undefined,
  providerName: string | undefined,
): Promise<void> {
  const found = await o.sniff(bytes, declared);
  const folder = `${row.organization_id}/${row.conversation_id}`;
  const name = row.file_name ?? providerName ?? `${row.kind}.${found.extension}`;
  const path = `${folder}/${row.id}-${safeName(name)}`;
  await o.store(path, bytes, found.mime);
  const preview = await o.thumbnail(bytes, found.mime).catch(() => undefined);
  const previewPath = preview ? `${folder}/${row.id}-preview.webp` : null;
  if (preview && previewPath) await o.store(previewPath, preview, 'image/webp');
  await o.db.query(
    `update public.attachments set status = 'STORED', storage_path = $2, mime_type = $3, size_bytes = $4, width = $5, height = $6,
       duration_seconds = $7, thumbnail_path = $8, file_name = coalesce(file_name, $9), error_message = null where id = $1`,
    [
      row.id,
      path,
      found.mime,
      bytes.byteLength,
      found.width ?? null,
      found.height ?? null,
      found.durationSeconds ?? null,
      previewPath,
      name.slice(0, 255),
    ],
  );
}

/** A customer's file name as part of an object name: no separators or control characters, short. */
function safeName(name: string): string {
  const cleaned = name
    .normalize('NFC')
    .replaceAll(/[\p{C}/\\:*?"<>|#%&{}$!'@+`=]/gu, '_')
    .replaceAll(/\s+/gu, '_');
  return cleaned.slice(-80) || 'file';
}

async function failed(db: Queryable, id: string, words: string): Promise<void> {
  await db.query(`update public.attachments set status = 'FAILED', error_message = $2 where id = $1`, [id, words]);
}
