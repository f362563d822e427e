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

create function public.get_unanswered_conversations_count() returns integer
language sql stable
as $$
  select count(*)::integer from public.conversations c
  where c.organization_id = (select app.organization_id()) and c.waiting_since is not null and c.status in ('OPEN', 'PENDING')
$$;

-- Numbers beside the inbox tabs, over open work (OPEN and PENDING, not snoozed) that the caller may see.
create function public.inbox_counts() returns jsonb
language plpgsql stable security definer set search_path = public, extensions, pg_temp
as $$
declare
  organization uuid := app.organization_id();
  me uuid := app.user_id();
  whole boolean := app.sees_whole_inbox();
  result jsonb;
begin
  select jsonb_build_object(
    'all', count(*) filter (where awake),
    'mine', count(*) filter (where awake and assignee_id = me),
    'unassigned', count(*) filter (where awake and assignee_id is null),
    'unread', count(*) filter (where awake and unread_count > 0),
    'unanswered', count(*) filter (where awake and waiting_since is not null),
    'important', count(*) filter (where awake and is_important),
    'snoozed', count(*) filter (where not awake))
  into result
  from public.conversations c cross join lateral (select coalesce(c.snoozed_until <= now(), true) as awake) s
  where c.organization_id = organization and c.status in ('OPEN', 'PENDING')
    and (whole or app.sees_conversation(c.assignee_id, c.channel_account_id));
  return result;
end
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

create function app.like_pattern(raw text) returns text
language sql immutable parallel safe
as $$ select '%' || replace(replace(replace(raw, '\', '\\'), '%', '\%'), '_', '\_') || '%' $$;

-- A phone typed with separators ("+1-234-567") is searched by its digits.
create function app.search_patterns(query text) returns text[]
language sql immutable parallel safe
as $$
  select array_agg(distinct app.like_pattern(p)) from unnest(array[
    btrim(query), app.fold(btrim(query)),
    case when query ~ '^[\s+\-().0-9]+$' and length(regexp_replace(query, '\D', '', 'g')) >= 3
      then regexp_replace(query, '\D', '', 'g') end]) p
  where p <> ''
$$;

-- Conversations by contact (name in any order, phone, e-mail) or by message text, newest first. The function runs as its
-- owner because `ilike` and `@@` are not leakproof, so that no index could serve them below row level security; it repeats
-- the policies' conditions itself.
create function public.search_conversations(p_query text, p_limit integer default 50)
returns table (conversation_id uuid, message_id uuid, snippet text, matched text, at timestamptz)
language plpgsql stable security definer set search_path = public, extensions, pg_temp
as $$
declare
  organization uuid := app.organization_id();
  whole boolean := app.sees_whole_inbox();
  patterns text[] := app.search_patterns(left(p_query, 200));
  words tsquery := app.prefix_query(left(p_query, 200));
begin
  if organization is null or patterns is null then
    return;
  end if;
  return query
  with people as (
    select c.id from public.contacts c
    where c.organization_id = organization and c.full_name_search ilike any (patterns) limit 1000
  ), by_contact as (
    select v.id as found, null::uuid as hit, null::text as words_around, 'contact' as how, v.last_message_at as happened
    from public.conversations v join people on people.id = v.contact_id
    where v.organization_id = organization and (whole or app.sees_conversation(v.assignee_id, v.channel_account_id))
    order by v.last_message_at desc nulls last limit least(p_limit, 200)
  ), hits as (
    select m.id, m.conversation_id, m.content, m.created_at from public.messages m
    where words is not null and m.organization_id = organization and m.search @@ words and m.deleted_at is null
      and app.can('can_read_messages')
    order by m.created_at desc limit 1000
  ), by_message as (
    select distinct on (h.conversation_id) h.conversation_id as found, h.id as hit,
      ts_headline('simple', left(h.content, 2000), words, 'StartSel=«,StopSel=»,MaxWords=18,MinWords=6,MaxFragments=1') as words_around,
      'message' as how, h.created_at as happened
    from hits h join public.conversations v on v.id = h.conversation_id
    where whole or app.sees_conversation(v.assignee_id, v.channel_account_id)
    order by h.conversation_id, h.created_at desc
  )
  select distinct on (u.found) u.found, u.hit, u.words_around, u.how, u.happened
  from (select * from by_contact union all select * from by_message) u
  order by u.found, u.how, u.happened desc
  limit least(p_limit, 200);
end
$$;

create function public.search_contacts(p_query text) returns setof public.contacts
language plpgsql stable security definer set search_path = public, extensions, pg_temp
as $$
declare
  organization uuid := app.organization_id();
  crm boolean := app.can('can_access_crm');
  patterns text[] := app.search_patterns(left(p_query, 200));
begin
  if organization is null or patterns is null then
    return;
  end if;
  return query
  select c.* from public.contacts c
  where c.organization_id = organization and c.full_name_search ilike any (patterns)
    and (crm or exists (select 1 from public.conversations v where v.contact_id = c.id
                        and app.sees_conversation(v.assignee_id, v.channel_account_id)))
  order by c.created_at desc limit 2000;
end
$$;

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

revoke execute on all functions in schema public from public, anon;
grant execute on all functions in schema public to authenticated, service_role;
grant execute on all functions in schema app to authenticated, service_role;
revoke execute on function app.take_secrets(jsonb, uuid, text, uuid) from public, anon, authenticated, service_role;
