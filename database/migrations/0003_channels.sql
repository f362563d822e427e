-- Connected channels, who may use which, and the secrets they need.

create table public.channel_accounts (
  id uuid primary key default extensions.uuid_v7(),
  organization_id uuid not null default app.organization_id() references public.organizations (id) on delete cascade,
  name text not null check (length(btrim(name)) between 1 and 120),
  type text not null check (type in ('WHATSAPP_LITE', 'WHATSAPP_CLOUD', 'FB_MESSENGER', 'INSTAGRAM', 'TELEGRAM', 'TIKTOK',
    'SHOPIFY_INBOX', 'LINKEDIN', 'BULK_EMAIL', 'BULK_EMAIL_SES', 'EMAIL', 'SMS', 'SHRINKIT_PUSH', 'WEB_PUSH', 'WEB_CHAT')),
  settings jsonb not null default '{}' check (jsonb_typeof(settings) = 'object'),
  secrets_set text[] not null default '{}',
  routing_key text,
  is_active boolean not null default true,
  connection_status text not null default 'DISCONNECTED'
    check (connection_status in ('CONNECTED', 'DISCONNECTED', 'CONNECTING', 'ERROR')),
  connection_error text,
  connected_at timestamptz,
  last_inbound_at timestamptz,
  is_sandbox boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on column public.channel_accounts.settings is 'Plain settings. Keys that name a token, secret, password or key are moved to encrypted storage and listed in secrets_set.';
comment on column public.channel_accounts.routing_key is 'What the provider names this account by in its webhooks: phone_number_id, page id, widget key.';
comment on column public.channel_accounts.is_sandbox is 'Speaks to the local provider simulator; set by the Sandbox only.';
create index channel_accounts_organization_id_idx on public.channel_accounts (organization_id, type);
create index channel_accounts_verify_token_idx on public.channel_accounts (type, (settings ->> 'verify_token'))
  where settings ? 'verify_token';
create unique index channel_accounts_routing_key on public.channel_accounts (type, routing_key) where routing_key is not null and is_active;

-- AES-256-GCM by the server, whose key never enters the database; only the owner of the tables reads this.
create table app.secrets (
  id uuid primary key default extensions.uuid_v7(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  owner_table text not null,
  owner_id uuid not null,
  key text not null,
  sealed text not null check (sealed like 'v1.%'),
  updated_at timestamptz not null default now(),
  unique (owner_table, owner_id, key)
);

-- `verify_token` is no secret: it only names our callback to the provider once, and the handshake must look it up.
create function app.is_secret_key(key text) returns boolean
language sql immutable parallel safe
as $$ select key ~* '(token|secret|password|passwd|api_?key|private_?key|credentials?)$' and lower(key) <> 'verify_token' $$;

-- Moves sealed values out of a settings object. A value which is not sealed is refused: plain secrets never reach a table.
create function app.take_secrets(settings jsonb, organization uuid, owner_table text, owner_id uuid, out rest jsonb, out taken text[])
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  pair record;
begin
  rest := settings;
  taken := '{}';
  for pair in select key, value from jsonb_each(settings) where app.is_secret_key(key) loop
    rest := rest - pair.key;
    if jsonb_typeof(pair.value) = 'null' or pair.value = '""' then
      delete from app.secrets s where s.owner_table = take_secrets.owner_table and s.owner_id = take_secrets.owner_id and s.key = pair.key;
    elsif jsonb_typeof(pair.value) = 'string' and pair.value #>> '{}' like 'v1.%' then
      insert into app.secrets (organization_id, owner_table, owner_id, key, sealed)
      values (organization, take_secrets.owner_table, take_secrets.owner_id, pair.key, pair.value #>> '{}')
      on conflict on constraint secrets_owner_table_owner_id_key_key
        do update set sealed = excluded.sealed, updated_at = now();
    else
      raise exception using errcode = '22023', message = format('%s must be sealed before it is stored', pair.key);
    end if;
  end loop;
  select coalesce(array_agg(s.key order by s.key), '{}') into taken
    from app.secrets s where s.owner_table = take_secrets.owner_table and s.owner_id = take_secrets.owner_id;
end
$$;

create function app.prepare_channel_account() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  kept record;
begin
  new.type := case upper(new.type) when 'MESSENGER' then 'FB_MESSENGER' else upper(new.type) end;
  if jsonb_typeof(new.settings) = 'string' then
    new.settings := (new.settings #>> '{}')::jsonb;
  end if;
  new.settings := coalesce(new.settings, '{}');
  if coalesce(current_setting('role', true), 'none') in ('anon', 'authenticated') then
    if tg_op = 'INSERT' then
      new.is_sandbox := false;
      new.connection_status := 'DISCONNECTED';
    else
      new.is_sandbox := old.is_sandbox;
      new.connection_status := old.connection_status;
      new.secrets_set := old.secrets_set;
    end if;
  end if;
  select * into kept from app.take_secrets(new.settings, new.organization_id, 'channel_accounts', new.id);
  new.settings := kept.rest;
  new.secrets_set := kept.taken;
  new.routing_key := coalesce(case new.type
    when 'WHATSAPP_CLOUD' then new.settings ->> 'phone_number_id'
    when 'FB_MESSENGER' then new.settings ->> 'page_id'
    when 'INSTAGRAM' then new.settings ->> 'instagram_account_id'
    when 'WEB_CHAT' then new.settings ->> 'widget_key'
  end, new.routing_key);
  if new.type = 'WEB_CHAT' and new.routing_key is null then
    new.routing_key := 'wc_' || encode(extensions.gen_random_bytes(12), 'hex');
    new.settings := new.settings || jsonb_build_object('widget_key', new.routing_key);
  end if;
  return new;
end
$$;
create trigger prepare before insert or update on public.channel_accounts
  for each row execute function app.prepare_channel_account();
create trigger touch before update on public.channel_accounts for each row execute function app.touch_updated_at();
create trigger keep_organization before update of organization_id on public.channel_accounts
  for each row execute function app.forbid_organization_change();

create function app.drop_channel_secrets() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  delete from app.secrets where owner_table = tg_table_name and owner_id = old.id;
  return old;
end
$$;
create trigger drop_secrets after delete on public.channel_accounts for each row execute function app.drop_channel_secrets();

-- A user with rows here sees only these channels; a user without any sees all.
create table public.user_channel_access (
  id uuid primary key default extensions.uuid_v7(),
  organization_id uuid not null default app.organization_id() references public.organizations (id) on delete cascade,
  user_id uuid not null references public.profiles (id) on delete cascade,
  channel_account_id uuid not null references public.channel_accounts (id) on delete cascade,
  created_at timestamptz not null default now(),
  unique (user_id, channel_account_id)
);
create index user_channel_access_organization_id_idx on public.user_channel_access (organization_id);
select app.check_references('public.user_channel_access', 'user_id', 'profiles', 'channel_account_id', 'channel_accounts');

-- null = every channel
create function app.allowed_channels() returns uuid[]
language sql stable parallel safe security definer set search_path = public, pg_temp
as $$
  select case when app.role() in ('OWNER', 'ADMIN') then null else
    (select array_agg(a.channel_account_id) from public.user_channel_access a
     where a.user_id = app.user_id() and a.organization_id = app.organization_id()) end
$$;

-- Nothing restricts what this caller sees of the inbox: policies then skip every per-row question.
create function app.sees_whole_inbox() returns boolean
language sql stable parallel safe
as $$ select app.can('can_see_all_conversations') and app.allowed_channels() is null $$;

-- Hours in which a business may answer freely after the customer's last message; null = always.
create function app.session_window(channel_type text) returns interval
language sql immutable parallel safe
as $$
  select case when channel_type in ('WHATSAPP_CLOUD', 'FB_MESSENGER', 'INSTAGRAM', 'TIKTOK')
    then case channel_type when 'TIKTOK' then interval '48 hours' else interval '24 hours' end end
$$;
