import type { Row } from '#api/database.ts';

export const messageSelect =
  'id,conversation_id,contact_id,channel,sender_id,sender_type,direction,content,message_type,status,external_id,client_id,reply_to_id,metadata,error_code,error_message,scheduled_at,sent_at,delivered_at,read_at,edited_at,deleted_at,created_at,updated_at,attachments(id,message_id,kind,status,storage_path,mime_type,file_name,size_bytes,width,height,duration_seconds,thumbnail_path,error_message,position),message_reactions(id,message_id,conversation_id,contact_id,user_id,emoji)' as const;

/** The columns that `messageSelect` reads. Without `updated_at` it is a message that the server has not answered yet. */
export type MessageRow = Omit<
  Row<'messages'>,
  'organization_id' | 'channel_account_id' | 'failed_at' | 'search' | 'send_attempts' | 'updated_at'
> & { updated_at?: string; send_attempts?: number };
/** `localUrl` shows a file that this browser has just uploaded. */
export type Attachment = Omit<
  Row<'attachments'>,
  'organization_id' | 'source_url' | 'provider_media_id' | 'created_at'
> & { localUrl?: string };
export type Reaction = Pick<
  Row<'message_reactions'>,
  'id' | 'message_id' | 'conversation_id' | 'contact_id' | 'user_id' | 'emoji'
>;

/** A message with its files and reactions. */
export interface ThreadMessage extends MessageRow {
  attachments: readonly Attachment[];
  message_reactions: readonly Reaction[];
  /** Set on a message of this browser that the server has not answered yet, or did not take. */
  local?: LocalState;
}

export type LocalState =
  | { phase: 'uploading'; progress: number }
  | { phase: 'sending' }
  | { phase: 'failed'; reason: string };

export interface Note extends Omit<Row<'notes'>, 'organization_id' | 'deal_id' | 'company_id' | 'is_pinned'> {
  author: Pick<Row<'profiles'>, 'id' | 'first_name' | 'last_name' | 'avatar_url'> | null;
}
export const noteSelect =
  'id,contact_id,conversation_id,author_id,content,mentions,created_at,updated_at,author:profiles!notes_author_id_fkey(id,first_name,last_name,avatar_url)' as const;

export const isInbound = (message: Pick<MessageRow, 'direction'>): boolean => message.direction === 'INBOUND';

/** How far a message of ours has come. Receipts only move it forward, except that a failure can be retried. */
const ranks: Record<string, number> = { SCHEDULED: 0, PENDING: 1, SENT: 2, DELIVERED: 3, READ: 4 };

/** The newer of two states of one row: realtime and answers may cross on the way. */
export function laterStatus(known: string, incoming: string): string {
  if (known === incoming || incoming === 'FAILED' || known === 'FAILED') return incoming;
  const from = ranks[known];
  const to = ranks[incoming];
  return from !== undefined && to !== undefined && to < from ? known : incoming;
}
