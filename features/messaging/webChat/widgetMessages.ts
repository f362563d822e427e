import type { WidgetAttachment, WidgetMessage } from '@connectgain/channels/web-chat/protocol.ts';
import type { Queryable } from '../queryable.ts';
import type { Visitor } from './visitor.ts';

interface Row {
  public_id: string;
  id: string;
  client_id: string | null;
  direction: string;
  sender_type: string;
  author: string | null;
  author_avatar: string | null;
  content: string | null;
  message_type: string;
  metadata: Record<string, unknown>;
  reply_to: string | null;
  status: string;
  created_at: Date;
  changed_at: string;
  edited_at: Date | null;
  deleted_at: Date | null;
  files: StoredFile[] | null;
}

interface StoredFile {
  id: string;
  kind: string;
  storage_path: string | null;
  source_url: string | null;
  mime_type: string | null;
  file_name: string | null;
  size_bytes: number | null;
}

/** Gives a stored file an address that the visitor's browser may read for a while. */
export type SignFile = (storagePath: string) => Promise<string>;

// A visitor knows their own messages by the id that their browser chose, and ours by our id; both are `external_id`.
const columns = `
  coalesce(m.external_id, m.id::text) as public_id, m.id, m.direction::text as direction, m.sender_type, m.content, m.message_type,
  case when m.direction = 'INBOUND' then m.external_id end as client_id,
  nullif(btrim(p.first_name), '') as author, p.avatar_url as author_avatar, m.metadata,
  (select coalesce(r.external_id, r.id::text) from public.messages r where r.id = m.reply_to_id) as reply_to,
  m.status::text as status, m.created_at, m.edited_at, m.deleted_at,
  (extract(epoch from m.updated_at) * 1000000)::bigint::text as changed_at,
  (select jsonb_agg(jsonb_build_object('id', a.id, 'kind', a.kind, 'storage_path', a.storage_path, 'source_url', a.source_url,
     'mime_type', a.mime_type, 'file_name', a.file_name, 'size_bytes', a.size_bytes) order by a.position)
   from public.attachments a where a.message_id = m.id) as files`;

const ofVisitor = `
  from public.messages m
  join public.conversations c on c.id = m.conversation_id and c.channel_account_id = $1 and c.thread_key = $2
  left join public.profiles p on p.id = m.sender_id
  where m.status <> 'SCHEDULED' and (m.direction = 'INBOUND' or m.status in ('PENDING', 'SENT', 'DELIVERED', 'READ'))`;

/** A page of the visitor's conversation, oldest first. */
export async function listMessages(
  db: Queryable,
  visitor: Visitor,
  page: { before?: string | undefined; limit: number },
  sign: SignFile,
): Promise<{ messages: WidgetMessage[]; has_more: boolean }> {
  const { rows } = await db.query<Row>(
    `select ${columns} ${ofVisitor}
       and ($3::text is null or (m.created_at, m.id) < (select b.created_at, b.id from public.messages b
         where b.channel_account_id = $1 and b.conversation_id = c.id and (b.external_id = $3 or b.id::text = $3)))
     order by m.created_at desc, m.id desc limit $4`,
    [visitor.account.id, visitor.id, page.before ?? null, page.limit + 1],
  );
  const messages = await Promise.all(rows.slice(0, page.limit).map((row) => toWidgetMessage(row, sign)));
  return { messages: messages.reverse(), has_more: rows.length > page.limit };
}

export interface Changes {
  messages: WidgetMessage[];
  cursor: string;
}

/** Rows that commit a moment after a later one would be missed by time alone, so the last seconds are looked at again. */
const OVERLAP_MICROSECONDS = 3_000_000n;
const MAX_CHANGES = 50;

/**
 * Messages that are new or changed since the cursor. The cursor holds a time and, for the seconds before it, which versions
 * were told already; so nothing is told twice and nothing that committed late is lost.
 */
export async function changesSince(db: Queryable, visitor: Visitor, cursor: string, sign: SignFile): Promise<Changes> {
  const { at, told } = readCursor(cursor);
  const { rows } = await db.query<Row>(
    `select ${columns} ${ofVisitor} and m.updated_at >= to_timestamp($3::numeric / 1000000) order by m.updated_at, m.id limit ${MAX_CHANGES}`,
    [visitor.account.id, visitor.id, (at - OVERLAP_MICROSECONDS).toString()],
  );
  const fresh = rows.filter((row) => !told.has(versionOf(row)));
  const latest = rows.reduce((max, row) => (BigInt(row.changed_at) > max ? BigInt(row.changed_at) : max), at);
  const recent = rows.filter((row) => BigInt(row.changed_at) >= latest - OVERLAP_MICROSECONDS).map(versionOf);
  return {
    messages: await Promise.all(fresh.map((row) => toWidgetMessage(row, sign))),
    cursor: writeCursor(latest, recent),
  };
}

/** The cursor of somebody who has just read everything. */
export async function currentCursor(db: Queryable, visitor: Visitor): Promise<string> {
  const { rows } = await db.query<Row>(
    `select ${columns} ${ofVisitor} order by m.updated_at desc limit ${MAX_CHANGES}`,
    [visitor.account.id, visitor.id],
  );
  const latest = rows[0] ? BigInt(rows[0].changed_at) : 0n;
  return writeCursor(
    latest,
    rows.filter((row) => BigInt(row.changed_at) >= latest - OVERLAP_MICROSECONDS).map(versionOf),
  );
}

/** Twelve characters of the id and the time of the change in base 36: short, and different for every version. */
function versionOf(row: Row): string {
  return `${row.id.slice(-8)}${(BigInt(row.changed_at) % 1_000_000_000n).toString(36)}`;
}

function readCursor(cursor: string): { at: bigint; told: Set<string> } {
  const [time, ...versions] = cursor.split('.');
  return { at: /^\d{1,20}$/.test(time ?? '') ? BigInt(time ?? '0') : 0n, told: new Set(versions) };
}

function writeCursor(at: bigint, versions: readonly string[]): string {
  return [at.toString(), ...versions.slice(-15)].join('.');
}

export async function toWidgetMessage(row: Row, sign: SignFile): Promise<WidgetMessage> {
  const deleted = row.deleted_at !== null;
  const interactive = asRecord(row.metadata.interactive);
  return {
    id: row.public_id,
    client_id: row.client_id,
    from: row.direction === 'INBOUND' ? 'visitor' : row.message_type === 'system' ? 'system' : 'agent',
    author:
      row.direction === 'OUTBOUND' && row.author ? { name: row.author, avatar_url: httpUrl(row.author_avatar) } : null,
    text: deleted ? null : row.content,
    attachments: deleted ? [] : await attachmentsOf(row, sign),
    choices: deleted ? [] : choicesOf(interactive),
    link:
      typeof interactive?.url === 'string' ? { title: String(interactive.title ?? ''), url: interactive.url } : null,
    place: placeOf(row.metadata.location),
    reply_to: row.reply_to,
    status: row.direction === 'INBOUND' || row.status === 'PENDING' ? 'sent' : toStatus(row.status),
    created_at: row.created_at.toISOString(),
    edited: row.edited_at !== null,
    deleted,
  };
}

function toStatus(status: string): WidgetMessage['status'] {
  if (status === 'READ') return 'read';
  if (status === 'DELIVERED') return 'delivered';
  return status === 'FAILED' ? 'failed' : 'sent';
}

async function attachmentsOf(row: Row, sign: SignFile): Promise<WidgetAttachment[]> {
  const files = (row.files ?? []).filter((file) => file.storage_path !== null);
  return await Promise.all(
    files.map(async (file) => ({
      id: file.id,
      kind: toKind(file.kind),
      url: await sign(file.storage_path ?? ''),
      mime_type: file.mime_type ?? 'application/octet-stream',
      file_name: file.file_name ?? 'file',
      size: file.size_bytes ?? 0,
    })),
  );
}

function toKind(kind: string): WidgetAttachment['kind'] {
  if (kind === 'image' || kind === 'sticker') return 'image';
  if (kind === 'video') return 'video';
  return kind === 'audio' || kind === 'voice' ? 'audio' : 'document';
}

function choicesOf(interactive: Record<string, unknown> | undefined): WidgetMessage['choices'] {
  const sections = Array.isArray(interactive?.sections) ? interactive.sections : [];
  const rows = Array.isArray(interactive?.buttons)
    ? interactive.buttons
    : sections.flatMap((section) => asRecord(section)?.rows ?? []);
  return rows.flatMap((item) => {
    const choice = asRecord(item);
    if (typeof choice?.id !== 'string' || typeof choice.title !== 'string') return [];
    return [
      {
        id: choice.id,
        title: choice.title,
        ...(typeof choice.description === 'string' ? { description: choice.description } : {}),
      },
    ];
  });
}

function placeOf(value: unknown): WidgetMessage['place'] {
  const place = asRecord(value);
  if (typeof place?.latitude !== 'number' || typeof place.longitude !== 'number') return null;
  return {
    latitude: place.latitude,
    longitude: place.longitude,
    name: typeof place.name === 'string' ? place.name : null,
  };
}

function httpUrl(value: string | null): string | null {
  return value !== null && /^https?:\/\//.test(value) ? value : null;
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}
