import type { TFunction } from 'i18next';
import type { Row } from '#api/database.ts';

/** What a row of the list and the head of the thread need, in one embed. */
export const conversationSelect =
  'id,organization_id,contact_id,channel_account_id,channel_type,assignee_id,status,subject,tags,is_important,ai_agent_active,unread_count,last_read_at,last_message_at,last_message_id,last_message_preview,last_message_direction,last_message_type,last_message_status,last_inbound_at,waiting_since,window_expires_at,snoozed_until,metadata,created_at,updated_at,contact:contacts!conversations_contact_id_fkey(id,first_name,last_name,full_name,phones,emails,avatar_url),channel_account:channel_accounts!conversations_channel_account_id_fkey(id,name,type),assignee:profiles!conversations_assignee_id_fkey(id,first_name,last_name,avatar_url)' as const;

export type ContactSummary = Pick<
  Row<'contacts'>,
  'id' | 'first_name' | 'last_name' | 'full_name' | 'phones' | 'emails' | 'avatar_url'
>;
export type AssigneeSummary = Pick<Row<'profiles'>, 'id' | 'first_name' | 'last_name' | 'avatar_url'>;

/** A conversation with the people and the channel around it. Embeds are null when they are gone or may not be seen. */
export interface ConversationItem
  extends Omit<
    Row<'conversations'>,
    | 'response_channel_account_id'
    | 'thread_key'
    | 'last_outbound_at'
    | 'first_response_at'
    | 'sla_deadline'
    | 'assigned_at'
    | 'closed_at'
  > {
  contact: ContactSummary | null;
  channel_account: { id: string; name: string; type: string } | null;
  assignee: AssigneeSummary | null;
}

export const isClosed = (conversation: Pick<ConversationItem, 'status'>): boolean =>
  conversation.status === 'CLOSED' || conversation.status === 'RESOLVED';

export const isSnoozed = (conversation: Pick<ConversationItem, 'snoozed_until'>, now: Date): boolean =>
  conversation.snoozed_until !== null && Date.parse(conversation.snoozed_until) > now.getTime();

export const channelOf = (conversation: Pick<ConversationItem, 'channel_type' | 'channel_account'>): string =>
  conversation.channel_account?.type ?? conversation.channel_type ?? '';

/** By what a person is called: name, else phone, else e-mail, else a word for "somebody". */
export function contactName(
  contact: Partial<Pick<ContactSummary, 'full_name' | 'phones' | 'emails'>> | null | undefined,
  t: TFunction,
): string {
  const name = contact?.full_name?.trim();
  if (name !== undefined && name !== '') return name;
  return contact?.phones?.[0] ?? contact?.emails?.[0] ?? t('inbox.unknownContact');
}

/** The realtime row over what is already known; embeds stay as long as they speak of the same people. */
export function mergeConversation(known: ConversationItem, row: Partial<Row<'conversations'>>): ConversationItem {
  const merged = { ...known, ...row };
  return {
    ...merged,
    contact: merged.contact_id === known.contact_id ? known.contact : null,
    channel_account: merged.channel_account_id === known.channel_account_id ? known.channel_account : null,
    assignee: merged.assignee_id === known.assignee_id ? known.assignee : null,
  };
}

/** True when an embed must be read again because the row now points at somebody else. */
export function lacksEmbeds(item: ConversationItem): boolean {
  return (
    item.contact === null ||
    (item.channel_account_id !== null && item.channel_account === null) ||
    (item.assignee_id !== null && item.assignee === null)
  );
}
