-- What a mail carries: a long token in its link and a short code to type. Only hashes are kept (SHA-256 of the token; HMAC of the code
-- under a server key, since a million codes are tried in a second). One per user and purpose: a newer mail makes the older one useless.

create type auth.one_time_token_type as enum (
  'confirmation_token',
  'recovery_token',
  'email_change_token_new',
  'email_change_token_current',
  'phone_change_token',
  'reauthentication_token'
);

create table auth.one_time_tokens (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  token_type auth.one_time_token_type not null,
  token_hash bytea not null unique,
  code_hash bytea not null,
  -- Wrong codes so far. The link stays good when the code no longer is.
  code_attempts smallint not null default 0,
  -- The address that was written to.
  relates_to text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  constraint one_time_tokens_user_id_token_type_key unique (user_id, token_type)
);

create index one_time_tokens_expires_at_idx on auth.one_time_tokens (expires_at);

alter table auth.one_time_tokens enable row level security;
revoke all on auth.one_time_tokens from public, anon, authenticated, service_role;
