// Generated from the migrations by `npm run types`; never edited by hand.

export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[];

export type Database = {
  // Lets supabase-js type spreads and aggregates as PostgREST 13 answers them.
  __InternalSupabase: { PostgrestVersion: '13' };
  public: {
    Tables: {
      activity_logs: {
        Row: {
          action: string;
          actor_id: string | null;
          actor_type: string;
          changes: Json;
          contact_id: string | null;
          created_at: string;
          entity_id: string;
          entity_type: string;
          id: string;
          organization_id: string;
        };
        Insert: {
          action: string;
          actor_id?: string | null;
          actor_type?: string;
          changes?: Json;
          contact_id?: string | null;
          created_at?: string;
          entity_id: string;
          entity_type: string;
          id?: string;
          organization_id: string;
        };
        Update: {
          action?: string;
          actor_id?: string | null;
          actor_type?: string;
          changes?: Json;
          contact_id?: string | null;
          created_at?: string;
          entity_id?: string;
          entity_type?: string;
          id?: string;
          organization_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'activity_logs_actor_id_fkey';
            columns: ['actor_id'];
            isOneToOne: false;
            referencedRelation: 'profiles';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'activity_logs_organization_id_fkey';
            columns: ['organization_id'];
            isOneToOne: false;
            referencedRelation: 'organizations';
            referencedColumns: ['id'];
          },
        ];
      };
      api_keys: {
        Row: {
          created_at: string;
          created_by: string | null;
          expires_at: string | null;
          id: string;
          is_active: boolean;
          key_prefix: string;
          last_used_at: string | null;
          name: string;
          organization_id: string;
          permissions: Json;
          revoked_at: string | null;
          updated_at: string;
          usage_count: number;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          expires_at?: string | null;
          id?: string;
          is_active?: boolean;
          key_prefix: string;
          last_used_at?: string | null;
          name: string;
          organization_id?: string;
          permissions?: Json;
          revoked_at?: string | null;
          updated_at?: string;
          usage_count?: number;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          expires_at?: string | null;
          id?: string;
          is_active?: boolean;
          key_prefix?: string;
          last_used_at?: string | null;
          name?: string;
          organization_id?: string;
          permissions?: Json;
          revoked_at?: string | null;
          updated_at?: string;
          usage_count?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'api_keys_organization_id_fkey';
            columns: ['organization_id'];
            isOneToOne: false;
            referencedRelation: 'organizations';
            referencedColumns: ['id'];
          },
        ];
      };
      attachments: {
        Row: {
          created_at: string;
          duration_seconds: number | null;
          error_message: string | null;
          file_name: string | null;
          height: number | null;
          id: string;
          kind: string;
          message_id: string;
          mime_type: string | null;
          organization_id: string;
          position: number;
          provider_media_id: string | null;
          size_bytes: number | null;
          source_url: string | null;
          status: string;
          storage_path: string | null;
          thumbnail_path: string | null;
          width: number | null;
        };
        Insert: {
          created_at?: string;
          duration_seconds?: number | null;
          error_message?: string | null;
          file_name?: string | null;
          height?: number | null;
          id?: string;
          kind: string;
          message_id: string;
          mime_type?: string | null;
          organization_id: string;
          position?: number;
          provider_media_id?: string | null;
          size_bytes?: number | null;
          source_url?: string | null;
          status?: string;
          storage_path?: string | null;
          thumbnail_path?: string | null;
          width?: number | null;
        };
        Update: {
          created_at?: string;
          duration_seconds?: number | null;
          error_message?: string | null;
          file_name?: string | null;
          height?: number | null;
          id?: string;
          kind?: string;
          message_id?: string;
          mime_type?: string | null;
          organization_id?: string;
          position?: number;
          provider_media_id?: string | null;
          size_bytes?: number | null;
          source_url?: string | null;
          status?: string;
          storage_path?: string | null;
          thumbnail_path?: string | null;
          width?: number | null;
        };
        Relationships: [
          {
            foreignKeyName: 'attachments_message_id_fkey';
            columns: ['message_id'];
            isOneToOne: false;
            referencedRelation: 'messages';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'attachments_organization_id_fkey';
            columns: ['organization_id'];
            isOneToOne: false;
            referencedRelation: 'organizations';
            referencedColumns: ['id'];
          },
        ];
      };
      channel_accounts: {
        Row: {
          connected_at: string | null;
          connection_error: string | null;
          connection_status: string;
          created_at: string;
          id: string;
          is_active: boolean;
          is_sandbox: boolean;
          last_inbound_at: string | null;
          name: string;
          organization_id: string;
          routing_key: string | null;
          secrets_set: string[];
          settings: Json;
          type: string;
          updated_at: string;
        };
        Insert: {
          connected_at?: string | null;
          connection_error?: string | null;
          connection_status?: string;
          created_at?: string;
          id?: string;
          is_active?: boolean;
          is_sandbox?: boolean;
          last_inbound_at?: string | null;
          name: string;
          organization_id?: string;
          routing_key?: string | null;
          secrets_set?: string[];
          settings?: Json;
          type: string;
          updated_at?: string;
        };
        Update: {
          connected_at?: string | null;
          connection_error?: string | null;
          connection_status?: string;
          created_at?: string;
          id?: string;
          is_active?: boolean;
          is_sandbox?: boolean;
          last_inbound_at?: string | null;
          name?: string;
          organization_id?: string;
          routing_key?: string | null;
          secrets_set?: string[];
          settings?: Json;
          type?: string;
          updated_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'channel_accounts_organization_id_fkey';
            columns: ['organization_id'];
            isOneToOne: false;
            referencedRelation: 'organizations';
            referencedColumns: ['id'];
          },
        ];
      };
      companies: {
        Row: {
          annual_revenue: number | null;
          city: string | null;
          country: string | null;
          created_at: string;
          custom_fields: Json;
          description: string | null;
          domain: string | null;
          email: string | null;
          emails: string[];
          employee_count: number | null;
          facebook_url: string | null;
          full_name_search: string;
          id: string;
          industry: string | null;
          lead_status: string | null;
          lifecycle_stage_id: string | null;
          linkedin_url: string | null;
          logo_url: string | null;
          name: string;
          organization_id: string;
          owner_id: string | null;
          phone: string | null;
          phones: string[];
          postal_code: string | null;
          state: string | null;
          street_address: string | null;
          tags: string[];
          twitter_handle: string | null;
          updated_at: string;
          website: string | null;
        };
        Insert: {
          annual_revenue?: number | null;
          city?: string | null;
          country?: string | null;
          created_at?: string;
          custom_fields?: Json;
          description?: string | null;
          domain?: string | null;
          email?: string | null;
          emails?: string[];
          employee_count?: number | null;
          facebook_url?: string | null;
          full_name_search?: string;
          id?: string;
          industry?: string | null;
          lead_status?: string | null;
          lifecycle_stage_id?: string | null;
          linkedin_url?: string | null;
          logo_url?: string | null;
          name: string;
          organization_id?: string;
          owner_id?: string | null;
          phone?: string | null;
          phones?: string[];
          postal_code?: string | null;
          state?: string | null;
          street_address?: string | null;
          tags?: string[];
          twitter_handle?: string | null;
          updated_at?: string;
          website?: string | null;
        };
        Update: {
          annual_revenue?: number | null;
          city?: string | null;
          country?: string | null;
          created_at?: string;
          custom_fields?: Json;
          description?: string | null;
          domain?: string | null;
          email?: string | null;
          emails?: string[];
          employee_count?: number | null;
          facebook_url?: string | null;
          full_name_search?: string;
          id?: string;
          industry?: string | null;
          lead_status?: string | null;
          lifecycle_stage_id?: string | null;
          linkedin_url?: string | null;
          logo_url?: string | null;
          name?: string;
          organization_id?: string;
          owner_id?: string | null;
          phone?: string | null;
          phones?: string[];
          postal_code?: string | null;
          state?: string | null;
          street_address?: string | null;
          tags?: string[];
          twitter_handle?: string | null;
          updated_at?: string;
          website?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'companies_lifecycle_stage_id_fkey';
            columns: ['lifecycle_stage_id'];
            isOneToOne: false;
            referencedRelation: 'lifecycle_stages';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'companies_organization_id_fkey';
            columns: ['organization_id'];
            isOneToOne: false;
            referencedRelation: 'organizations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'companies_owner_id_fkey';
            columns: ['owner_id'];
            isOneToOne: false;
            referencedRelation: 'profiles';
            referencedColumns: ['id'];
          },
        ];
      };
      contact_identities: {
        Row: {
          channel_type: string;
          contact_id: string;
          created_at: string;
          display_name: string | null;
          external_id: string;
          id: string;
          organization_id: string;
          scope: string;
          username: string | null;
        };
        Insert: {
          channel_type: string;
          contact_id: string;
          created_at?: string;
          display_name?: string | null;
          external_id: string;
          id?: string;
          organization_id?: string;
          scope?: string;
          username?: string | null;
        };
        Update: {
          channel_type?: string;
          contact_id?: string;
          created_at?: string;
          display_name?: string | null;
          external_id?: string;
          id?: string;
          organization_id?: string;
          scope?: string;
          username?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'contact_identities_contact_id_fkey';
            columns: ['contact_id'];
            isOneToOne: false;
            referencedRelation: 'contacts';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'contact_identities_organization_id_fkey';
            columns: ['organization_id'];
            isOneToOne: false;
            referencedRelation: 'organizations';
            referencedColumns: ['id'];
          },
        ];
      };
      contacts: {
        Row: {
          assignee_id: string | null;
          avatar_url: string | null;
          city: string | null;
          company_id: string | null;
          country: string | null;
          created_at: string;
          custom_fields: Json;
          description: string | null;
          emails: string[];
          first_name: string | null;
          full_name: string | null;
          full_name_search: string;
          id: string;
          is_blocked: boolean;
          job_title: string | null;
          language: string | null;
          last_contacted_at: string | null;
          last_name: string | null;
          lifecycle_stage_id: string | null;
          opt_in_status: boolean;
          organization_id: string;
          phones: string[];
          postal_code: string | null;
          source: string | null;
          state: string | null;
          street_address: string | null;
          tags: string[];
          timezone: string | null;
          updated_at: string;
        };
        Insert: {
          assignee_id?: string | null;
          avatar_url?: string | null;
          city?: string | null;
          company_id?: string | null;
          country?: string | null;
          created_at?: string;
          custom_fields?: Json;
          description?: string | null;
          emails?: string[];
          first_name?: string | null;
          full_name?: never;
          full_name_search?: string;
          id?: string;
          is_blocked?: boolean;
          job_title?: string | null;
          language?: string | null;
          last_contacted_at?: string | null;
          last_name?: string | null;
          lifecycle_stage_id?: string | null;
          opt_in_status?: boolean;
          organization_id?: string;
          phones?: string[];
          postal_code?: string | null;
          source?: string | null;
          state?: string | null;
          street_address?: string | null;
          tags?: string[];
          timezone?: string | null;
          updated_at?: string;
        };
        Update: {
          assignee_id?: string | null;
          avatar_url?: string | null;
          city?: string | null;
          company_id?: string | null;
          country?: string | null;
          created_at?: string;
          custom_fields?: Json;
          description?: string | null;
          emails?: string[];
          first_name?: string | null;
          full_name?: never;
          full_name_search?: string;
          id?: string;
          is_blocked?: boolean;
          job_title?: string | null;
          language?: string | null;
          last_contacted_at?: string | null;
          last_name?: string | null;
          lifecycle_stage_id?: string | null;
          opt_in_status?: boolean;
          organization_id?: string;
          phones?: string[];
          postal_code?: string | null;
          source?: string | null;
          state?: string | null;
          street_address?: string | null;
          tags?: string[];
          timezone?: string | null;
          updated_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'contacts_assignee_id_fkey';
            columns: ['assignee_id'];
            isOneToOne: false;
            referencedRelation: 'profiles';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'contacts_company_id_fkey';
            columns: ['company_id'];
            isOneToOne: false;
            referencedRelation: 'companies';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'contacts_lifecycle_stage_id_fkey';
            columns: ['lifecycle_stage_id'];
            isOneToOne: false;
            referencedRelation: 'lifecycle_stages';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'contacts_organization_id_fkey';
            columns: ['organization_id'];
            isOneToOne: false;
            referencedRelation: 'organizations';
            referencedColumns: ['id'];
          },
        ];
      };
      conversation_drafts: {
        Row: {
          content: string;
          conversation_id: string;
          id: string;
          metadata: Json;
          mode: string;
          organization_id: string;
          updated_at: string;
          user_id: string;
        };
        Insert: {
          content: string;
          conversation_id: string;
          id?: string;
          metadata?: Json;
          mode?: string;
          organization_id?: string;
          updated_at?: string;
          user_id?: string;
        };
        Update: {
          content?: string;
          conversation_id?: string;
          id?: string;
          metadata?: Json;
          mode?: string;
          organization_id?: string;
          updated_at?: string;
          user_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'conversation_drafts_conversation_id_fkey';
            columns: ['conversation_id'];
            isOneToOne: false;
            referencedRelation: 'conversations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'conversation_drafts_organization_id_fkey';
            columns: ['organization_id'];
            isOneToOne: false;
            referencedRelation: 'organizations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'conversation_drafts_user_id_fkey';
            columns: ['user_id'];
            isOneToOne: false;
            referencedRelation: 'profiles';
            referencedColumns: ['id'];
          },
        ];
      };
      conversations: {
        Row: {
          ai_agent_active: boolean;
          assigned_at: string | null;
          assignee_id: string | null;
          channel_account_id: string | null;
          channel_type: string | null;
          closed_at: string | null;
          contact_id: string;
          created_at: string;
          first_response_at: string | null;
          id: string;
          is_important: boolean;
          last_inbound_at: string | null;
          last_message_at: string | null;
          last_message_direction: string | null;
          last_message_id: string | null;
          last_message_preview: string | null;
          last_message_status: string | null;
          last_message_type: string | null;
          last_outbound_at: string | null;
          last_read_at: string | null;
          metadata: Json;
          organization_id: string;
          response_channel_account_id: string | null;
          sla_deadline: string | null;
          snoozed_until: string | null;
          status: string;
          subject: string | null;
          tags: string[];
          thread_key: string;
          unread_count: number;
          updated_at: string;
          waiting_since: string | null;
          window_expires_at: string | null;
        };
        Insert: {
          ai_agent_active?: boolean;
          assigned_at?: string | null;
          assignee_id?: string | null;
          channel_account_id?: string | null;
          channel_type?: string | null;
          closed_at?: string | null;
          contact_id: string;
          created_at?: string;
          first_response_at?: string | null;
          id?: string;
          is_important?: boolean;
          last_inbound_at?: string | null;
          last_message_at?: string | null;
          last_message_direction?: string | null;
          last_message_id?: string | null;
          last_message_preview?: string | null;
          last_message_status?: string | null;
          last_message_type?: string | null;
          last_outbound_at?: string | null;
          last_read_at?: string | null;
          metadata?: Json;
          organization_id?: string;
          response_channel_account_id?: string | null;
          sla_deadline?: string | null;
          snoozed_until?: string | null;
          status?: string;
          subject?: string | null;
          tags?: string[];
          thread_key?: string;
          unread_count?: number;
          updated_at?: string;
          waiting_since?: string | null;
          window_expires_at?: string | null;
        };
        Update: {
          ai_agent_active?: boolean;
          assigned_at?: string | null;
          assignee_id?: string | null;
          channel_account_id?: string | null;
          channel_type?: string | null;
          closed_at?: string | null;
          contact_id?: string;
          created_at?: string;
          first_response_at?: string | null;
          id?: string;
          is_important?: boolean;
          last_inbound_at?: string | null;
          last_message_at?: string | null;
          last_message_direction?: string | null;
          last_message_id?: string | null;
          last_message_preview?: string | null;
          last_message_status?: string | null;
          last_message_type?: string | null;
          last_outbound_at?: string | null;
          last_read_at?: string | null;
          metadata?: Json;
          organization_id?: string;
          response_channel_account_id?: string | null;
          sla_deadline?: string | null;
          snoozed_until?: string | null;
          status?: string;
          subject?: string | null;
          tags?: string[];
          thread_key?: string;
          unread_count?: number;
          updated_at?: string;
          waiting_since?: string | null;
          window_expires_at?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'conversations_assignee_id_fkey';
            columns: ['assignee_id'];
            isOneToOne: false;
            referencedRelation: 'profiles';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'conversations_channel_account_id_fkey';
            columns: ['channel_account_id'];
            isOneToOne: false;
            referencedRelation: 'channel_accounts';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'conversations_contact_id_fkey';
            columns: ['contact_id'];
            isOneToOne: false;
            referencedRelation: 'contacts';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'conversations_organization_id_fkey';
            columns: ['organization_id'];
            isOneToOne: false;
            referencedRelation: 'organizations';
            referencedColumns: ['id'];
          },
        ];
      };
      deal_contacts: {
        Row: {
          contact_id: string;
          created_at: string;
          deal_id: string;
          id: string;
          organization_id: string;
          role: string | null;
        };
        Insert: {
          contact_id: string;
          created_at?: string;
          deal_id: string;
          id?: string;
          organization_id?: string;
          role?: string | null;
        };
        Update: {
          contact_id?: string;
          created_at?: string;
          deal_id?: string;
          id?: string;
          organization_id?: string;
          role?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'deal_contacts_contact_id_fkey';
            columns: ['contact_id'];
            isOneToOne: false;
            referencedRelation: 'contacts';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'deal_contacts_deal_id_fkey';
            columns: ['deal_id'];
            isOneToOne: false;
            referencedRelation: 'deals';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'deal_contacts_organization_id_fkey';
            columns: ['organization_id'];
            isOneToOne: false;
            referencedRelation: 'organizations';
            referencedColumns: ['id'];
          },
        ];
      };
      deal_owner_history: {
        Row: {
          changed_at: string;
          changed_by: string | null;
          deal_id: string;
          duration_seconds: number | null;
          ended_at: string | null;
          id: string;
          organization_id: string;
          owner_id: string | null;
          previous_owner_id: string | null;
          reason: string;
        };
        Insert: {
          changed_at?: string;
          changed_by?: string | null;
          deal_id: string;
          duration_seconds?: never;
          ended_at?: string | null;
          id?: string;
          organization_id: string;
          owner_id?: string | null;
          previous_owner_id?: string | null;
          reason: string;
        };
        Update: {
          changed_at?: string;
          changed_by?: string | null;
          deal_id?: string;
          duration_seconds?: never;
          ended_at?: string | null;
          id?: string;
          organization_id?: string;
          owner_id?: string | null;
          previous_owner_id?: string | null;
          reason?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'deal_owner_history_changed_by_fkey';
            columns: ['changed_by'];
            isOneToOne: false;
            referencedRelation: 'profiles';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'deal_owner_history_deal_id_fkey';
            columns: ['deal_id'];
            isOneToOne: false;
            referencedRelation: 'deals';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'deal_owner_history_organization_id_fkey';
            columns: ['organization_id'];
            isOneToOne: false;
            referencedRelation: 'organizations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'deal_owner_history_owner_id_fkey';
            columns: ['owner_id'];
            isOneToOne: false;
            referencedRelation: 'profiles';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'deal_owner_history_previous_owner_id_fkey';
            columns: ['previous_owner_id'];
            isOneToOne: false;
            referencedRelation: 'profiles';
            referencedColumns: ['id'];
          },
        ];
      };
      deals: {
        Row: {
          closed_at: string | null;
          company_id: string | null;
          contact_id: string | null;
          conversation_id: string | null;
          created_at: string;
          currency: string;
          custom_fields: Json;
          description: string | null;
          expected_close_date: string | null;
          id: string;
          lost_reason: string | null;
          notes: string | null;
          organization_id: string;
          owner_id: string | null;
          pipeline_id: string | null;
          priority: string | null;
          probability: number | null;
          products: Json;
          source: string | null;
          stage: string;
          stage_changed_at: string;
          status: string;
          tags: string[];
          title: string;
          updated_at: string;
          value: number;
        };
        Insert: {
          closed_at?: string | null;
          company_id?: string | null;
          contact_id?: string | null;
          conversation_id?: string | null;
          created_at?: string;
          currency?: string;
          custom_fields?: Json;
          description?: string | null;
          expected_close_date?: string | null;
          id?: string;
          lost_reason?: string | null;
          notes?: string | null;
          organization_id?: string;
          owner_id?: string | null;
          pipeline_id?: string | null;
          priority?: string | null;
          probability?: number | null;
          products?: Json;
          source?: string | null;
          stage?: string;
          stage_changed_at?: string;
          status?: string;
          tags?: string[];
          title: string;
          updated_at?: string;
          value?: number;
        };
        Update: {
          closed_at?: string | null;
          company_id?: string | null;
          contact_id?: string | null;
          conversation_id?: string | null;
          created_at?: string;
          currency?: string;
          custom_fields?: Json;
          description?: string | null;
          expected_close_date?: string | null;
          id?: string;
          lost_reason?: string | null;
          notes?: string | null;
          organization_id?: string;
          owner_id?: string | null;
          pipeline_id?: string | null;
          priority?: string | null;
          probability?: number | null;
          products?: Json;
          source?: string | null;
          stage?: string;
          stage_changed_at?: string;
          status?: string;
          tags?: string[];
          title?: string;
          updated_at?: string;
          value?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'deals_company_id_fkey';
            columns: ['company_id'];
            isOneToOne: false;
            referencedRelation: 'companies';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'deals_contact_id_fkey';
            columns: ['contact_id'];
            isOneToOne: false;
            referencedRelation: 'contacts';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'deals_conversation_id_fkey';
            columns: ['conversation_id'];
            isOneToOne: false;
            referencedRelation: 'conversations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'deals_organization_id_fkey';
            columns: ['organization_id'];
            isOneToOne: false;
            referencedRelation: 'organizations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'deals_owner_id_fkey';
            columns: ['owner_id'];
            isOneToOne: false;
            referencedRelation: 'profiles';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'deals_pipeline_id_fkey';
            columns: ['pipeline_id'];
            isOneToOne: false;
            referencedRelation: 'pipelines';
            referencedColumns: ['id'];
          },
        ];
      };
      events: {
        Row: {
          actor_id: string | null;
          created_at: string;
          entity_id: string | null;
          entity_type: string;
          id: string;
          organization_id: string | null;
          payload: Json;
          type: string;
        };
        Insert: {
          actor_id?: string | null;
          created_at?: string;
          entity_id?: string | null;
          entity_type: string;
          id?: string;
          organization_id?: string | null;
          payload?: Json;
          type: string;
        };
        Update: {
          actor_id?: string | null;
          created_at?: string;
          entity_id?: string | null;
          entity_type?: string;
          id?: string;
          organization_id?: string | null;
          payload?: Json;
          type?: string;
        };
        Relationships: [];
      };
      inbound_events: {
        Row: {
          attempts: number;
          channel_account_id: string | null;
          channel_type: string;
          error_message: string | null;
          id: string;
          lane: number;
          organization_id: string | null;
          payload: Json;
          processed_at: string | null;
          provider_event_id: string;
          received_at: string;
          routing_key: string;
          sender_key: string;
          status: string;
        };
        Insert: {
          attempts?: number;
          channel_account_id?: string | null;
          channel_type: string;
          error_message?: string | null;
          id?: string;
          lane?: never;
          organization_id?: string | null;
          payload: Json;
          processed_at?: string | null;
          provider_event_id: string;
          received_at?: string;
          routing_key?: string;
          sender_key?: string;
          status?: string;
        };
        Update: {
          attempts?: number;
          channel_account_id?: string | null;
          channel_type?: string;
          error_message?: string | null;
          id?: string;
          lane?: never;
          organization_id?: string | null;
          payload?: Json;
          processed_at?: string | null;
          provider_event_id?: string;
          received_at?: string;
          routing_key?: string;
          sender_key?: string;
          status?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'inbound_events_channel_account_id_fkey';
            columns: ['channel_account_id'];
            isOneToOne: false;
            referencedRelation: 'channel_accounts';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'inbound_events_organization_id_fkey';
            columns: ['organization_id'];
            isOneToOne: false;
            referencedRelation: 'organizations';
            referencedColumns: ['id'];
          },
        ];
      };
      invitations: {
        Row: {
          accepted_at: string | null;
          accepted_by: string | null;
          created_at: string;
          email: string;
          expires_at: string;
          id: string;
          invited_by: string | null;
          organization_id: string;
          permissions: Json;
          role: Database['public']['Enums']['app_role'];
          status: string;
          updated_at: string;
        };
        Insert: {
          accepted_at?: string | null;
          accepted_by?: string | null;
          created_at?: string;
          email: string;
          expires_at?: string;
          id?: string;
          invited_by?: string | null;
          organization_id: string;
          permissions?: Json;
          role?: Database['public']['Enums']['app_role'];
          status?: string;
          updated_at?: string;
        };
        Update: {
          accepted_at?: string | null;
          accepted_by?: string | null;
          created_at?: string;
          email?: string;
          expires_at?: string;
          id?: string;
          invited_by?: string | null;
          organization_id?: string;
          permissions?: Json;
          role?: Database['public']['Enums']['app_role'];
          status?: string;
          updated_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'invitations_accepted_by_fkey';
            columns: ['accepted_by'];
            isOneToOne: false;
            referencedRelation: 'profiles';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'invitations_invited_by_fkey';
            columns: ['invited_by'];
            isOneToOne: false;
            referencedRelation: 'profiles';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'invitations_organization_id_fkey';
            columns: ['organization_id'];
            isOneToOne: false;
            referencedRelation: 'organizations';
            referencedColumns: ['id'];
          },
        ];
      };
      lifecycle_stages: {
        Row: {
          color: string;
          created_at: string;
          id: string;
          is_default: boolean;
          name: string;
          organization_id: string;
          position: number;
          updated_at: string;
        };
        Insert: {
          color?: string;
          created_at?: string;
          id?: string;
          is_default?: boolean;
          name: string;
          organization_id?: string;
          position?: number;
          updated_at?: string;
        };
        Update: {
          color?: string;
          created_at?: string;
          id?: string;
          is_default?: boolean;
          name?: string;
          organization_id?: string;
          position?: number;
          updated_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'lifecycle_stages_organization_id_fkey';
            columns: ['organization_id'];
            isOneToOne: false;
            referencedRelation: 'organizations';
            referencedColumns: ['id'];
          },
        ];
      };
      message_reactions: {
        Row: {
          contact_id: string | null;
          conversation_id: string;
          created_at: string;
          emoji: string;
          external_id: string | null;
          id: string;
          message_id: string;
          organization_id: string;
          user_id: string | null;
        };
        Insert: {
          contact_id?: string | null;
          conversation_id: string;
          created_at?: string;
          emoji: string;
          external_id?: string | null;
          id?: string;
          message_id: string;
          organization_id: string;
          user_id?: string | null;
        };
        Update: {
          contact_id?: string | null;
          conversation_id?: string;
          created_at?: string;
          emoji?: string;
          external_id?: string | null;
          id?: string;
          message_id?: string;
          organization_id?: string;
          user_id?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'message_reactions_contact_id_fkey';
            columns: ['contact_id'];
            isOneToOne: false;
            referencedRelation: 'contacts';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'message_reactions_conversation_id_fkey';
            columns: ['conversation_id'];
            isOneToOne: false;
            referencedRelation: 'conversations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'message_reactions_message_id_fkey';
            columns: ['message_id'];
            isOneToOne: false;
            referencedRelation: 'messages';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'message_reactions_organization_id_fkey';
            columns: ['organization_id'];
            isOneToOne: false;
            referencedRelation: 'organizations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'message_reactions_user_id_fkey';
            columns: ['user_id'];
            isOneToOne: false;
            referencedRelation: 'profiles';
            referencedColumns: ['id'];
          },
        ];
      };
      message_status_events: {
        Row: {
          created_at: string;
          error_code: string | null;
          error_message: string | null;
          id: string;
          message_id: string;
          organization_id: string;
          status: string;
        };
        Insert: {
          created_at?: string;
          error_code?: string | null;
          error_message?: string | null;
          id?: string;
          message_id: string;
          organization_id: string;
          status: string;
        };
        Update: {
          created_at?: string;
          error_code?: string | null;
          error_message?: string | null;
          id?: string;
          message_id?: string;
          organization_id?: string;
          status?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'message_status_events_message_id_fkey';
            columns: ['message_id'];
            isOneToOne: false;
            referencedRelation: 'messages';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'message_status_events_organization_id_fkey';
            columns: ['organization_id'];
            isOneToOne: false;
            referencedRelation: 'organizations';
            referencedColumns: ['id'];
          },
        ];
      };
      messages: {
        Row: {
          channel: string | null;
          channel_account_id: string | null;
          client_id: string | null;
          contact_id: string | null;
          content: string | null;
          conversation_id: string;
          created_at: string;
          deleted_at: string | null;
          delivered_at: string | null;
          direction: string;
          edited_at: string | null;
          error_code: string | null;
          error_message: string | null;
          external_id: string | null;
          failed_at: string | null;
          id: string;
          message_type: string;
          metadata: Json;
          organization_id: string;
          read_at: string | null;
          reply_to_id: string | null;
          scheduled_at: string | null;
          search: string | null;
          send_attempts: number;
          sender_id: string | null;
          sender_type: string;
          sent_at: string | null;
          status: string;
          updated_at: string;
        };
        Insert: {
          channel?: string | null;
          channel_account_id?: string | null;
          client_id?: string | null;
          contact_id?: string | null;
          content?: string | null;
          conversation_id: string;
          created_at?: string;
          deleted_at?: string | null;
          delivered_at?: string | null;
          direction: string;
          edited_at?: string | null;
          error_code?: string | null;
          error_message?: string | null;
          external_id?: string | null;
          failed_at?: string | null;
          id?: string;
          message_type?: string;
          metadata?: Json;
          organization_id: string;
          read_at?: string | null;
          reply_to_id?: string | null;
          scheduled_at?: string | null;
          search?: never;
          send_attempts?: number;
          sender_id?: string | null;
          sender_type?: string;
          sent_at?: string | null;
          status: string;
          updated_at?: string;
        };
        Update: {
          channel?: string | null;
          channel_account_id?: string | null;
          client_id?: string | null;
          contact_id?: string | null;
          content?: string | null;
          conversation_id?: string;
          created_at?: string;
          deleted_at?: string | null;
          delivered_at?: string | null;
          direction?: string;
          edited_at?: string | null;
          error_code?: string | null;
          error_message?: string | null;
          external_id?: string | null;
          failed_at?: string | null;
          id?: string;
          message_type?: string;
          metadata?: Json;
          organization_id?: string;
          read_at?: string | null;
          reply_to_id?: string | null;
          scheduled_at?: string | null;
          search?: never;
          send_attempts?: number;
          sender_id?: string | null;
          sender_type?: string;
          sent_at?: string | null;
          status?: string;
          updated_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'messages_channel_account_id_fkey';
            columns: ['channel_account_id'];
            isOneToOne: false;
            referencedRelation: 'channel_accounts';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'messages_contact_id_fkey';
            columns: ['contact_id'];
            isOneToOne: false;
            referencedRelation: 'contacts';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'messages_conversation_id_fkey';
            columns: ['conversation_id'];
            isOneToOne: false;
            referencedRelation: 'conversations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'messages_organization_id_fkey';
            columns: ['organization_id'];
            isOneToOne: false;
            referencedRelation: 'organizations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'messages_reply_to_id_fkey';
            columns: ['reply_to_id'];
            isOneToOne: false;
            referencedRelation: 'messages';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'messages_sender_id_fkey';
            columns: ['sender_id'];
            isOneToOne: false;
            referencedRelation: 'profiles';
            referencedColumns: ['id'];
          },
        ];
      };
      notes: {
        Row: {
          author_id: string | null;
          company_id: string | null;
          contact_id: string | null;
          content: string;
          conversation_id: string | null;
          created_at: string;
          deal_id: string | null;
          id: string;
          is_pinned: boolean;
          mentions: string[];
          organization_id: string;
          updated_at: string;
        };
        Insert: {
          author_id?: string | null;
          company_id?: string | null;
          contact_id?: string | null;
          content: string;
          conversation_id?: string | null;
          created_at?: string;
          deal_id?: string | null;
          id?: string;
          is_pinned?: boolean;
          mentions?: string[];
          organization_id?: string;
          updated_at?: string;
        };
        Update: {
          author_id?: string | null;
          company_id?: string | null;
          contact_id?: string | null;
          content?: string;
          conversation_id?: string | null;
          created_at?: string;
          deal_id?: string | null;
          id?: string;
          is_pinned?: boolean;
          mentions?: string[];
          organization_id?: string;
          updated_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'notes_author_id_fkey';
            columns: ['author_id'];
            isOneToOne: false;
            referencedRelation: 'profiles';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'notes_company_id_fkey';
            columns: ['company_id'];
            isOneToOne: false;
            referencedRelation: 'companies';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'notes_contact_id_fkey';
            columns: ['contact_id'];
            isOneToOne: false;
            referencedRelation: 'contacts';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'notes_conversation_id_fkey';
            columns: ['conversation_id'];
            isOneToOne: false;
            referencedRelation: 'conversations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'notes_deal_id_fkey';
            columns: ['deal_id'];
            isOneToOne: false;
            referencedRelation: 'deals';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'notes_organization_id_fkey';
            columns: ['organization_id'];
            isOneToOne: false;
            referencedRelation: 'organizations';
            referencedColumns: ['id'];
          },
        ];
      };
      organizations: {
        Row: {
          business_hours: Json;
          created_at: string;
          currency: string;
          id: string;
          is_demo: boolean;
          locale: string;
          logo_url: string | null;
          name: string;
          settings: Json;
          slug: string;
          timezone: string;
          updated_at: string;
        };
        Insert: {
          business_hours?: Json;
          created_at?: string;
          currency?: string;
          id?: string;
          is_demo?: boolean;
          locale?: string;
          logo_url?: string | null;
          name: string;
          settings?: Json;
          slug: string;
          timezone?: string;
          updated_at?: string;
        };
        Update: {
          business_hours?: Json;
          created_at?: string;
          currency?: string;
          id?: string;
          is_demo?: boolean;
          locale?: string;
          logo_url?: string | null;
          name?: string;
          settings?: Json;
          slug?: string;
          timezone?: string;
          updated_at?: string;
        };
        Relationships: [];
      };
      pipelines: {
        Row: {
          created_at: string;
          id: string;
          is_default: boolean;
          name: string;
          organization_id: string;
          position: number;
          stages: Json;
          updated_at: string;
        };
        Insert: {
          created_at?: string;
          id?: string;
          is_default?: boolean;
          name: string;
          organization_id?: string;
          position?: number;
          stages?: Json;
          updated_at?: string;
        };
        Update: {
          created_at?: string;
          id?: string;
          is_default?: boolean;
          name?: string;
          organization_id?: string;
          position?: number;
          stages?: Json;
          updated_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'pipelines_organization_id_fkey';
            columns: ['organization_id'];
            isOneToOne: false;
            referencedRelation: 'organizations';
            referencedColumns: ['id'];
          },
        ];
      };
      profiles: {
        Row: {
          avatar_url: string | null;
          created_at: string;
          email: string | null;
          email_confirmed: boolean;
          first_name: string | null;
          full_name: string | null;
          id: string;
          is_active: boolean;
          is_online: boolean;
          language: string | null;
          last_name: string | null;
          last_seen_at: string | null;
          onboarding_completed: boolean;
          organization_id: string | null;
          permissions: Json;
          phone: string | null;
          preferences: Json;
          timezone: string | null;
          updated_at: string;
        };
        Insert: {
          avatar_url?: string | null;
          created_at?: string;
          email?: string | null;
          email_confirmed?: boolean;
          first_name?: string | null;
          full_name?: never;
          id: string;
          is_active?: boolean;
          is_online?: boolean;
          language?: string | null;
          last_name?: string | null;
          last_seen_at?: string | null;
          onboarding_completed?: boolean;
          organization_id?: string | null;
          permissions?: Json;
          phone?: string | null;
          preferences?: Json;
          timezone?: string | null;
          updated_at?: string;
        };
        Update: {
          avatar_url?: string | null;
          created_at?: string;
          email?: string | null;
          email_confirmed?: boolean;
          first_name?: string | null;
          full_name?: never;
          id?: string;
          is_active?: boolean;
          is_online?: boolean;
          language?: string | null;
          last_name?: string | null;
          last_seen_at?: string | null;
          onboarding_completed?: boolean;
          organization_id?: string | null;
          permissions?: Json;
          phone?: string | null;
          preferences?: Json;
          timezone?: string | null;
          updated_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'profiles_organization_id_fkey';
            columns: ['organization_id'];
            isOneToOne: false;
            referencedRelation: 'organizations';
            referencedColumns: ['id'];
          },
        ];
      };
      quick_replies: {
        Row: {
          category: string | null;
          content: string;
          created_at: string;
          created_by: string | null;
          id: string;
          image_url: string | null;
          language: string | null;
          name: string;
          organization_id: string;
          owner_id: string | null;
          shortcut: string | null;
          updated_at: string;
          use_count: number;
        };
        Insert: {
          category?: string | null;
          content: string;
          created_at?: string;
          created_by?: string | null;
          id?: string;
          image_url?: string | null;
          language?: string | null;
          name: string;
          organization_id?: string;
          owner_id?: string | null;
          shortcut?: string | null;
          updated_at?: string;
          use_count?: number;
        };
        Update: {
          category?: string | null;
          content?: string;
          created_at?: string;
          created_by?: string | null;
          id?: string;
          image_url?: string | null;
          language?: string | null;
          name?: string;
          organization_id?: string;
          owner_id?: string | null;
          shortcut?: string | null;
          updated_at?: string;
          use_count?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'quick_replies_organization_id_fkey';
            columns: ['organization_id'];
            isOneToOne: false;
            referencedRelation: 'organizations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'quick_replies_owner_id_fkey';
            columns: ['owner_id'];
            isOneToOne: false;
            referencedRelation: 'profiles';
            referencedColumns: ['id'];
          },
        ];
      };
      saved_filters: {
        Row: {
          area: string;
          created_at: string;
          filter: Json;
          id: string;
          is_shared: boolean;
          name: string;
          organization_id: string;
          position: number;
          updated_at: string;
          user_id: string;
        };
        Insert: {
          area: string;
          created_at?: string;
          filter?: Json;
          id?: string;
          is_shared?: boolean;
          name: string;
          organization_id?: string;
          position?: number;
          updated_at?: string;
          user_id?: string;
        };
        Update: {
          area?: string;
          created_at?: string;
          filter?: Json;
          id?: string;
          is_shared?: boolean;
          name?: string;
          organization_id?: string;
          position?: number;
          updated_at?: string;
          user_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'saved_filters_organization_id_fkey';
            columns: ['organization_id'];
            isOneToOne: false;
            referencedRelation: 'organizations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'saved_filters_user_id_fkey';
            columns: ['user_id'];
            isOneToOne: false;
            referencedRelation: 'profiles';
            referencedColumns: ['id'];
          },
        ];
      };
      tags: {
        Row: {
          color: string;
          created_at: string;
          id: string;
          name: string;
          organization_id: string;
        };
        Insert: {
          color?: string;
          created_at?: string;
          id?: string;
          name: string;
          organization_id?: string;
        };
        Update: {
          color?: string;
          created_at?: string;
          id?: string;
          name?: string;
          organization_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'tags_organization_id_fkey';
            columns: ['organization_id'];
            isOneToOne: false;
            referencedRelation: 'organizations';
            referencedColumns: ['id'];
          },
        ];
      };
      tasks: {
        Row: {
          assignee_id: string | null;
          completed: boolean;
          completed_at: string | null;
          contact_id: string | null;
          conversation_id: string | null;
          created_at: string;
          created_by: string | null;
          deal_id: string | null;
          description: string | null;
          due_date: string | null;
          id: string;
          organization_id: string;
          priority: string;
          tags: string[];
          title: string;
          updated_at: string;
        };
        Insert: {
          assignee_id?: string | null;
          completed?: boolean;
          completed_at?: string | null;
          contact_id?: string | null;
          conversation_id?: string | null;
          created_at?: string;
          created_by?: string | null;
          deal_id?: string | null;
          description?: string | null;
          due_date?: string | null;
          id?: string;
          organization_id?: string;
          priority?: string;
          tags?: string[];
          title: string;
          updated_at?: string;
        };
        Update: {
          assignee_id?: string | null;
          completed?: boolean;
          completed_at?: string | null;
          contact_id?: string | null;
          conversation_id?: string | null;
          created_at?: string;
          created_by?: string | null;
          deal_id?: string | null;
          description?: string | null;
          due_date?: string | null;
          id?: string;
          organization_id?: string;
          priority?: string;
          tags?: string[];
          title?: string;
          updated_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'tasks_assignee_id_fkey';
            columns: ['assignee_id'];
            isOneToOne: false;
            referencedRelation: 'profiles';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'tasks_contact_id_fkey';
            columns: ['contact_id'];
            isOneToOne: false;
            referencedRelation: 'contacts';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'tasks_conversation_id_fkey';
            columns: ['conversation_id'];
            isOneToOne: false;
            referencedRelation: 'conversations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'tasks_deal_id_fkey';
            columns: ['deal_id'];
            isOneToOne: false;
            referencedRelation: 'deals';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'tasks_organization_id_fkey';
            columns: ['organization_id'];
            isOneToOne: false;
            referencedRelation: 'organizations';
            referencedColumns: ['id'];
          },
        ];
      };
      templates: {
        Row: {
          category: string;
          channel_account_id: string | null;
          components: Json;
          content: string | null;
          created_at: string;
          created_by: string | null;
          external_id: string | null;
          id: string;
          image_url: string | null;
          language: string;
          name: string;
          organization_id: string;
          quality: string | null;
          rejection_reason: string | null;
          status: string;
          updated_at: string;
        };
        Insert: {
          category?: string;
          channel_account_id?: string | null;
          components?: Json;
          content?: string | null;
          created_at?: string;
          created_by?: string | null;
          external_id?: string | null;
          id?: string;
          image_url?: string | null;
          language?: string;
          name: string;
          organization_id?: string;
          quality?: string | null;
          rejection_reason?: string | null;
          status?: string;
          updated_at?: string;
        };
        Update: {
          category?: string;
          channel_account_id?: string | null;
          components?: Json;
          content?: string | null;
          created_at?: string;
          created_by?: string | null;
          external_id?: string | null;
          id?: string;
          image_url?: string | null;
          language?: string;
          name?: string;
          organization_id?: string;
          quality?: string | null;
          rejection_reason?: string | null;
          status?: string;
          updated_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'templates_channel_account_id_fkey';
            columns: ['channel_account_id'];
            isOneToOne: false;
            referencedRelation: 'channel_accounts';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'templates_organization_id_fkey';
            columns: ['organization_id'];
            isOneToOne: false;
            referencedRelation: 'organizations';
            referencedColumns: ['id'];
          },
        ];
      };
      user_channel_access: {
        Row: {
          channel_account_id: string;
          created_at: string;
          id: string;
          organization_id: string;
          user_id: string;
        };
        Insert: {
          channel_account_id: string;
          created_at?: string;
          id?: string;
          organization_id?: string;
          user_id: string;
        };
        Update: {
          channel_account_id?: string;
          created_at?: string;
          id?: string;
          organization_id?: string;
          user_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'user_channel_access_channel_account_id_fkey';
            columns: ['channel_account_id'];
            isOneToOne: false;
            referencedRelation: 'channel_accounts';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'user_channel_access_organization_id_fkey';
            columns: ['organization_id'];
            isOneToOne: false;
            referencedRelation: 'organizations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'user_channel_access_user_id_fkey';
            columns: ['user_id'];
            isOneToOne: false;
            referencedRelation: 'profiles';
            referencedColumns: ['id'];
          },
        ];
      };
      user_roles: {
        Row: {
          created_at: string;
          id: string;
          is_active: boolean;
          organization_id: string;
          permissions: Json;
          role: Database['public']['Enums']['app_role'];
          updated_at: string;
          user_id: string;
        };
        Insert: {
          created_at?: string;
          id?: string;
          is_active?: boolean;
          organization_id: string;
          permissions?: Json;
          role?: Database['public']['Enums']['app_role'];
          updated_at?: string;
          user_id: string;
        };
        Update: {
          created_at?: string;
          id?: string;
          is_active?: boolean;
          organization_id?: string;
          permissions?: Json;
          role?: Database['public']['Enums']['app_role'];
          updated_at?: string;
          user_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'user_roles_organization_id_fkey';
            columns: ['organization_id'];
            isOneToOne: false;
            referencedRelation: 'organizations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'user_roles_user_id_fkey';
            columns: ['user_id'];
            isOneToOne: false;
            referencedRelation: 'profiles';
            referencedColumns: ['id'];
          },
        ];
      };
      webhook_configurations: {
        Row: {
          created_at: string;
          created_by: string | null;
          custom_headers: Json;
          disabled_at: string | null;
          disabled_reason: string | null;
          events: string[];
          failure_count: number;
          has_secret: boolean;
          id: string;
          is_active: boolean;
          last_delivery_at: string | null;
          name: string;
          organization_id: string;
          secret: string | null;
          updated_at: string;
          url: string;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          custom_headers?: Json;
          disabled_at?: string | null;
          disabled_reason?: string | null;
          events?: string[];
          failure_count?: number;
          has_secret?: boolean;
          id?: string;
          is_active?: boolean;
          last_delivery_at?: string | null;
          name?: string;
          organization_id?: string;
          secret?: string | null;
          updated_at?: string;
          url: string;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          custom_headers?: Json;
          disabled_at?: string | null;
          disabled_reason?: string | null;
          events?: string[];
          failure_count?: number;
          has_secret?: boolean;
          id?: string;
          is_active?: boolean;
          last_delivery_at?: string | null;
          name?: string;
          organization_id?: string;
          secret?: string | null;
          updated_at?: string;
          url?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'webhook_configurations_organization_id_fkey';
            columns: ['organization_id'];
            isOneToOne: false;
            referencedRelation: 'organizations';
            referencedColumns: ['id'];
          },
        ];
      };
      webhook_logs: {
        Row: {
          attempt: number;
          created_at: string;
          duration_ms: number | null;
          error_message: string | null;
          event_id: string | null;
          event_type: string;
          id: string;
          next_retry_at: string | null;
          organization_id: string;
          payload: Json;
          response_body: string | null;
          response_status: number | null;
          status: string;
          webhook_id: string | null;
        };
        Insert: {
          attempt?: number;
          created_at?: string;
          duration_ms?: number | null;
          error_message?: string | null;
          event_id?: string | null;
          event_type: string;
          id?: string;
          next_retry_at?: string | null;
          organization_id: string;
          payload: Json;
          response_body?: string | null;
          response_status?: number | null;
          status: string;
          webhook_id?: string | null;
        };
        Update: {
          attempt?: number;
          created_at?: string;
          duration_ms?: number | null;
          error_message?: string | null;
          event_id?: string | null;
          event_type?: string;
          id?: string;
          next_retry_at?: string | null;
          organization_id?: string;
          payload?: Json;
          response_body?: string | null;
          response_status?: number | null;
          status?: string;
          webhook_id?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'webhook_logs_organization_id_fkey';
            columns: ['organization_id'];
            isOneToOne: false;
            referencedRelation: 'organizations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'webhook_logs_webhook_id_fkey';
            columns: ['webhook_id'];
            isOneToOne: false;
            referencedRelation: 'webhook_configurations';
            referencedColumns: ['id'];
          },
        ];
      };
    };
    Views: Record<never, never>;
    Functions: {
      get_conversation_unread_counts: {
        Args: never;
        Returns: {
          conversation_id: string;
          unread_count: number;
        }[];
      };
      get_unanswered_conversations_count: {
        Args: never;
        Returns: number;
      };
      inbox_counts: {
        Args: never;
        Returns: Json;
      };
      mark_conversation_read: {
        Args: {
          p_conversation_id: string;
        };
        Returns: undefined;
      };
      mark_conversation_unread: {
        Args: {
          p_conversation_id: string;
        };
        Returns: undefined;
      };
      my_organizations: {
        Args: never;
        Returns: {
          id: string;
          name: string;
          slug: string;
          logo_url: string;
          role: Database['public']['Enums']['app_role'];
          is_current: boolean;
        }[];
      };
      search_contacts: {
        Args: {
          p_query: string;
        };
        Returns: Database['public']['Tables']['contacts']['Row'][];
        SetofOptions: {
          from: '*';
          to: 'contacts';
          isOneToOne: false;
          isSetofReturn: true;
        };
      };
      search_conversations: {
        Args: {
          p_query: string;
          p_limit?: number;
        };
        Returns: {
          conversation_id: string;
          message_id: string;
          snippet: string;
          matched: string;
          at: string;
        }[];
      };
      send_message: {
        Args: {
          p_conversation_id: string;
          p_content?: string;
          p_message_type?: string;
          p_client_id?: string;
          p_reply_to_id?: string;
          p_attachments?: Json;
          p_metadata?: Json;
          p_scheduled_at?: string;
        };
        Returns: Database['public']['Tables']['messages']['Row'];
        SetofOptions: {
          from: '*';
          to: 'messages';
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      start_conversation: {
        Args: {
          p_contact_id: string;
          p_channel_account_id: string;
        };
        Returns: Database['public']['Tables']['conversations']['Row'];
        SetofOptions: {
          from: '*';
          to: 'conversations';
          isOneToOne: true;
          isSetofReturn: false;
        };
      };
      switch_organization: {
        Args: {
          p_organization_id: string;
        };
        Returns: Json;
      };
      touch_presence: {
        Args: never;
        Returns: undefined;
      };
      who_am_i: {
        Args: never;
        Returns: Json;
      };
    };
    Enums: {
      app_role: 'OWNER' | 'ADMIN' | 'AGENT' | 'PROJECT_MANAGER' | 'TEAM_ADMIN';
    };
    CompositeTypes: Record<never, never>;
  };
};

type PublicSchema = Database['public'];

/** A row as a SELECT returns it. */
export type Tables<Name extends keyof PublicSchema['Tables'] | keyof PublicSchema['Views']> = (PublicSchema['Tables'] &
  PublicSchema['Views'])[Name]['Row'];

/** A row as an INSERT takes it. */
export type TablesInsert<Name extends keyof PublicSchema['Tables']> = PublicSchema['Tables'][Name]['Insert'];

/** The columns that an UPDATE changes. */
export type TablesUpdate<Name extends keyof PublicSchema['Tables']> = PublicSchema['Tables'][Name]['Update'];

export type Enums<Name extends keyof PublicSchema['Enums']> = PublicSchema['Enums'][Name];

export const Constants = {
  public: {
    Enums: {
      app_role: ['OWNER', 'ADMIN', 'AGENT', 'PROJECT_MANAGER', 'TEAM_ADMIN'],
    },
  },
} as const;
