-- What happened to accounts, for the operator: sign-ins, password changes, revoked sessions. No foreign key: entries outlive users.

create table auth.audit_log_entries (
  id uuid primary key default gen_random_uuid(),
  -- login, logout, user_signedup, user_repeated_signup, user_invited, user_modified, user_updated_password, user_deleted,
  -- user_recovery_requested, user_confirmation_requested, token_revoked.
  action text not null,
  user_id uuid,
  payload jsonb not null default '{}',
  ip_address inet,
  created_at timestamptz not null default now()
);

create index audit_log_entries_user_id_idx on auth.audit_log_entries (user_id, created_at desc);
create index audit_log_entries_created_at_idx on auth.audit_log_entries (created_at);

alter table auth.audit_log_entries enable row level security;
revoke all on auth.audit_log_entries from public, anon, authenticated, service_role;
