-- Files as rows: what exists, who may see it, and where its bytes are.
--
-- A row of storage.objects is the only truth about a file. Bytes live in the driver (folder or S3) under the row's
-- `version`, a name that is never used twice. Replacing a file writes new bytes first and then points the row at them,
-- so a reader sees the whole old file or the whole new one.

create schema if not exists storage;

create table storage.buckets (
  id text primary key,
  name text not null unique,
  owner uuid,
  owner_id text,
  public boolean not null default false,
  file_size_limit bigint check (file_size_limit >= 0),
  allowed_mime_types text[],
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint buckets_name_length check (length(name) between 1 and 100)
);

comment on table storage.buckets is 'Named containers of files with their limits. A public bucket is readable by anyone.';
comment on column storage.buckets.file_size_limit is 'Largest file in bytes; null means the limit of the server.';
comment on column storage.buckets.allowed_mime_types is 'Types such as image/png or image/*; null or empty means any.';
comment on column storage.buckets.owner is 'Kept for clients that still read it; owner_id holds the subject of any token.';

create table storage.objects (
  id uuid primary key default gen_random_uuid(),
  bucket_id text not null references storage.buckets (id),
  -- Bytewise order: listing pages by name, and every prefix is one contiguous range of the unique index.
  name text collate "C" not null,
  owner uuid,
  owner_id text,
  version text,
  metadata jsonb,
  user_metadata jsonb,
  path_tokens text[] generated always as (string_to_array(name, '/')) stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  last_accessed_at timestamptz not null default now(),
  constraint objects_bucket_id_name_key unique (bucket_id, name),
  constraint objects_name_length check (octet_length(name) between 1 and 1024)
);

comment on table storage.objects is 'One row per file. Policies on this table decide who lists, reads, writes and removes.';
comment on column storage.objects.version is 'Name of the bytes in the driver; changes with every write.';
comment on column storage.objects.metadata is 'What the server knows: eTag, size, mimetype, cacheControl, lastModified.';
comment on column storage.objects.user_metadata is 'What the uploader said, as JSON.';

-- Two rows must never share bytes: removing one would take the other's file away, and naming somebody else's version in
-- an own row would read it.
create unique index objects_version_key on storage.objects (version) where version is not null;

-- "My uploads", and policies that compare the owner.
create index objects_owner_id_idx on storage.objects (owner_id) where owner_id is not null;

create table storage.orphans (
  version text primary key,
  reason text not null check (reason in ('writing', 'replaced')),
  since timestamptz not null default now()
);

create index orphans_since_idx on storage.orphans (since);

comment on table storage.orphans is
  'Bytes that may lie in the driver without a row: being written, replaced or removed. The sweeper empties it.';

-- Any way of changing a row (the API, a cascade, plain SQL) keeps the list of orphans right, in the same transaction.
-- Security definer: the caller's role has no business with the list itself.
create function storage.track_versions() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if tg_op <> 'DELETE' and new.version is not null then
    delete from storage.orphans where version = new.version;
  end if;
  if tg_op <> 'INSERT' and old.version is not null and (tg_op = 'DELETE' or old.version is distinct from new.version) then
    insert into storage.orphans (version, reason) values (old.version, 'replaced')
    on conflict (version) do update set reason = excluded.reason, since = excluded.since;
  end if;
  return null;
end;
$$;

create trigger objects_track_versions
after insert or delete or update of version on storage.objects
for each row execute function storage.track_versions();

create function storage.touch_updated_at() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.updated_at := now();
  return new;
end;
$$;

create trigger buckets_touch_updated_at
before update on storage.buckets
for each row execute function storage.touch_updated_at();

create trigger objects_touch_updated_at
before update on storage.objects
for each row execute function storage.touch_updated_at();

alter table storage.buckets enable row level security;
alter table storage.objects enable row level security;
alter table storage.orphans enable row level security;

-- The tables are reachable, the rows are not: without a policy nobody but service_role sees or writes anything.
grant usage on schema storage to anon, authenticated, service_role;
grant select, insert, update, delete on storage.buckets, storage.objects to anon, authenticated, service_role;
