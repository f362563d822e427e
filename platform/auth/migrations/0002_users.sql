-- Accounts. Names of tables and columns are GoTrue's where it has one, because product SQL, dashboards and migrations from elsewhere
-- know them. Only the owner reads or writes here: row level security is on without a policy, and nothing is granted.

create table auth.users (
  id uuid primary key default gen_random_uuid(),
  aud text not null default 'authenticated',
  -- The database role of the access token.
  role text not null default 'authenticated' check (role in ('authenticated', 'service_role')),
  email text check (email = lower(email) and email <> ''),
  phone text check (phone <> ''),
  -- Argon2id in PHC form; null for accounts that sign in by link or by a provider only.
  encrypted_password text,
  email_confirmed_at timestamptz,
  phone_confirmed_at timestamptz,
  confirmed_at timestamptz generated always as (least(email_confirmed_at, phone_confirmed_at)) stored,
  invited_at timestamptz,
  confirmation_sent_at timestamptz,
  recovery_sent_at timestamptz,
  -- The address or number that is waiting to be confirmed.
  email_change text not null default '',
  email_change_sent_at timestamptz,
  -- 1 when one of the two mailboxes has agreed.
  email_change_confirm_status smallint not null default 0 check (email_change_confirm_status in (0, 1)),
  phone_change text not null default '',
  phone_change_sent_at timestamptz,
  reauthentication_sent_at timestamptz,
  last_sign_in_at timestamptz,
  -- Written by the server alone, copied into the access token.
  raw_app_meta_data jsonb not null default '{}' check (jsonb_typeof(raw_app_meta_data) = 'object'),
  -- Written by the user as well: never decide a permission by it.
  raw_user_meta_data jsonb not null default '{}' check (jsonb_typeof(raw_user_meta_data) = 'object'),
  banned_until timestamptz,
  is_sso_user boolean not null default false,
  is_anonymous boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

-- Accounts of a company's identity provider may share an address with a password account.
create unique index users_email_partial_key on auth.users (email) where not is_sso_user;
create unique index users_phone_key on auth.users (phone);
-- The administrator's list, newest first.
create index users_created_at_idx on auth.users (created_at desc, id);

-- The ways in which a user can prove who they are: `email` for a password or link, later one row per OAuth provider.
create table auth.identities (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  provider text not null,
  -- The provider's own id of the person; for `email` it is the user's id.
  provider_id text not null,
  identity_data jsonb not null default '{}',
  email text generated always as (lower(identity_data ->> 'email')) stored,
  last_sign_in_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint identities_provider_id_provider_unique unique (provider_id, provider)
);

create index identities_user_id_idx on auth.identities (user_id);
create index identities_email_idx on auth.identities (email text_pattern_ops);

alter table auth.users enable row level security;
alter table auth.identities enable row level security;
revoke all on auth.users, auth.identities from public, anon, authenticated, service_role;
