import type { ConversationItem } from '../src/features/inbox/model/conversation.ts';
import type { Note, ThreadMessage } from '../src/features/inbox/model/message.ts';

export const at = (minutes: number): string => new Date(Date.UTC(2026, 0, 15, 10, 0) + minutes * 60_000).toISOString();

export function conversation(changes: Partial<ConversationItem> = {}): ConversationItem {
  return {
    id: 'c1',
    organization_id: 'o1',
    contact_id: 'p1',
    channel_account_id: 'a1',
    channel_type: 'WHATSAPP_CLOUD',
    assignee_id: null,
    status: 'OPEN',
    subject: null,
    tags: [],
    is_important: false,
    ai_agent_active: true,
    unread_count: 0,
    last_read_at: null,
    last_message_at: at(0),
    last_message_id: null,
    last_message_preview: 'Hello',
    last_message_direction: 'INBOUND',
    last_message_type: 'text',
    last_message_status: 'RECEIVED',
    last_inbound_at: at(0),
    waiting_since: null,
    window_expires_at: null,
    snoozed_until: null,
    metadata: {},
    created_at: at(-100),
    updated_at: at(0),
    contact: {
      id: 'p1',
      first_name: 'Mona',
      last_name: 'Adel',
      full_name: 'Mona Adel',
      phones: ['+201001234567'],
      emails: [],
      avatar_url: null,
    },
    channel_account: { id: 'a1', name: 'WhatsApp', type: 'WHATSAPP_CLOUD' },
    assignee: null,
    ...changes,
  };
}

export function message(changes: Partial<ThreadMessage> = {}): ThreadMessage {
  return {
    id: 'm1',
    conversation_id: 'c1',
    contact_id: 'p1',
    channel: 'WHATSAPP_CLOUD',
    sender_id: null,
    sender_type: 'CONTACT',
    direction: 'INBOUND',
    content: 'Hello',
    message_type: 'text',
    status: 'RECEIVED',
    external_id: null,
    client_id: null,
    reply_to_id: null,
    metadata: {},
    error_code: null,
    error_message: null,
    scheduled_at: null,
    sent_at: null,
    delivered_at: null,
    read_at: null,
    edited_at: null,
    deleted_at: null,
    created_at: at(0),
    attachments: [],
    message_reactions: [],
    ...changes,
  };
}

export function note(changes: Partial<Note> = {}): Note {
  return {
    id: 'n1',
    contact_id: 'p1',
    conversation_id: 'c1',
    author_id: 'u1',
    content: 'Call back',
    mentions: [],
    created_at: at(0),
    updated_at: at(0),
    author: null,
    ...changes,
  };
}
