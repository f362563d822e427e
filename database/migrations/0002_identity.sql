-- Organizations, the people in them and what each may do.

create table public.organizations (
  id uuid primary key default extensions.uuid_v7(),
  name text not null check (length(btrim(name)) between 1 and 200),
  slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  timezone text not null default 'UTC',
  currency text not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
  locale text not null default 'en',
  logo_url text,
  business_hours jsonb not null default '{}',
  settings jsonb not null default '{}' check (jsonb_typeof(settings) = 'object'),
  is_demo boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table public.profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  organization_id uuid references public.organizations (id) on delete set null,
  email text,
  email_confirmed boolean not null default false,
  first_name text check (length(first_name) <= 100),
  last_name text check (length(last_name) <= 100),
  full_name text generated always as (btrim(coalesce(first_name, '') || ' ' || coalesce(last_name, ''))) stored,
  avatar_url text,
  phone text,
  timezone text,
  language text,
  permissions jsonb not null default '{}' check (jsonb_typeof(permissions) = 'object'),
  preferences jsonb not null default '{}' check (jsonb_typeof(preferences) = 'object'),
  is_active boolean not null default true,
  is_online boolean not null default false,
  last_seen_at timestamptz,
  onboarding_completed boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on column public.profiles.organization_id is 'The organization the user works in now; membership itself is user_roles.';
comment on column public.profiles.permissions is 'Overrides of the role''s defaults in the active organization; user_roles.permissions is the record.';
create index profiles_organization_id_idx on public.profiles (organization_id);

create table public.user_roles (
  id uuid primary key default extensions.uuid_v7(),
  user_id uuid not null references public.profiles (id) on delete cascade,
  organization_id uuid not null references public.organizations (id) on delete cascade,
  role public.app_role not null default 'AGENT',
  permissions jsonb not null default '{}' check (jsonb_typeof(permissions) = 'object'),
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (user_id, organization_id)
);
create index user_roles_organization_id_idx on public.user_roles (organization_id);
create unique index user_roles_one_owner on public.user_roles (organization_id) where role = 'OWNER';

create table public.invitations (
  id uuid primary key default extensions.uuid_v7(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  email text not null,
  role public.app_role not null default 'AGENT',
  permissions jsonb not null default '{}',
  invited_by uuid references public.profiles (id) on delete set null,
  status text not null default 'PENDING' check (status in ('PENDING', 'ACCEPTED', 'CANCELLED')),
  expires_at timestamptz not null default now() + interval '7 days',
  accepted_at timestamptz,
  accepted_by uuid references public.profiles (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index invitations_one_pending on public.invitations (organization_id, email) where status = 'PENDING';

-- Hashes of what is shown once: never readable over REST.
create table app.token_hashes (
  hash bytea primary key,
  kind text not null check (kind in ('api_key', 'invitation')),
  record_id uuid not null,
  created_at timestamptz not null default now()
);
create index token_hashes_record_idx on app.token_hashes (kind, record_id);

-- ---------------------------------------------------------------- permissions

-- What a role may do unless the member's own flags say otherwise.
create function app.role_allows(role public.app_role, flag text) returns boolean
language sql immutable parallel safe
as $$
  select case role
    when 'OWNER' then true
    when 'ADMIN' then flag <> 'restrict_login_to_schedule'
    when 'AGENT' then flag in ('can_access_crm', 'can_access_tasks', 'can_send_messages', 'can_read_messages',
      'can_see_assigned_conversations', 'can_see_all_conversations', 'can_see_all_deals',
      'can_be_auto_assigned_conversations', 'can_be_auto_assigned_tasks', 'can_access_call_intelligence')
    when 'TEAM_ADMIN' then flag in ('can_access_crm', 'can_access_tasks', 'can_send_messages', 'can_read_messages',
      'can_see_assigned_conversations', 'can_see_all_conversations', 'can_see_all_deals', 'can_export_data',
      'can_be_auto_assigned_conversations', 'can_be_auto_assigned_tasks', 'can_access_call_intelligence')
    when 'PROJECT_MANAGER' then flag in ('can_access_pm', 'can_access_tasks', 'can_see_assigned_conversations',
      'can_read_messages', 'can_send_messages')
    else false
  end
$$;

-- The organization of this request: an API key's own, else the one in which the user is working and still a member.
create function app.organization_id() returns uuid
language sql stable parallel safe security definer set search_path = public, pg_temp
as $$
  select case
    when app.api_key_id() is not null then (app.claims() ->> 'organization_id')::uuid
    else (select p.organization_id
          from public.profiles p
          join public.user_roles r on r.user_id = p.id and r.organization_id = p.organization_id and r.is_active
          where p.id = app.user_id() and p.is_active)
  end
$$;

create function app.role() returns public.app_role
language sql stable parallel safe security definer set search_path = public, pg_temp
as $$
  select r.role from public.user_roles r
  where r.user_id = app.user_id() and r.organization_id = app.organization_id() and r.is_active
$$;

-- Does the caller hold this right in the current organization? Owners always do; keys carry their own flags.
create function app.can(flag text) returns boolean
language sql stable parallel safe security definer set search_path = public, pg_temp
as $$
  select coalesce(case
    when app.api_key_id() is not null then
      coalesce((app.claims() -> 'permissions' ->> flag)::boolean, flag not in ('can_manage_team', 'can_manage_settings'))
    else (select r.role = 'OWNER' or coalesce((r.permissions ->> flag)::boolean, app.role_allows(r.role, flag))
          from public.user_roles r
          where r.user_id = app.user_id() and r.organization_id = app.organization_id() and r.is_active)
  end, false)
$$;

create function app.is_admin() returns boolean
language sql stable parallel safe
as $$ select coalesce(app.role() in ('OWNER', 'ADMIN'), false) $$;

-- Members of my organization (ids): used by policies on profiles.
create function app.is_colleague(other uuid) returns boolean
language sql stable parallel safe security definer set search_path = public, pg_temp
as $$
  select exists (select 1 from public.user_roles r
                 where r.user_id = other and r.organization_id = app.organization_id())
$$;

-- ---------------------------------------------------------------- guards

-- A user edits names and preferences; who is active and what they may do is for those who manage the team.
-- Trusted callers (the owner of the tables and service_role) and our own triggers pass.
create function app.guard_profile() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  target_role public.app_role;
begin
  if pg_trigger_depth() > 1 or coalesce(current_setting('role', true), 'none') not in ('anon', 'authenticated') then
    return new;
  end if;
  if new.id is distinct from old.id or new.email is distinct from old.email
     or new.email_confirmed is distinct from old.email_confirmed then
    raise exception using errcode = '42501',
      message = 'id, email and email_confirmed of a profile cannot be changed here',
      hint = 'Change the e-mail address with PUT /auth/v1/user.';
  end if;
  if new.organization_id is distinct from old.organization_id and coalesce(current_setting('app.switching', true), '') <> 'on' then
    raise exception using errcode = '42501', message = 'Use switch_organization to work in another organization';
  end if;
  if new.permissions is distinct from old.permissions or new.is_active is distinct from old.is_active then
    select role into target_role from public.user_roles
      where user_id = new.id and organization_id = app.organization_id();
    if not app.can('can_manage_team') or new.id = app.user_id() or target_role is null or target_role = 'OWNER' then
      raise exception using errcode = '42501',
        message = 'Only someone who manages the team can change permissions or activity, never their own and never the owner''s';
    end if;
    update public.user_roles set permissions = new.permissions, is_active = new.is_active, updated_at = now()
      where user_id = new.id and organization_id = app.organization_id();
    -- Activity and flags belong to this membership; the person's other organizations are not this manager's to change.
    if new.organization_id is distinct from app.organization_id() then
      new.permissions := old.permissions;
      new.is_active := old.is_active;
    end if;
  end if;
  return new;
end
$$;
create trigger guard before update on public.profiles for each row execute function app.guard_profile();

create function app.guard_user_role() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  mine public.app_role := app.role();
begin
  if coalesce(current_setting('role', true), 'none') not in ('anon', 'authenticated') then
    return coalesce(new, old);
  end if;
  if tg_op = 'UPDATE' and (new.user_id, new.organization_id) is distinct from (old.user_id, old.organization_id) then
    raise exception using errcode = '42501', message = 'A membership cannot be moved to another user or organization';
  end if;
  if coalesce(old.user_id, new.user_id) = app.user_id() then
    raise exception using errcode = '42501', message = 'Nobody can change their own role or permissions';
  end if;
  if old.role = 'OWNER' or new.role = 'OWNER' then
    raise exception using errcode = '42501', message = 'The owner''s role can only be handed over by the owner';
  end if;
  if mine is distinct from 'OWNER' and (old.role = 'ADMIN' or new.role = 'ADMIN') then
    raise exception using errcode = '42501', message = 'Only the owner can make or change administrators';
  end if;
  return coalesce(new, old);
end
$$;
create trigger guard before insert or update or delete on public.user_roles
  for each row execute function app.guard_user_role();

create function app.sync_permissions() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  if pg_trigger_depth() > 1 then
    return new;
  end if;
  update public.profiles p set permissions = new.permissions
    where p.id = new.user_id and p.organization_id = new.organization_id and p.permissions is distinct from new.permissions;
  return new;
end
$$;

create trigger sync_permissions after insert or update of permissions on public.user_roles
  for each row execute function app.sync_permissions();

create function app.normalize_invitation() returns trigger
language plpgsql
as $$
begin
  new.email := app.normalize_email(new.email);
  if new.email is null then
    raise exception using errcode = '22023', message = 'email is not a valid e-mail address';
  end if;
  if new.role = 'OWNER' then
    raise exception using errcode = '22023', message = 'An organization has one owner; invite an ADMIN instead';
  end if;
  return new;
end
$$;
create trigger normalize before insert or update on public.invitations
  for each row execute function app.normalize_invitation();

create trigger touch before update on public.organizations for each row execute function app.touch_updated_at();
create trigger touch before update on public.profiles for each row execute function app.touch_updated_at();
create trigger touch before update on public.user_roles for each row execute function app.touch_updated_at();
create trigger touch before update on public.invitations for each row execute function app.touch_updated_at();
