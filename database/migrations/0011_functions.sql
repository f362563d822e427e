-- What clients call by POST /rest/v1/rpc/<name>.

-- ---------------------------------------------------------------- organizations

create function public.my_organizations()
returns table (id uuid, name text, slug text, logo_url text, role public.app_role, is_current boolean)
language sql stable security definer set search_path = public, pg_temp
as $$
  select o.id, o.name, o.slug, o.logo_url, r.role, o.id = app.organization_id()
  from public.user_roles r join public.organizations o on o.id = r.organization_id
  where r.user_id = app.user_id() and r.is_active
  order by o.name
$$;

create function public.switch_organization(p_organization_id uuid) returns jsonb
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  membership public.user_roles;
begin
  select * into membership from public.user_roles r
    where r.user_id = app.user_id() and r.organization_id = p_organization_id and r.is_active;
  if membership.id is null then
    raise exception using errcode = '42501', message = 'You are not a member of this organization';
  end if;
  perform set_config('app.switching', 'on', true);
  update public.profiles set organization_id = p_organization_id, permissions = membership.permissions
    where id = app.user_id();
  perform set_config('app.switching', '', true);
  return jsonb_build_object('success', true, 'organization_id', p_organization_id, 'role', membership.role);
end
$$;

-- The caller, their organization, role and effective rights in one answer: what a client needs after signing in.
create function public.who_am_i() returns jsonb
language sql stable security definer set search_path = public, pg_temp
as $$
  select jsonb_build_object(
    'profile', to_jsonb(p),
    'organization', (select to_jsonb(o) from public.organizations o where o.id = app.organization_id()),
    'role', app.role(),
    'permissions', (select jsonb_object_agg(flag, app.can(flag)) from unnest(array[
      'can_access_crm', 'can_access_broadcast', 'can_access_pm', 'can_manage_team', 'can_manage_settings', 'can_send_messages',
      'can_read_messages', 'can_see_all_conversations', 'can_see_assigned_conversations', 'can_see_all_deals',
      'can_access_tasks', 'can_delete_data', 'can_export_data', 'can_access_call_intelligence', 'can_see_all_call_records',
      'can_manage_call_settings']) flag))
  from public.profiles p where p.id = app.user_id()
$$;

-- The app calls this about once a minute while somebody looks at it; a job turns those who stopped calling offline.
create function public.touch_presence() returns void
language sql security definer set search_path = public, pg_temp
as $$
  update public.profiles set is_online = true, last_seen_at = now()
  where id = app.user_id() and (not is_online or last_seen_at is null or last_seen_at < now() - interval '40 seconds')
$$;

-- ---------------------------------------------------------------- inbox

create function app.sees_conversation(assignee_id uuid, channel_account_id uuid) returns boolean
language sql stable parallel safe
as $$
  select (app.can('can_see_all_conversations') or (app.can('can_see_assigned_conversations') and assignee_id = app.user_id()))
    and (app.allowed_channels() is null or channel_account_id = any (app.allowed_channels()))
$$;

create function public.get_conversation_unread_counts() returns table (conversation_id uuid, unread_count integer)
language sql stable
as $$
  select c.id, c.unread_count from public.conversations c
  where c.organization_id = (select app.organization_id()) and c.unread_count > 0
  order by c.last_message_at desc nulls last
$$;

create function public.mark_conversation_read(p_conversation_id uuid) returns void
language sql
as $$
  update public.conversations set unread_count = 0, last_read_at = now()
  where id = p_conversation_id and (unread_count > 0 or last_read_at is null or last_read_at < last_message_at)
$$;

create function public.mark_conversation_unread(p_conversation_id uuid) returns void
language sql
as $$ update public.conversations set unread_count = greatest(unread_count, 1), last_read_at = null where id = p_conversation_id $$;

-- A message and its attachments in one transaction; the same p_client_id again answers with the first one.
-- p_attachments: [{storage_path | source_url, kind, mime_type, file_name, size_bytes, width, height, duration_seconds}]
create function public.send_message(
  p_conversation_id uuid, p_content text default null, p_message_type text default 'text', p_client_id text default null,
  p_reply_to_id uuid default null, p_attachments jsonb default '[]', p_metadata jsonb default '{}',
  p_scheduled_at timestamptz default null)
returns public.messages
language plpgsql
as $$
declare
  message public.messages;
begin
  if jsonb_typeof(p_attachments) is distinct from 'array' or jsonb_array_length(p_attachments) > 10 then
    raise exception using errcode = '22023', message = 'p_attachments must be an array of at most 10 attachments';
  end if;
  if nullif(btrim(p_content), '') is null and jsonb_array_length(p_attachments) = 0
     and p_message_type not in ('template', 'location', 'contacts', 'interactive', 'sticker') then
    raise exception using errcode = '22023', message = 'A message needs text or an attachment';
  end if;
  insert into public.messages (organization_id, conversation_id, direction, status, content, message_type, client_id,
    reply_to_id, metadata, scheduled_at)
  values (app.organization_id(), p_conversation_id, 'OUTBOUND', case when p_scheduled_at > now() then 'SCHEDULED' else 'PENDING' end,
    p_content, p_message_type, p_client_id, p_reply_to_id, coalesce(p_metadata, '{}'), p_scheduled_at)
  on conflict (conversation_id, client_id) where client_id is not null do nothing
  returning * into message;
  if message.id is null then
    select * into message from public.messages m where m.conversation_id = p_conversation_id and m.client_id = p_client_id;
    return message;
  end if;
  insert into public.attachments (organization_id, message_id, kind, storage_path, source_url, mime_type, file_name, size_bytes,
    width, height, duration_seconds, position)
  select message.organization_id, message.id, a ->> 'kind', a ->> 'storage_path', a ->> 'source_url', a ->> 'mime_type',
    left(a ->> 'file_name', 255), (a ->> 'size_bytes')::bigint, (a ->> 'width')::integer, (a ->> 'height')::integer,
    (a ->> 'duration_seconds')::numeric, n
  from jsonb_array_elements(p_attachments) with ordinality as u(a, n);
  return message;
end
$$;

-- Opens a conversation with a contact on a channel, or answers with the live one.
create function public.start_conversation(p_contact_id uuid, p_channel_account_id uuid) returns public.conversations
language plpgsql
as $$
declare
  thread public.conversations;
begin
  perform pg_advisory_xact_lock(hashtextextended(p_contact_id::text || p_channel_account_id::text, 0));
  select * into thread from public.conversations c
    where c.contact_id = p_contact_id and c.channel_account_id = p_channel_account_id and c.thread_key = ''
    order by c.status in ('OPEN', 'PENDING') desc, c.last_message_at desc nulls last limit 1;
  if thread.id is null then
    insert into public.conversations (contact_id, channel_account_id, assignee_id)
    values (p_contact_id, p_channel_account_id, app.user_id()) returning * into thread;
  elsif thread.status in ('CLOSED', 'RESOLVED') then
    update public.conversations set status = 'OPEN' where id = thread.id returning * into thread;
  end if;
  return thread;
end
$$;

-- By name rather than `on all functions in schema public`: that fails where an extension has put functions of its own there.
do $$
declare
  f record;
begin
  for f in select p.oid::regprocedure as signature from pg_proc p
           where p.pronamespace = 'public'::regnamespace and p.proowner = current_user::regrole loop
    execute format('revoke execute on function %s from public, anon', f.signature);
    execute format('grant execute on function %s to authenticated, service_role', f.signature);
  end loop;
end
$$;
grant execute on all functions in schema app to authenticated, service_role;
revoke execute on function app.take_secrets(jsonb, uuid, text, uuid) from public, anon, authenticated, service_role;
