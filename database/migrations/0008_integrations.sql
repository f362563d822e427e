-- API keys, outgoing webhooks, the inbound inbox and the activity log.

create table public.api_keys (
  id uuid primary key default extensions.uuid_v7(),
  organization_id uuid not null default app.organization_id() references public.organizations (id) on delete cascade,
  name text not null check (length(btrim(name)) between 1 and 120),
  key_prefix text not null,
  permissions jsonb not null default '{}' check (jsonb_typeof(permissions) = 'object'),
  is_active boolean not null default true,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  usage_count bigint not null default 0,
  created_by uuid default app.user_id(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index api_keys_organization_id_idx on public.api_keys (organization_id);
create trigger touch before update on public.api_keys for each row execute function app.touch_updated_at();

create table public.webhook_configurations (
  id uuid primary key default extensions.uuid_v7(),
  organization_id uuid not null default app.organization_id() references public.organizations (id) on delete cascade,
  name text not null default 'Webhook' check (length(btrim(name)) between 1 and 120),
  url text not null check (url ~* '^https?://[^\s]+$' and length(url) <= 2048),
  events text[] not null default '{}',
  custom_headers jsonb not null default '{}' check (jsonb_typeof(custom_headers) = 'object'),
  secret text check (secret is null),
  has_secret boolean not null default false,
  is_active boolean not null default true,
  failure_count integer not null default 0,
  disabled_at timestamptz,
  disabled_reason text,
  last_delivery_at timestamptz,
  created_by uuid default app.user_id(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on column public.webhook_configurations.secret is 'Write-only: a sealed value sent here is moved to encrypted storage and reads as null.';
create index webhook_configurations_organization_id_idx on public.webhook_configurations (organization_id);

create function app.prepare_webhook() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  kept record;
begin
  if new.secret is not null then
    select * into kept from app.take_secrets(jsonb_build_object('secret', new.secret), new.organization_id,
      'webhook_configurations', new.id);
    new.secret := null;
  end if;
  new.has_secret := exists (select 1 from app.secrets s where s.owner_table = 'webhook_configurations' and s.owner_id = new.id);
  return new;
end
$$;
create trigger prepare before insert or update on public.webhook_configurations for each row execute function app.prepare_webhook();
create trigger drop_secrets after delete on public.webhook_configurations for each row execute function app.drop_channel_secrets();
create trigger touch before update on public.webhook_configurations for each row execute function app.touch_updated_at();

-- organizations.settings may carry vendor keys too.
create function app.prepare_organization() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  new.name := btrim(new.name);
  new.currency := upper(new.currency);
  if not exists (select 1 from pg_timezone_names where name = new.timezone) then
    raise exception using errcode = '22023', message = format('"%s" is not a time zone', new.timezone),
      hint = 'Use an IANA name such as Africa/Cairo.';
  end if;
  return new;
end
$$;
create trigger prepare before insert or update of name, currency, timezone on public.organizations
  for each row execute function app.prepare_organization();

create function app.keep_organization_secrets() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  kept record;
begin
  if tg_op = 'INSERT' then
    if exists (select 1 from jsonb_object_keys(new.settings) k where app.is_secret_key(k)) then
      raise exception using errcode = '22023', message = 'Create the organization first, then set its keys';
    end if;
    return new;
  end if;
  select * into kept from app.take_secrets(new.settings, new.id, 'organizations', new.id);
  new.settings := kept.rest;
  return new;
end
$$;
create trigger secrets before insert or update of settings on public.organizations for each row execute function app.keep_organization_secrets();

create table public.webhook_logs (
  id uuid primary key default extensions.uuid_v7(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  webhook_id uuid references public.webhook_configurations (id) on delete cascade,
  event_id uuid,
  event_type text not null,
  payload jsonb not null,
  attempt integer not null default 1,
  status text not null check (status in ('PENDING', 'SUCCESS', 'FAILED', 'DEAD')),
  response_status integer,
  response_body text,
  error_message text,
  duration_ms integer,
  next_retry_at timestamptz,
  created_at timestamptz not null default now()
);
create index webhook_logs_webhook_id_idx on public.webhook_logs (webhook_id, created_at desc);
create index webhook_logs_organization_id_idx on public.webhook_logs (organization_id, created_at desc);

-- Everything a provider sends, stored before it is answered. One row is one provider event, unique by its id. Who takes it from here:
-- app.take_inbound (0016).
create table public.inbound_events (
  id uuid primary key default extensions.uuid_v7(),
  organization_id uuid references public.organizations (id) on delete cascade,
  channel_account_id uuid references public.channel_accounts (id) on delete set null,
  channel_type text not null,
  routing_key text not null default '',
  sender_key text not null default '',
  -- Events of one sender share a lane, and a lane is worked on by one process at a time: so they keep their order.
  lane smallint not null generated always as ((hashtext(channel_type || ':' || routing_key || ':' || sender_key) & 31)::smallint) stored,
  provider_event_id text not null,
  payload jsonb not null,
  status text not null default 'RECEIVED' check (status in ('RECEIVED', 'PROCESSED', 'FAILED', 'UNMATCHED', 'IGNORED')),
  attempts integer not null default 0,
  error_message text,
  received_at timestamptz not null default now(),
  processed_at timestamptz,
  unique (channel_type, routing_key, provider_event_id)
);
-- Ids are by time, also within one statement: the order of the index is the order of arrival.
create index inbound_events_received_idx on public.inbound_events (lane, id) where status = 'RECEIVED';
create index inbound_events_trouble_idx on public.inbound_events (received_at) where status in ('FAILED', 'UNMATCHED');
create index inbound_events_organization_id_idx on public.inbound_events (organization_id, received_at desc);

-- One job for all that a statement stored. It names no events: they are taken from the table, many in one go where many wait.
create function app.queue_inbound() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  if exists (select from stored where status = 'RECEIVED') then
    perform jobs.add(task => 'inbound.process', priority => -10);
  end if;
  return null;
end
$$;
create trigger queue_on_insert after insert on public.inbound_events referencing new table as stored
  for each statement execute function app.queue_inbound();

create function app.queue_inbound_again() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  perform jobs.add(task => 'inbound.process', priority => -10);
  return null;
end
$$;
create trigger queue_on_update after update of status on public.inbound_events for each row
  when (new.status = 'RECEIVED' and old.status <> 'RECEIVED') execute function app.queue_inbound_again();

create table public.activity_logs (
  id uuid primary key default extensions.uuid_v7(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  actor_id uuid references public.profiles (id) on delete set null,
  actor_type text not null default 'SYSTEM' check (actor_type in ('USER', 'API', 'SYSTEM', 'CONTACT', 'BOT')),
  entity_type text not null,
  entity_id uuid not null,
  contact_id uuid,
  action text not null,
  changes jsonb not null default '{}',
  created_at timestamptz not null default now()
);
create index activity_logs_entity_idx on public.activity_logs (entity_type, entity_id, created_at desc);
create index activity_logs_contact_idx on public.activity_logs (contact_id, created_at desc) where contact_id is not null;
create index activity_logs_organization_id_idx on public.activity_logs (organization_id, created_at desc);
