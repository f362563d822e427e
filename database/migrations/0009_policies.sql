-- Who sees and changes what. Every product table has row level security; only the tables' owner passes it.
-- Functions stand in sub-selects so that they are evaluated once per statement, not once per row.

do $$
declare
  t text;
begin
  foreach t in array array['organizations', 'profiles', 'user_roles', 'invitations', 'channel_accounts', 'user_channel_access',
    'lifecycle_stages', 'tags', 'companies', 'contacts', 'contact_identities', 'pipelines', 'deals', 'deal_contacts',
    'deal_owner_history', 'conversations', 'messages', 'attachments', 'message_reactions', 'message_status_events',
    'conversation_drafts', 'tasks', 'notes', 'templates', 'quick_replies', 'saved_filters', 'api_keys',
    'webhook_configurations', 'webhook_logs', 'inbound_events', 'activity_logs', 'events'] loop
    execute format('alter table public.%I enable row level security', t);
    execute format('revoke all on public.%I from anon, authenticated', t);
    execute format('grant select, insert, update, delete on public.%I to service_role', t);
    execute format('create policy service_role_all on public.%I for all to service_role using (true) with check (true)', t);
  end loop;

  -- What members may write; the rest is read-only to them.
  foreach t in array array['channel_accounts', 'user_channel_access', 'lifecycle_stages', 'tags', 'companies', 'contacts',
    'contact_identities', 'pipelines', 'deals', 'deal_contacts', 'conversations', 'messages', 'attachments', 'message_reactions',
    'conversation_drafts', 'tasks', 'notes', 'templates', 'quick_replies', 'saved_filters', 'webhook_configurations'] loop
    execute format('grant select, insert, update, delete on public.%I to authenticated', t);
  end loop;
  foreach t in array array['deal_owner_history', 'message_status_events', 'webhook_logs', 'inbound_events', 'activity_logs', 'events'] loop
    execute format('grant select on public.%I to authenticated', t);
  end loop;
end
$$;
grant select, update on public.organizations to authenticated;
grant select, update on public.profiles to authenticated;
grant select, insert, update, delete on public.user_roles to authenticated;
grant select, update, delete on public.invitations to authenticated;
grant select, update, delete on public.api_keys to authenticated;

-- Tables of one tenant where membership is enough to read.
do $$
declare
  t text;
begin
  foreach t in array array['lifecycle_stages', 'tags', 'pipelines', 'templates', 'deal_owner_history'] loop
    execute format('create policy members_read on public.%I for select to authenticated
      using (organization_id = (select app.organization_id()))', t);
  end loop;
  foreach t in array array['lifecycle_stages', 'pipelines', 'channel_accounts', 'user_channel_access', 'webhook_configurations'] loop
    execute format('create policy managers_insert on public.%I for insert to authenticated
      with check (organization_id = (select app.organization_id()) and (select app.can(''can_manage_settings'')))', t);
    execute format('create policy managers_update on public.%I for update to authenticated
      using (organization_id = (select app.organization_id()) and (select app.can(''can_manage_settings'')))
      with check (organization_id = (select app.organization_id()))', t);
    execute format('create policy managers_delete on public.%I for delete to authenticated
      using (organization_id = (select app.organization_id()) and (select app.can(''can_manage_settings'')))', t);
  end loop;
end
$$;

-- ---------------------------------------------------------------- identity
create policy members_read on public.organizations for select to authenticated using (
  id = (select app.organization_id())
  or id in (select r.organization_id from public.user_roles r where r.user_id = (select app.user_id())));
create policy managers_update on public.organizations for update to authenticated
  using (id = (select app.organization_id()) and (select app.can('can_manage_settings')))
  with check (id = (select app.organization_id()));

create policy read_colleagues on public.profiles for select to authenticated
  using (id = (select app.user_id()) or (select app.organization_id()) is not null and app.is_colleague(id));
create policy update_self_or_team on public.profiles for update to authenticated
  using (id = (select app.user_id()) or ((select app.can('can_manage_team')) and app.is_colleague(id)));

create policy read_memberships on public.user_roles for select to authenticated
  using (organization_id = (select app.organization_id()) or user_id = (select app.user_id()));
create policy team_update on public.user_roles for update to authenticated
  using (organization_id = (select app.organization_id()) and (select app.can('can_manage_team')))
  with check (organization_id = (select app.organization_id()));
create policy team_delete on public.user_roles for delete to authenticated
  using (organization_id = (select app.organization_id()) and (select app.can('can_manage_team')));

create policy team_read on public.invitations for select to authenticated
  using (organization_id = (select app.organization_id()) and (select app.can('can_manage_team')));
create policy team_update on public.invitations for update to authenticated
  using (organization_id = (select app.organization_id()) and (select app.can('can_manage_team')))
  with check (organization_id = (select app.organization_id()));
create policy team_delete on public.invitations for delete to authenticated
  using (organization_id = (select app.organization_id()) and (select app.can('can_manage_team')));

-- ---------------------------------------------------------------- channels
create policy members_read on public.channel_accounts for select to authenticated
  using (organization_id = (select app.organization_id())
         and ((select app.allowed_channels()) is null or id = any ((select app.allowed_channels())::uuid[])));
create policy members_read on public.user_channel_access for select to authenticated
  using (organization_id = (select app.organization_id())
         and (user_id = (select app.user_id()) or (select app.can('can_manage_team'))));

-- ---------------------------------------------------------------- the inbox
create policy read_visible on public.conversations for select to authenticated
  using (organization_id = (select app.organization_id())
    and ((select app.sees_whole_inbox())
      or (((select app.can('can_see_all_conversations'))
           or ((select app.can('can_see_assigned_conversations')) and assignee_id = (select app.user_id())))
          and ((select app.allowed_channels()) is null or channel_account_id = any ((select app.allowed_channels())::uuid[])))));
create policy insert_own on public.conversations for insert to authenticated
  with check (organization_id = (select app.organization_id()) and (select app.can('can_send_messages'))
    and ((select app.allowed_channels()) is null or channel_account_id = any ((select app.allowed_channels())::uuid[])));
create policy update_visible on public.conversations for update to authenticated
  using (organization_id = (select app.organization_id())
    and ((select app.sees_whole_inbox())
      or (((select app.can('can_see_all_conversations'))
           or ((select app.can('can_see_assigned_conversations')) and assignee_id = (select app.user_id())))
          and ((select app.allowed_channels()) is null or channel_account_id = any ((select app.allowed_channels())::uuid[])))))
  with check (organization_id = (select app.organization_id()));
create policy delete_with_right on public.conversations for delete to authenticated
  using (organization_id = (select app.organization_id()) and (select app.can('can_delete_data')));

-- A message is as visible as its conversation.
create policy read_visible on public.messages for select to authenticated
  using (organization_id = (select app.organization_id()) and (select app.can('can_read_messages'))
    and ((select app.sees_whole_inbox()) or exists (select 1 from public.conversations c where c.id = conversation_id)));
create policy insert_allowed on public.messages for insert to authenticated
  with check (organization_id = (select app.organization_id()) and (select app.can('can_send_messages'))
    and ((select app.sees_whole_inbox()) or exists (select 1 from public.conversations c where c.id = conversation_id)));
create policy update_visible on public.messages for update to authenticated
  using (organization_id = (select app.organization_id()) and (select app.can('can_send_messages'))
    and ((select app.sees_whole_inbox()) or exists (select 1 from public.conversations c where c.id = conversation_id)))
  with check (organization_id = (select app.organization_id()));
create policy delete_with_right on public.messages for delete to authenticated
  using (organization_id = (select app.organization_id()) and (select app.can('can_delete_data')));

create policy read_visible on public.attachments for select to authenticated
  using (organization_id = (select app.organization_id())
    and ((select app.sees_whole_inbox() and app.can('can_read_messages'))
         or exists (select 1 from public.messages m where m.id = message_id)));
create policy insert_allowed on public.attachments for insert to authenticated
  with check (organization_id = (select app.organization_id()) and (select app.can('can_send_messages'))
    and exists (select 1 from public.messages m where m.id = message_id and m.direction = 'OUTBOUND'));
create policy read_visible on public.message_reactions for select to authenticated
  using (organization_id = (select app.organization_id())
    and ((select app.sees_whole_inbox() and app.can('can_read_messages'))
         or exists (select 1 from public.messages m where m.id = message_id)));
create policy insert_own on public.message_reactions for insert to authenticated
  with check (organization_id = (select app.organization_id()) and user_id = (select app.user_id())
    and exists (select 1 from public.messages m where m.id = message_id));
create policy update_own on public.message_reactions for update to authenticated
  using (user_id = (select app.user_id())) with check (user_id = (select app.user_id())
    and organization_id = (select app.organization_id()));
create policy delete_own on public.message_reactions for delete to authenticated using (user_id = (select app.user_id()));
create policy read_visible on public.message_status_events for select to authenticated
  using (organization_id = (select app.organization_id())
    and ((select app.sees_whole_inbox() and app.can('can_read_messages'))
         or exists (select 1 from public.messages m where m.id = message_id)));

create policy own on public.conversation_drafts for all to authenticated
  using (organization_id = (select app.organization_id()) and user_id = (select app.user_id()))
  with check (organization_id = (select app.organization_id()) and user_id = (select app.user_id())
    and exists (select 1 from public.conversations c where c.id = conversation_id));

-- ---------------------------------------------------------------- CRM
-- With CRM access all contacts; without it only the people one is talking to.
create policy read_visible on public.contacts for select to authenticated
  using (organization_id = (select app.organization_id())
    and ((select app.can('can_access_crm')) or exists (select 1 from public.conversations c where c.contact_id = contacts.id)));
create policy insert_crm on public.contacts for insert to authenticated
  with check (organization_id = (select app.organization_id()) and (select app.can('can_access_crm')));
create policy update_visible on public.contacts for update to authenticated
  using (organization_id = (select app.organization_id())
    and ((select app.can('can_access_crm')) or exists (select 1 from public.conversations c where c.contact_id = contacts.id)))
  with check (organization_id = (select app.organization_id()));
create policy delete_with_right on public.contacts for delete to authenticated
  using (organization_id = (select app.organization_id()) and (select app.can('can_delete_data')));

create policy read_visible on public.contact_identities for select to authenticated
  using (organization_id = (select app.organization_id()) and ((select app.can('can_access_crm'))
    or exists (select 1 from public.contacts c where c.id = contact_id)));
create policy write_crm on public.contact_identities for all to authenticated
  using (organization_id = (select app.organization_id()) and (select app.can('can_access_crm')))
  with check (organization_id = (select app.organization_id()) and (select app.can('can_access_crm')));

create policy read_crm on public.companies for select to authenticated
  using (organization_id = (select app.organization_id()) and (select app.can('can_access_crm')));
create policy insert_crm on public.companies for insert to authenticated
  with check (organization_id = (select app.organization_id()) and (select app.can('can_access_crm')));
create policy update_crm on public.companies for update to authenticated
  using (organization_id = (select app.organization_id()) and (select app.can('can_access_crm')))
  with check (organization_id = (select app.organization_id()));
create policy delete_with_right on public.companies for delete to authenticated
  using (organization_id = (select app.organization_id()) and (select app.can('can_delete_data')));

create policy read_visible on public.deals for select to authenticated
  using (organization_id = (select app.organization_id()) and (select app.can('can_access_crm'))
    and ((select app.can('can_see_all_deals')) or owner_id = (select app.user_id())));
create policy insert_crm on public.deals for insert to authenticated
  with check (organization_id = (select app.organization_id()) and (select app.can('can_access_crm')));
create policy update_visible on public.deals for update to authenticated
  using (organization_id = (select app.organization_id()) and (select app.can('can_access_crm'))
    and ((select app.can('can_see_all_deals')) or owner_id = (select app.user_id())))
  with check (organization_id = (select app.organization_id()));
create policy delete_with_right on public.deals for delete to authenticated
  using (organization_id = (select app.organization_id()) and (select app.can('can_delete_data')));
create policy of_visible_deals on public.deal_contacts for all to authenticated
  using (organization_id = (select app.organization_id()) and exists (select 1 from public.deals d where d.id = deal_id))
  with check (organization_id = (select app.organization_id()) and exists (select 1 from public.deals d where d.id = deal_id));

create policy insert_tags on public.tags for insert to authenticated
  with check (organization_id = (select app.organization_id()) and ((select app.can('can_access_crm')) or (select app.can('can_send_messages'))));
create policy update_tags on public.tags for update to authenticated
  using (organization_id = (select app.organization_id()) and (select app.can('can_manage_settings')))
  with check (organization_id = (select app.organization_id()));
create policy delete_tags on public.tags for delete to authenticated
  using (organization_id = (select app.organization_id()) and (select app.can('can_manage_settings')));

-- ---------------------------------------------------------------- work
create policy read_tasks on public.tasks for select to authenticated
  using (organization_id = (select app.organization_id())
    and ((select app.can('can_access_tasks')) or assignee_id = (select app.user_id())));
create policy insert_tasks on public.tasks for insert to authenticated
  with check (organization_id = (select app.organization_id()) and (select app.can('can_access_tasks')));
create policy update_tasks on public.tasks for update to authenticated
  using (organization_id = (select app.organization_id())
    and ((select app.can('can_access_tasks')) or assignee_id = (select app.user_id())))
  with check (organization_id = (select app.organization_id()));
create policy delete_tasks on public.tasks for delete to authenticated
  using (organization_id = (select app.organization_id()) and (select app.can('can_access_tasks')));

-- A note is as visible as what it is about.
create policy read_notes on public.notes for select to authenticated
  using (organization_id = (select app.organization_id())
    and (((select app.can('can_access_crm')) and (select app.sees_whole_inbox()))
      or author_id = (select app.user_id())
      or (conversation_id is not null and exists (select 1 from public.conversations c where c.id = conversation_id))
      or (conversation_id is null and (select app.can('can_access_crm')))));
create policy insert_notes on public.notes for insert to authenticated
  with check (organization_id = (select app.organization_id())
    and ((conversation_id is not null and exists (select 1 from public.conversations c where c.id = conversation_id))
      or (conversation_id is null and (select app.can('can_access_crm')))));
create policy update_notes on public.notes for update to authenticated
  using (organization_id = (select app.organization_id())
    and (author_id = (select app.user_id()) or (select app.can('can_delete_data')) or (select app.api_key_id()) is not null))
  with check (organization_id = (select app.organization_id()));
create policy delete_notes on public.notes for delete to authenticated
  using (organization_id = (select app.organization_id())
    and (author_id = (select app.user_id()) or (select app.can('can_delete_data')) or (select app.api_key_id()) is not null));

create policy insert_templates on public.templates for insert to authenticated
  with check (organization_id = (select app.organization_id()));
create policy update_templates on public.templates for update to authenticated
  using (organization_id = (select app.organization_id())) with check (organization_id = (select app.organization_id()));
create policy delete_templates on public.templates for delete to authenticated
  using (organization_id = (select app.organization_id())
    and ((select app.can('can_delete_data')) or created_by = (select app.user_id())));

create policy read_quick_replies on public.quick_replies for select to authenticated
  using (organization_id = (select app.organization_id()) and (owner_id is null or owner_id = (select app.user_id())));
create policy insert_quick_replies on public.quick_replies for insert to authenticated
  with check (organization_id = (select app.organization_id()) and (owner_id is null or owner_id = (select app.user_id())));
create policy update_quick_replies on public.quick_replies for update to authenticated
  using (organization_id = (select app.organization_id()) and (owner_id is null or owner_id = (select app.user_id())))
  with check (organization_id = (select app.organization_id()) and (owner_id is null or owner_id = (select app.user_id())));
create policy delete_quick_replies on public.quick_replies for delete to authenticated
  using (organization_id = (select app.organization_id()) and (owner_id = (select app.user_id())
    or created_by = (select app.user_id()) or (select app.can('can_delete_data'))));

create policy read_filters on public.saved_filters for select to authenticated
  using (organization_id = (select app.organization_id()) and (user_id = (select app.user_id()) or is_shared));
create policy write_filters on public.saved_filters for all to authenticated
  using (organization_id = (select app.organization_id()) and user_id = (select app.user_id()))
  with check (organization_id = (select app.organization_id()) and user_id = (select app.user_id()));

-- ---------------------------------------------------------------- integrations: for those who manage settings
do $$
declare
  t text;
begin
  foreach t in array array['api_keys', 'webhook_configurations', 'webhook_logs', 'inbound_events', 'events'] loop
    execute format('create policy managers_read on public.%I for select to authenticated
      using (organization_id = (select app.organization_id()) and (select app.can(''can_manage_settings'')))', t);
  end loop;
end
$$;
create policy managers_update on public.api_keys for update to authenticated
  using (organization_id = (select app.organization_id()) and (select app.can('can_manage_settings')))
  with check (organization_id = (select app.organization_id()));
create policy managers_delete on public.api_keys for delete to authenticated
  using (organization_id = (select app.organization_id()) and (select app.can('can_manage_settings')));
create policy read_activity on public.activity_logs for select to authenticated
  using (organization_id = (select app.organization_id()) and (select app.can('can_access_crm')));
