-- A session is one sign-in on one device. Ending it deletes the row; its refresh tokens go with it, and the access token is refused by
-- every route that looks the session up.

create type auth.aal_level as enum ('aal1', 'aal2', 'aal3');

create table auth.sessions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  aal auth.aal_level not null default 'aal1',
  -- The second factor that raised the level.
  factor_id uuid,
  user_agent text,
  ip inet,
  -- A name for the kind of client, such as `mobile`.
  tag text,
  -- Seconds that an access token of this session lives; null means the server's default.
  access_token_seconds int check (access_token_seconds > 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  refreshed_at timestamptz,
  -- The session cannot be refreshed after this moment.
  not_after timestamptz
);

create index sessions_user_id_created_at_idx on auth.sessions (user_id, created_at);

-- How the session was proven (the `amr` claim): one row per method.
create table auth.mfa_amr_claims (
  session_id uuid not null references auth.sessions (id) on delete cascade,
  authentication_method text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (session_id, authentication_method)
);

-- One row per refresh token, of which only the SHA-256 is kept. A token is used once; `used_at` says when. Whoever shows a used one
-- again after a few seconds is not the one it was given to, or is not the only one who has it: the session ends.
create table auth.refresh_tokens (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null references auth.sessions (id) on delete cascade,
  token_hash bytea not null unique,
  parent_id uuid references auth.refresh_tokens (id) on delete set null,
  created_at timestamptz not null default now(),
  used_at timestamptz
);

create index refresh_tokens_session_id_idx on auth.refresh_tokens (session_id);
create index refresh_tokens_parent_id_idx on auth.refresh_tokens (parent_id) where parent_id is not null;
create index refresh_tokens_used_at_idx on auth.refresh_tokens (used_at) where used_at is not null;

alter table auth.sessions enable row level security;
alter table auth.mfa_amr_claims enable row level security;
alter table auth.refresh_tokens enable row level security;
revoke all on auth.sessions, auth.mfa_amr_claims, auth.refresh_tokens from public, anon, authenticated, service_role;
