-- Conversations and messages: the inbox.

create table public.conversations (
  id uuid primary key default extensions.uuid_v7(),
  organization_id uuid not null default app.organization_id() references public.organizations (id) on delete cascade,
  contact_id uuid not null references public.contacts (id) on delete cascade,
  channel_account_id uuid references public.channel_accounts (id) on delete set null,
  response_channel_account_id uuid,
  channel_type text,
  thread_key text not null default '',
  assignee_id uuid references public.profiles (id) on delete set null,
  status extensions.citext not null default 'OPEN' check (status in ('OPEN', 'PENDING', 'RESOLVED', 'CLOSED')),
  subject text,
  tags text[] not null default '{}' check (app.tags_are_short(tags)),
  is_important boolean not null default false,
  ai_agent_active boolean not null default true,
  unread_count integer not null default 0 check (unread_count >= 0),
  last_read_at timestamptz,
  last_message_at timestamptz,
  last_message_id uuid,
  last_message_preview text,
  last_message_direction text,
  last_message_type text,
  last_message_status text,
  last_inbound_at timestamptz,
  last_outbound_at timestamptz,
  first_response_at timestamptz,
  waiting_since timestamptz,
  window_expires_at timestamptz,
  snoozed_until timestamptz,
  sla_deadline timestamptz,
  assigned_at timestamptz,
  closed_at timestamptz,
  metadata jsonb not null default '{}' check (jsonb_typeof(metadata) = 'object'),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on column public.conversations.waiting_since is 'Since when the customer has been without an answer; null when the last word is ours.';
comment on column public.conversations.window_expires_at is 'Until when a free-form reply may be sent on channels with a session window; null on the others.';
comment on column public.conversations.thread_key is 'Distinguishes threads of one contact on one account (e-mail, comments); empty elsewhere.';

-- The inbox list and its tabs. Every list is an index scan in the order of the list that ends after a page:
--   Limit -> Index Scan using conversations_..._idx; Index Cond: organization_id = (InitPlan 1).col1
-- Row level security lets only leakproof operators into an index condition, which those of citext are not. A partial index needs none:
-- its condition is proven from the query's. (`status = any ('{open,PENDING}')` is found below conversations_active_idx.)
-- Each message writes a new entry into every index here whose condition the row meets, so that there is one per question and no more.
create index conversations_list_idx on public.conversations (organization_id, last_message_at desc nulls last, id desc);
create index conversations_active_idx on public.conversations (organization_id, last_message_at desc nulls last, id desc)
  where status in ('OPEN', 'PENDING');
create index conversations_oldest_idx on public.conversations (organization_id, last_message_at, id) where status in ('OPEN', 'PENDING');
create index conversations_pending_idx on public.conversations (organization_id, last_message_at desc nulls last, id desc)
  where status = 'PENDING';
create index conversations_resolved_idx on public.conversations (organization_id, last_message_at desc nulls last, id desc)
  where status = 'RESOLVED';
create index conversations_closed_idx on public.conversations (organization_id, last_message_at desc nulls last, id desc)
  where status in ('CLOSED', 'RESOLVED');
create index conversations_unread_idx on public.conversations (organization_id, last_message_at desc nulls last, id desc)
  where unread_count > 0;
create index conversations_important_idx on public.conversations (organization_id, last_message_at desc nulls last, id desc)
  where is_important;
create index conversations_assignee_idx on public.conversations (organization_id, assignee_id, last_message_at desc nulls last);
create index conversations_channel_idx on public.conversations (organization_id, channel_type, last_message_at desc nulls last);
create index conversations_waiting_idx on public.conversations (organization_id, waiting_since) where waiting_since is not null;
create index conversations_snoozed_idx on public.conversations (organization_id, snoozed_until) where snoozed_until is not null;
-- For what wakes them up, whosever they are.
create index conversations_wake_idx on public.conversations (snoozed_until) where snoozed_until is not null;
create index conversations_match_idx on public.conversations (contact_id, channel_account_id, thread_key);
create index conversations_tags_idx on public.conversations using gin (organization_id, tags);

-- The lists by tag (`tags @> '{vip}'`) need array containment to be leakproof, or a rare tag is looked for in every row: 65 ms of 100,000.
-- It is: it compares elements by the equality of their type, here text, and fails for no value. Only a superuser may say so; the
-- embedded database was told when it was made (platform/postgres/src/embedded/owner.ts).
do $$
begin
  if (select rolsuper from pg_roles where rolname = current_user) then
    alter function pg_catalog.arraycontains(anyarray, anyarray) leakproof;
    alter function pg_catalog.arrayoverlap(anyarray, anyarray) leakproof;
  end if;
end
$$;

alter table public.deals add constraint deals_conversation_id_fkey
  foreign key (conversation_id) references public.conversations (id) on delete set null;

create table public.messages (
  id uuid primary key default extensions.uuid_v7(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  conversation_id uuid not null references public.conversations (id) on delete cascade,
  contact_id uuid references public.contacts (id) on delete cascade,
  channel_account_id uuid references public.channel_accounts (id) on delete set null,
  channel text,
  sender_id uuid references public.profiles (id) on delete set null,
  sender_type text not null default 'SYSTEM' check (sender_type in ('CONTACT', 'USER', 'BOT', 'API', 'SYSTEM')),
  direction extensions.citext not null check (direction in ('INBOUND', 'OUTBOUND')),
  content text check (length(content) <= 65536),
  message_type text not null default 'text',
  status extensions.citext not null
    check (status in ('PENDING', 'SCHEDULED', 'SENT', 'DELIVERED', 'READ', 'FAILED', 'RECEIVED')),
  external_id text,
  client_id text check (length(client_id) <= 200),
  reply_to_id uuid references public.messages (id) on delete set null,
  metadata jsonb not null default '{}' check (jsonb_typeof(metadata) = 'object'),
  error_code text,
  error_message text,
  scheduled_at timestamptz,
  sent_at timestamptz,
  delivered_at timestamptz,
  read_at timestamptz,
  failed_at timestamptz,
  edited_at timestamptz,
  deleted_at timestamptz,
  send_attempts integer not null default 0,
  search tsvector generated always as (to_tsvector('simple', app.fold(left(content, 20000)))) stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on column public.messages.external_id is 'The provider''s id; unique per channel account, so a replayed webhook adds nothing.';
comment on column public.messages.client_id is 'Idempotency key of the writer; the same key in one conversation is the same message.';
create index messages_thread_idx on public.messages (conversation_id, created_at desc, id desc);
create unique index messages_external_id_key on public.messages (channel_account_id, external_id) where external_id is not null;
create unique index messages_client_id_key on public.messages (conversation_id, client_id) where client_id is not null;
create index messages_contact_id_idx on public.messages (contact_id, created_at desc);
create index messages_recent_idx on public.messages (organization_id, created_at desc);
create index messages_search_idx on public.messages using gin (organization_id, search);
create index messages_scheduled_idx on public.messages (scheduled_at) where status = 'SCHEDULED';
create index messages_reply_to_id_idx on public.messages (reply_to_id) where reply_to_id is not null;

create table public.attachments (
  id uuid primary key default extensions.uuid_v7(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  message_id uuid not null references public.messages (id) on delete cascade,
  kind text not null check (kind in ('image', 'video', 'audio', 'voice', 'document', 'sticker')),
  status text not null default 'STORED' check (status in ('PENDING', 'STORED', 'FAILED')),
  storage_path text,
  source_url text,
  provider_media_id text,
  mime_type text,
  file_name text,
  size_bytes bigint check (size_bytes >= 0),
  width integer,
  height integer,
  duration_seconds numeric,
  thumbnail_path text,
  error_message text,
  position integer not null default 0,
  created_at timestamptz not null default now(),
  constraint attachments_own_folder check (storage_path is null or split_part(storage_path, '/', 1) = organization_id::text),
  constraint attachments_own_thumbnail check (thumbnail_path is null or split_part(thumbnail_path, '/', 1) = organization_id::text)
);
create index attachments_message_id_idx on public.attachments (message_id, position);
create index attachments_organization_id_idx on public.attachments (organization_id);

create table public.message_reactions (
  id uuid primary key default extensions.uuid_v7(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  message_id uuid not null references public.messages (id) on delete cascade,
  conversation_id uuid not null references public.conversations (id) on delete cascade,
  contact_id uuid references public.contacts (id) on delete cascade,
  user_id uuid references public.profiles (id) on delete cascade,
  emoji text not null check (length(emoji) between 1 and 32),
  external_id text,
  created_at timestamptz not null default now(),
  check ((contact_id is null) <> (user_id is null))
);
create unique index message_reactions_by_contact on public.message_reactions (message_id, contact_id) where contact_id is not null;
create unique index message_reactions_by_user on public.message_reactions (message_id, user_id) where user_id is not null;
create index message_reactions_conversation_id_idx on public.message_reactions (conversation_id);
create index message_reactions_organization_id_idx on public.message_reactions (organization_id);

create table public.message_status_events (
  id uuid primary key default extensions.uuid_v7(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  message_id uuid not null references public.messages (id) on delete cascade,
  status text not null,
  error_code text,
  error_message text,
  created_at timestamptz not null default now()
);
create index message_status_events_message_id_idx on public.message_status_events (message_id, created_at);
create index message_status_events_organization_id_idx on public.message_status_events (organization_id);

create table public.conversation_drafts (
  id uuid primary key default extensions.uuid_v7(),
  organization_id uuid not null default app.organization_id() references public.organizations (id) on delete cascade,
  conversation_id uuid not null references public.conversations (id) on delete cascade,
  user_id uuid not null default app.user_id() references public.profiles (id) on delete cascade,
  mode text not null default 'reply' check (mode in ('reply', 'note')),
  content text not null check (length(content) <= 65536),
  metadata jsonb not null default '{}',
  updated_at timestamptz not null default now(),
  unique (conversation_id, user_id, mode)
);
create index conversation_drafts_user_id_idx on public.conversation_drafts (user_id);
create index conversation_drafts_organization_id_idx on public.conversation_drafts (organization_id);

-- ---------------------------------------------------------------- conversation upkeep

create function app.prepare_conversation() returns trigger
language plpgsql security definer set search_path = public, extensions, pg_temp
as $$
begin
  new.status := upper(new.status::text);
  new.tags := app.clean_tags(new.tags);
  if tg_op = 'INSERT' then
    if new.channel_account_id is not null and new.channel_type is null then
      select type into new.channel_type from public.channel_accounts where id = new.channel_account_id;
    end if;
    if new.assignee_id is not null then
      new.assigned_at := now();
    end if;
  else
    if new.assignee_id is distinct from old.assignee_id then
      new.assigned_at := case when new.assignee_id is not null then now() end;
    end if;
    if new.status in ('CLOSED', 'RESOLVED') and old.status not in ('CLOSED', 'RESOLVED') then
      new.closed_at := now();
      new.snoozed_until := null;
    elsif new.status not in ('CLOSED', 'RESOLVED') then
      new.closed_at := null;
    end if;
  end if;
  return new;
end
$$;
-- Not for what every message changes.
create trigger prepare before insert or update of status, tags, assignee_id, closed_at
  on public.conversations for each row execute function app.prepare_conversation();
select app.check_references('public.conversations', 'contact_id', 'contacts', 'channel_account_id', 'channel_accounts',
    'response_channel_account_id', 'channel_accounts', 'assignee_id', 'profiles');
create trigger touch before update on public.conversations for each row execute function app.touch_updated_at();
create trigger keep_organization before update of organization_id on public.conversations
  for each row execute function app.forbid_organization_change();
select app.check_references('public.conversation_drafts', 'conversation_id', 'conversations');
create trigger touch before update on public.conversation_drafts for each row execute function app.touch_updated_at();

-- ---------------------------------------------------------------- message upkeep

create function app.message_status_rank(status text) returns integer
language sql immutable parallel safe
as $$
  select case upper(status) when 'SCHEDULED' then 0 when 'PENDING' then 0 when 'SENT' then 1 when 'DELIVERED' then 2
    when 'READ' then 3 when 'RECEIVED' then 3 end
$$;

-- Fills what the conversation knows, accepts the documented spellings and lets receipts move only forward.
create function app.prepare_message() returns trigger
language plpgsql security definer set search_path = public, extensions, pg_temp
as $$
declare
  thread record;
  trusted boolean := coalesce(current_setting('role', true), 'none') not in ('anon', 'authenticated');
begin
  if tg_op = 'INSERT' then
    select c.id, c.organization_id, c.contact_id, c.channel_account_id, c.response_channel_account_id, c.channel_type
      into thread from public.conversations c where c.id = new.conversation_id;
    if thread.id is null or (new.organization_id is not null and new.organization_id <> thread.organization_id)
       or (not trusted and thread.organization_id is distinct from app.organization_id()) then
      raise exception using errcode = '23503',
        message = format('conversation_id %s does not exist in this organization', new.conversation_id), table = 'messages';
    end if;
    new.organization_id := thread.organization_id;
    if new.contact_id is not null and new.contact_id <> thread.contact_id then
      raise exception using errcode = '22023', message = 'contact_id is not the contact of this conversation';
    end if;
    new.contact_id := thread.contact_id;
    new.channel_account_id := coalesce(new.channel_account_id, thread.response_channel_account_id, thread.channel_account_id);
    if new.channel is null then
      new.channel := coalesce((select a.type from public.channel_accounts a
        where a.id = new.channel_account_id and a.organization_id = thread.organization_id), thread.channel_type);
    end if;
    if new.channel_account_id is not null and new.channel_account_id is distinct from thread.channel_account_id then
      if not exists (select 1 from public.channel_accounts a
                     where a.id = new.channel_account_id and a.organization_id = thread.organization_id) then
        raise exception using errcode = '23503', message = 'channel_account_id does not exist in this organization', table = 'messages';
      end if;
    end if;
    if new.reply_to_id is not null then
      if not exists (select 1 from public.messages m
                     where m.id = new.reply_to_id and m.conversation_id = new.conversation_id) then
        raise exception using errcode = '23503', message = 'reply_to_id is not a message of this conversation', table = 'messages';
      end if;
    end if;
    new.direction := case lower(new.direction::text) when 'incoming' then 'INBOUND' when 'outgoing' then 'OUTBOUND'
      else upper(new.direction::text) end;
    if new.status is null then
      new.status := case new.direction when 'INBOUND' then 'RECEIVED' else 'PENDING' end;
    end if;
    if not trusted then
      new.external_id := null;
      new.send_attempts := 0;
      new.sender_id := case when new.direction = 'OUTBOUND' then app.user_id() end;
    end if;
    if new.sender_type = 'SYSTEM' then
      new.sender_type := case when new.direction = 'INBOUND' then 'CONTACT' when new.sender_id is not null then 'USER'
        when app.api_key_id() is not null then 'API' else 'SYSTEM' end;
    end if;
    if new.status = 'SCHEDULED' and new.scheduled_at is null then
      raise exception using errcode = '22023', message = 'scheduled_at is required for a scheduled message';
    end if;
  elsif (new.conversation_id, new.direction, new.contact_id) is distinct from (old.conversation_id, old.direction, old.contact_id)
        and not trusted then
    raise exception using errcode = '42501', message = 'A message cannot be moved or turned around';
  elsif new.status is distinct from old.status then
    if new.status = 'FAILED' then
      if old.status in ('DELIVERED', 'READ', 'RECEIVED') then
        new.status := old.status;
        new.error_code := old.error_code;
        new.error_message := old.error_message;
      end if;
    elsif old.status = 'FAILED' then
      if new.status = 'PENDING' then
        new.error_code := null;
        new.error_message := null;
        new.failed_at := null;
      elsif new.status in ('SENT', 'DELIVERED', 'READ') then
        -- A receipt proves that it arrived after all.
        new.error_code := null;
        new.error_message := null;
        new.failed_at := null;
      end if;
    elsif app.message_status_rank(new.status::text) < app.message_status_rank(old.status::text) then
      new.status := old.status;
    end if;
  end if;
  new.status := upper(new.status::text);
  new.message_type := lower(coalesce(new.message_type, 'text'));
  new.metadata := coalesce(new.metadata, '{}');
  if new.status in ('SENT', 'DELIVERED', 'READ') and new.direction = 'OUTBOUND' then
    new.sent_at := coalesce(new.sent_at, now());
  end if;
  if new.status in ('DELIVERED', 'READ') then
    new.delivered_at := coalesce(new.delivered_at, now());
  end if;
  if new.status = 'READ' then
    new.read_at := coalesce(new.read_at, now());
  end if;
  if new.status = 'FAILED' then
    new.failed_at := coalesce(new.failed_at, now());
  end if;
  return new;
end
$$;
create trigger prepare before insert or update on public.messages for each row execute function app.prepare_message();
create trigger touch before update on public.messages for each row execute function app.touch_updated_at();

create function app.message_preview(message_type text, content text) returns text
language sql immutable parallel safe
as $$ select nullif(left(regexp_replace(btrim(coalesce(content, '')), '\s+', ' ', 'g'), 140), '') $$;

-- What a message does to its conversation.
create function app.message_inserted() returns trigger
language plpgsql security definer set search_path = public, extensions, pg_temp
as $$
declare
  thread_status extensions.citext;
begin
  if new.status = 'SCHEDULED' then
    return new;
  end if;
  update public.conversations c set
    last_message_at = greatest(c.last_message_at, new.created_at),
    last_message_id = case when c.last_message_at is null or new.created_at >= c.last_message_at then new.id else c.last_message_id end,
    last_message_preview = case when c.last_message_at is null or new.created_at >= c.last_message_at
      then app.message_preview(new.message_type, new.content) else c.last_message_preview end,
    last_message_direction = case when c.last_message_at is null or new.created_at >= c.last_message_at
      then new.direction::text else c.last_message_direction end,
    last_message_type = case when c.last_message_at is null or new.created_at >= c.last_message_at
      then new.message_type else c.last_message_type end,
    last_message_status = case when c.last_message_at is null or new.created_at >= c.last_message_at
      then new.status::text else c.last_message_status end,
    unread_count = case when new.direction = 'INBOUND' then c.unread_count + 1
                        when new.sender_type = 'USER' then 0 else c.unread_count end,
    last_read_at = case when new.direction = 'OUTBOUND' and new.sender_type = 'USER' then now() else c.last_read_at end,
    last_inbound_at = case when new.direction = 'INBOUND' then greatest(c.last_inbound_at, new.created_at) else c.last_inbound_at end,
    last_outbound_at = case when new.direction = 'OUTBOUND' then greatest(c.last_outbound_at, new.created_at) else c.last_outbound_at end,
    first_response_at = case when new.direction = 'OUTBOUND' and c.last_inbound_at is not null
      then coalesce(c.first_response_at, new.created_at) else c.first_response_at end,
    waiting_since = case when new.direction = 'INBOUND' then coalesce(c.waiting_since, new.created_at) else null end,
    window_expires_at = case when new.direction = 'INBOUND'
      then greatest(c.window_expires_at, new.created_at + app.session_window(new.channel)) else c.window_expires_at end,
    snoozed_until = case when new.direction = 'INBOUND' then null else c.snoozed_until end
  where c.id = new.conversation_id
  returning c.status into thread_status;
  if new.direction = 'INBOUND' then
    -- Apart from the update above, because columns that are named in it make triggers run, which hardly ever have anything to do.
    if thread_status in ('CLOSED', 'RESOLVED') then
      update public.conversations set status = 'OPEN' where id = new.conversation_id;
    end if;
    update public.contacts set last_contacted_at = greatest(last_contacted_at, new.created_at) where id = new.contact_id;
  end if;
  return new;
end
$$;
create trigger after_insert after insert on public.messages for each row execute function app.message_inserted();

create function app.message_updated() returns trigger
language plpgsql security definer set search_path = public, extensions, pg_temp
as $$
begin
  if new.status is distinct from old.status then
    insert into public.message_status_events (organization_id, message_id, status, error_code, error_message)
    values (new.organization_id, new.id, new.status::text, new.error_code, new.error_message);
  end if;
  update public.conversations c set
    last_message_status = new.status::text,
    last_message_preview = case when new.deleted_at is not null then null
      else app.message_preview(new.message_type, new.content) end
  where c.id = new.conversation_id and c.last_message_id = new.id
    and (c.last_message_status, c.last_message_preview) is distinct from
        (new.status::text, case when new.deleted_at is null then app.message_preview(new.message_type, new.content) end);
  return new;
end
$$;
create trigger after_update after update of status, content, deleted_at on public.messages
  for each row execute function app.message_updated();

-- The one way out: a pending outbound message becomes a job. Messages of one conversation share a queue, so their order
-- holds.
create function app.queue_message() returns trigger
language plpgsql security definer set search_path = public, extensions, pg_temp
as $$
begin
  perform jobs.add(
    task => 'messages.send',
    payload => jsonb_build_object('message_id', new.id),
    queue => 'send:' || new.conversation_id,
    run_at => case when new.status = 'SCHEDULED' then new.scheduled_at end,
    job_key => 'send:' || new.id,
    max_attempts => 12);
  return new;
end
$$;
create trigger queue_on_insert after insert on public.messages for each row
  when (new.direction = 'OUTBOUND' and new.status in ('PENDING', 'SCHEDULED')) execute function app.queue_message();
create trigger queue_on_update after update of status, scheduled_at on public.messages for each row
  when (new.direction = 'OUTBOUND' and new.status in ('PENDING', 'SCHEDULED')
        and (new.status is distinct from old.status or new.scheduled_at is distinct from old.scheduled_at))
  execute function app.queue_message();

create function app.prepare_message_part() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  parent record;
begin
  select m.id, m.organization_id into parent from public.messages m where m.id = new.message_id;
  if parent.id is null or (coalesce(current_setting('role', true), 'none') in ('anon', 'authenticated')
                           and parent.organization_id is distinct from app.organization_id()) then
    raise exception using errcode = '23503', message = format('message_id %s does not exist in this organization', new.message_id);
  end if;
  new.organization_id := parent.organization_id;
  return new;
end
$$;
create trigger prepare before insert on public.attachments for each row execute function app.prepare_message_part();

create function app.prepare_reaction() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  parent record;
begin
  select m.id, m.organization_id, m.conversation_id into parent from public.messages m where m.id = new.message_id;
  if parent.id is null or (coalesce(current_setting('role', true), 'none') in ('anon', 'authenticated')
                           and parent.organization_id is distinct from app.organization_id()) then
    raise exception using errcode = '23503', message = format('message_id %s does not exist in this organization', new.message_id);
  end if;
  new.organization_id := parent.organization_id;
  new.conversation_id := parent.conversation_id;
  if coalesce(current_setting('role', true), 'none') = 'authenticated' then
    new.user_id := app.user_id();
    new.contact_id := null;
  end if;
  return new;
end
$$;
create trigger prepare before insert on public.message_reactions for each row execute function app.prepare_reaction();
