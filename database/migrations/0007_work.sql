-- Tasks, notes, saved replies and views.

create table public.tasks (
  id uuid primary key default extensions.uuid_v7(),
  organization_id uuid not null default app.organization_id() references public.organizations (id) on delete cascade,
  contact_id uuid references public.contacts (id) on delete cascade,
  deal_id uuid references public.deals (id) on delete cascade,
  conversation_id uuid references public.conversations (id) on delete set null,
  assignee_id uuid references public.profiles (id) on delete set null,
  created_by uuid default app.user_id(),
  title text not null check (length(btrim(title)) between 1 and 300),
  description text check (length(description) <= 5000),
  due_date timestamptz,
  completed boolean not null default false,
  completed_at timestamptz,
  priority extensions.citext not null default 'MEDIUM' check (priority in ('LOW', 'MEDIUM', 'HIGH', 'URGENT')),
  tags text[] not null default '{}' check (app.tags_are_short(tags)),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index tasks_list_idx on public.tasks (organization_id, completed, due_date);
create index tasks_assignee_idx on public.tasks (assignee_id, completed, due_date) where assignee_id is not null;
create index tasks_contact_id_idx on public.tasks (contact_id) where contact_id is not null;
create index tasks_deal_id_idx on public.tasks (deal_id) where deal_id is not null;
create index tasks_conversation_id_idx on public.tasks (conversation_id) where conversation_id is not null;

create function app.prepare_task() returns trigger
language plpgsql
as $$
begin
  new.priority := upper(new.priority::text);
  new.tags := app.clean_tags(new.tags);
  if new.completed and new.completed_at is null then
    new.completed_at := now();
  elsif not new.completed then
    new.completed_at := null;
  end if;
  return new;
end
$$;
create trigger prepare before insert or update on public.tasks for each row execute function app.prepare_task();
select app.check_references('public.tasks', 'contact_id', 'contacts', 'deal_id', 'deals', 'conversation_id', 'conversations', 'assignee_id', 'profiles');
create trigger touch before update on public.tasks for each row execute function app.touch_updated_at();

create table public.notes (
  id uuid primary key default extensions.uuid_v7(),
  organization_id uuid not null default app.organization_id() references public.organizations (id) on delete cascade,
  contact_id uuid references public.contacts (id) on delete cascade,
  conversation_id uuid references public.conversations (id) on delete cascade,
  deal_id uuid references public.deals (id) on delete cascade,
  company_id uuid references public.companies (id) on delete cascade,
  author_id uuid default app.user_id() references public.profiles (id) on delete set null,
  content text not null check (length(btrim(content)) between 1 and 20000),
  mentions uuid[] not null default '{}',
  is_pinned boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint notes_about_something check (num_nonnulls(contact_id, conversation_id, deal_id, company_id) > 0)
);
create index notes_contact_id_idx on public.notes (contact_id, created_at desc) where contact_id is not null;
create index notes_conversation_id_idx on public.notes (conversation_id, created_at desc) where conversation_id is not null;
create index notes_deal_id_idx on public.notes (deal_id, created_at desc) where deal_id is not null;
create index notes_company_id_idx on public.notes (company_id) where company_id is not null;
create index notes_organization_id_idx on public.notes (organization_id, created_at desc);

-- A note written in a conversation is also about its contact.
create function app.prepare_note() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  if new.conversation_id is not null and new.contact_id is null then
    select c.contact_id into new.contact_id from public.conversations c
      where c.id = new.conversation_id and c.organization_id = new.organization_id;
  end if;
  if tg_op = 'INSERT' and current_setting('role', true) = 'authenticated' and app.user_id() is not null then
    new.author_id := app.user_id();
  end if;
  return new;
end
$$;
create trigger prepare before insert or update on public.notes for each row execute function app.prepare_note();
select app.check_references('public.notes', 'contact_id', 'contacts', 'conversation_id', 'conversations', 'deal_id', 'deals',
    'company_id', 'companies', 'author_id', 'profiles');
create trigger touch before update on public.notes for each row execute function app.touch_updated_at();

-- Message templates that a provider approves (WhatsApp), and general ones.
create table public.templates (
  id uuid primary key default extensions.uuid_v7(),
  organization_id uuid not null default app.organization_id() references public.organizations (id) on delete cascade,
  channel_account_id uuid references public.channel_accounts (id) on delete cascade,
  name text not null,
  language text not null default 'en',
  category text not null default 'GENERAL' check (category in ('GENERAL', 'QUICK_REPLY', 'UTILITY', 'MARKETING', 'AUTHENTICATION')),
  status text not null default 'DRAFT' check (status in ('DRAFT', 'PENDING', 'APPROVED', 'REJECTED', 'PAUSED', 'DISABLED')),
  components jsonb not null default '[]',
  content text,
  image_url text,
  external_id text,
  rejection_reason text,
  quality text,
  created_by uuid default app.user_id(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index templates_organization_id_idx on public.templates (organization_id, created_at desc);
create unique index templates_provider_key on public.templates (channel_account_id, name, language) where channel_account_id is not null;
select app.check_references('public.templates', 'channel_account_id', 'channel_accounts');
create trigger touch before update on public.templates for each row execute function app.touch_updated_at();

create function app.prepare_template() returns trigger
language plpgsql
as $$
begin
  new.name := coalesce(nullif(btrim(new.name), ''), 'General template (' || to_char(now(), 'DD.MM.YYYY HH24:MI') || ')');
  new.category := upper(new.category);
  new.status := upper(new.status);
  if jsonb_typeof(new.components) = 'string' then
    new.components := (new.components #>> '{}')::jsonb;
  end if;
  return new;
end
$$;
create trigger prepare before insert or update on public.templates for each row execute function app.prepare_template();

create table public.quick_replies (
  id uuid primary key default extensions.uuid_v7(),
  organization_id uuid not null default app.organization_id() references public.organizations (id) on delete cascade,
  name text not null check (length(btrim(name)) between 1 and 120),
  shortcut text check (shortcut ~ '^[^\s/]{1,40}$'),
  content text not null check (length(btrim(content)) between 1 and 4096),
  image_url text,
  category text,
  language text,
  owner_id uuid references public.profiles (id) on delete cascade,
  use_count integer not null default 0,
  created_by uuid default app.user_id(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on column public.quick_replies.owner_id is 'Null: shared with the organization; set: private to this member.';
create index quick_replies_organization_id_idx on public.quick_replies (organization_id, name);
select app.check_references('public.quick_replies', 'owner_id', 'profiles');
create trigger touch before update on public.quick_replies for each row execute function app.touch_updated_at();

create table public.saved_filters (
  id uuid primary key default extensions.uuid_v7(),
  organization_id uuid not null default app.organization_id() references public.organizations (id) on delete cascade,
  user_id uuid not null default app.user_id() references public.profiles (id) on delete cascade,
  area text not null check (length(area) between 1 and 40),
  name text not null check (length(btrim(name)) between 1 and 80),
  filter jsonb not null default '{}',
  is_shared boolean not null default false,
  position integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (user_id, organization_id, area, name)
);
create index saved_filters_organization_id_idx on public.saved_filters (organization_id, area);
create trigger touch before update on public.saved_filters for each row execute function app.touch_updated_at();
