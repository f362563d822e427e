/**
 * The part of the database that this app speaks to, in the shape from which supabase-js derives its types. Names and
 * nullability are those of database/migrations; every row is filtered by row level security before it gets here.
 */

export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[];

// Type aliases and not interfaces: supabase-js asks for the implicit index signature that only an alias has.
type Table<Row, Links extends unknown[] = []> = {
  Row: Row;
  Insert: Partial<Row>;
  Update: Partial<Row>;
  Relationships: Links;
};
type To<Name extends string, Column extends string, Target extends string> = {
  foreignKeyName: Name;
  columns: [Column];
  isOneToOne: false;
  referencedRelation: Target;
  referencedColumns: ['id'];
};

type Organization = {
  id: string;
  name: string;
  slug: string;
  timezone: string;
  currency: string;
  logo_url: string | null;
  is_demo: boolean;
  settings: Json;
};

type Profile = {
  id: string;
  organization_id: string | null;
  email: string | null;
  first_name: string | null;
  last_name: string | null;
  full_name: string | null;
  avatar_url: string | null;
  timezone: string | null;
  language: string | null;
  permissions: Json;
  preferences: Json;
  is_active: boolean;
  is_online: boolean;
  last_seen_at: string | null;
};

type UserRole = {
  id: string;
  user_id: string;
  organization_id: string;
  role: string;
  permissions: Json;
  is_active: boolean;
};

type ChannelAccount = {
  id: string;
  name: string;
  type: string;
  settings: Json;
  is_active: boolean;
  connection_status: string;
  connection_error: string | null;
  is_sandbox: boolean;
};

type LifecycleStage = { id: string; name: string; color: string; position: number };
type Tag = { id: string; name: string; color: string };
type Company = { id: string; name: string; domain: string | null; logo_url: string | null };

type Contact = {
  id: string;
  first_name: string | null;
  last_name: string | null;
  full_name: string | null;
  full_name_search: string;
  phones: string[];
  emails: string[];
  tags: string[];
  custom_fields: Json;
  opt_in_status: boolean;
  company_id: string | null;
  assignee_id: string | null;
  lifecycle_stage_id: string | null;
  job_title: string | null;
  avatar_url: string | null;
  source: string | null;
  description: string | null;
  city: string | null;
  country: string | null;
  language: string | null;
  last_contacted_at: string | null;
  created_at: string;
  updated_at: string;
};

type Pipeline = { id: string; name: string; stages: Json; is_default: boolean };

type Deal = {
  id: string;
  contact_id: string | null;
  pipeline_id: string | null;
  owner_id: string | null;
  conversation_id: string | null;
  title: string;
  value: number;
  currency: string;
  stage: string;
  status: string;
  expected_close_date: string | null;
  stage_changed_at: string;
  created_at: string;
};

type Task = {
  id: string;
  contact_id: string | null;
  deal_id: string | null;
  conversation_id: string | null;
  assignee_id: string | null;
  title: string;
  due_date: string | null;
  completed: boolean;
  priority: string;
  created_at: string;
};

type Note = {
  id: string;
  contact_id: string | null;
  conversation_id: string | null;
  author_id: string | null;
  content: string;
  mentions: string[];
  created_at: string;
  updated_at: string;
};

type Conversation = {
  id: string;
  organization_id: string;
  contact_id: string;
  channel_account_id: string | null;
  channel_type: string | null;
  assignee_id: string | null;
  status: string;
  subject: string | null;
  tags: string[];
  is_important: boolean;
  ai_agent_active: boolean;
  unread_count: number;
  last_read_at: string | null;
  last_message_at: string | null;
  last_message_id: string | null;
  last_message_preview: string | null;
  last_message_direction: string | null;
  last_message_type: string | null;
  last_message_status: string | null;
  last_inbound_at: string | null;
  waiting_since: string | null;
  window_expires_at: string | null;
  snoozed_until: string | null;
  metadata: Json;
  created_at: string;
  updated_at: string;
};

type Message = {
  id: string;
  conversation_id: string;
  contact_id: string | null;
  channel: string | null;
  sender_id: string | null;
  sender_type: string;
  direction: string;
  content: string | null;
  message_type: string;
  status: string;
  external_id: string | null;
  client_id: string | null;
  reply_to_id: string | null;
  metadata: Json;
  error_code: string | null;
  error_message: string | null;
  scheduled_at: string | null;
  sent_at: string | null;
  delivered_at: string | null;
  read_at: string | null;
  edited_at: string | null;
  deleted_at: string | null;
  created_at: string;
  /** Absent on a message of this browser that the server has not answered yet. */
  updated_at?: string;
  /** Known to the database alone: how often the provider was asked to take it. */
  send_attempts?: number;
};

type MessageStatusEvent = {
  id: string;
  message_id: string;
  status: string;
  error_message: string | null;
  created_at: string;
};

/** By what name a channel knows a contact; for WhatsApp the digits of the phone number. */
type ContactIdentity = { id: string; contact_id: string; channel_type: string; scope: string; external_id: string };

/** What a provider sent, as it was stored before it was answered; for those who manage settings. */
type InboundEvent = {
  id: string;
  channel_account_id: string | null;
  sender_key: string;
  provider_event_id: string;
  payload: Json;
  status: string;
  attempts: number;
  error_message: string | null;
  received_at: string;
  processed_at: string | null;
};

type Attachment = {
  id: string;
  message_id: string;
  kind: string;
  status: string;
  storage_path: string | null;
  mime_type: string | null;
  file_name: string | null;
  size_bytes: number | null;
  width: number | null;
  height: number | null;
  duration_seconds: number | null;
  thumbnail_path: string | null;
  error_message: string | null;
  position: number;
};

type Reaction = {
  id: string;
  message_id: string;
  conversation_id: string;
  contact_id: string | null;
  user_id: string | null;
  emoji: string;
};

type Draft = {
  id: string;
  conversation_id: string;
  user_id: string;
  mode: string;
  content: string;
  updated_at: string;
};

type QuickReply = {
  id: string;
  name: string;
  shortcut: string | null;
  content: string;
  category: string | null;
  owner_id: string | null;
};

type Template = {
  id: string;
  channel_account_id: string | null;
  name: string;
  language: string;
  category: string;
  status: string;
  components: Json;
  content: string | null;
};

type SavedFilter = {
  id: string;
  user_id: string;
  area: string;
  name: string;
  filter: Json;
  is_shared: boolean;
  position: number;
};

export type Database = {
  public: {
    Tables: {
      organizations: Table<Organization>;
      profiles: Table<Profile, [To<'profiles_organization_id_fkey', 'organization_id', 'organizations'>]>;
      user_roles: Table<
        UserRole,
        [
          To<'user_roles_user_id_fkey', 'user_id', 'profiles'>,
          To<'user_roles_organization_id_fkey', 'organization_id', 'organizations'>,
        ]
      >;
      channel_accounts: Table<ChannelAccount>;
      lifecycle_stages: Table<LifecycleStage>;
      tags: Table<Tag>;
      companies: Table<Company>;
      contacts: Table<
        Contact,
        [
          To<'contacts_company_id_fkey', 'company_id', 'companies'>,
          To<'contacts_assignee_id_fkey', 'assignee_id', 'profiles'>,
          To<'contacts_lifecycle_stage_id_fkey', 'lifecycle_stage_id', 'lifecycle_stages'>,
        ]
      >;
      contact_identities: Table<ContactIdentity, [To<'contact_identities_contact_id_fkey', 'contact_id', 'contacts'>]>;
      pipelines: Table<Pipeline>;
      deals: Table<
        Deal,
        [
          To<'deals_contact_id_fkey', 'contact_id', 'contacts'>,
          To<'deals_pipeline_id_fkey', 'pipeline_id', 'pipelines'>,
        ]
      >;
      tasks: Table<Task, [To<'tasks_assignee_id_fkey', 'assignee_id', 'profiles'>]>;
      notes: Table<Note, [To<'notes_author_id_fkey', 'author_id', 'profiles'>]>;
      conversations: Table<
        Conversation,
        [
          To<'conversations_contact_id_fkey', 'contact_id', 'contacts'>,
          To<'conversations_channel_account_id_fkey', 'channel_account_id', 'channel_accounts'>,
          To<'conversations_assignee_id_fkey', 'assignee_id', 'profiles'>,
        ]
      >;
      messages: Table<
        Message,
        [
          To<'messages_conversation_id_fkey', 'conversation_id', 'conversations'>,
          To<'messages_sender_id_fkey', 'sender_id', 'profiles'>,
        ]
      >;
      attachments: Table<Attachment, [To<'attachments_message_id_fkey', 'message_id', 'messages'>]>;
      message_status_events: Table<
        MessageStatusEvent,
        [To<'message_status_events_message_id_fkey', 'message_id', 'messages'>]
      >;
      inbound_events: Table<
        InboundEvent,
        [To<'inbound_events_channel_account_id_fkey', 'channel_account_id', 'channel_accounts'>]
      >;
      message_reactions: Table<Reaction, [To<'message_reactions_message_id_fkey', 'message_id', 'messages'>]>;
      conversation_drafts: Table<
        Draft,
        [To<'conversation_drafts_conversation_id_fkey', 'conversation_id', 'conversations'>]
      >;
      quick_replies: Table<QuickReply>;
      templates: Table<Template>;
      saved_filters: Table<SavedFilter>;
    };
    Views: Record<never, never>;
    Functions: {
      who_am_i: { Args: Record<never, never>; Returns: Json };
      my_organizations: {
        Args: Record<never, never>;
        Returns: {
          id: string;
          name: string;
          slug: string;
          logo_url: string | null;
          role: string;
          is_current: boolean;
        }[];
      };
      switch_organization: { Args: { p_organization_id: string }; Returns: Json };
      inbox_counts: { Args: Record<never, never>; Returns: Json };
      touch_presence: { Args: Record<never, never>; Returns: undefined };
      mark_conversation_read: { Args: { p_conversation_id: string }; Returns: undefined };
      mark_conversation_unread: { Args: { p_conversation_id: string }; Returns: undefined };
      search_conversations: {
        Args: { p_query: string; p_limit?: number };
        Returns: {
          conversation_id: string;
          message_id: string | null;
          snippet: string | null;
          matched: string;
          at: string | null;
        }[];
      };
      search_contacts: {
        Args: { p_query: string };
        Returns: Contact[];
        SetofOptions: { from: '*'; to: 'contacts'; isOneToOne: false; isSetofReturn: true };
      };
      send_message: {
        Args: {
          p_conversation_id: string;
          p_content?: string | null;
          p_message_type?: string;
          p_client_id?: string;
          p_reply_to_id?: string | null;
          p_attachments?: Json;
          p_metadata?: Json;
          p_scheduled_at?: string | null;
        };
        Returns: Message;
      };
      start_conversation: { Args: { p_contact_id: string; p_channel_account_id: string }; Returns: Conversation };
    };
    Enums: Record<never, never>;
    CompositeTypes: Record<never, never>;
  };
};

export type Row<Name extends keyof Database['public']['Tables']> = Database['public']['Tables'][Name]['Row'];
export type Changes<Name extends keyof Database['public']['Tables']> = Database['public']['Tables'][Name]['Update'];
