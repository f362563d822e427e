-- Mail to be sent. Written before it is sent, so that a stopped server or a mail host that is away loses nothing and nobody waits for
-- SMTP. Without a mail host the rows stay HELD, where an operator can read the links. A sent row forgets its bodies: they hold secrets.

create table auth.mail_outbox (
  id uuid primary key default gen_random_uuid(),
  status text not null check (status in ('HELD', 'QUEUED', 'SENT', 'FAILED')),
  recipient text not null,
  subject text not null,
  html text,
  text text,
  lang text not null,
  attempts smallint not null default 0,
  -- When it may be tried (again).
  due_at timestamptz not null default now(),
  error text,
  created_at timestamptz not null default now(),
  sent_at timestamptz
);

create index mail_outbox_due_idx on auth.mail_outbox (due_at) where status = 'QUEUED';
create index mail_outbox_created_at_idx on auth.mail_outbox (created_at desc);

alter table auth.mail_outbox enable row level security;
revoke all on auth.mail_outbox from public, anon, authenticated, service_role;
