-- The change feed: what happened to tracked tables, in an order that nodes can follow without the writers waiting for each other.
--
-- Writers add rows to realtime.changes inside their own transaction. Readers do not need a commit timestamp: a node remembers the
-- snapshot it read with, and the next time takes what is visible now and was not visible then (pg_visible_in_snapshot). Nothing is
-- read twice, nothing is skipped by a transaction that began early and committed late, and a long transaction delays nobody.
--
-- Everything here is unlogged: it is worthless a minute later. A crash of the server empties it; nodes notice by realtime.epoch
-- and tell their clients to read again.

create schema realtime;
grant usage on schema realtime to anon, authenticated, service_role;

create table realtime.tracked (
  relation regclass primary key,
  since timestamptz not null default now()
);

create unlogged table realtime.changes (
  id bigint generated always as identity primary key,
  xid xid8 not null default pg_current_xact_id(),
  at timestamptz not null default clock_timestamp(),
  relation oid not null,
  -- I insert, U update, D delete, B a broadcast sent from SQL
  kind "char" not null,
  new json,
  -- the whole row for D; for U the key, or the whole row where REPLICA IDENTITY is FULL
  old json
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_analyze_scale_factor = 0.5);

create index changes_xid_idx on realtime.changes (xid);

-- One row while the unlogged tables have not been emptied by a crash.
create unlogged table realtime.epoch (
  single boolean primary key default true check (single),
  id uuid not null default gen_random_uuid()
);

-- The server processes. `reads`: somebody is connected to this one, so changes matter to it. `asleep`: it polls no more and waits
-- for a notification.
create unlogged table realtime.nodes (
  id text primary key,
  reads boolean not null default false,
  asleep boolean not null default false,
  seen_at timestamptz not null default now()
);

-- NOTIFY takes one lock for the whole server and holds it over the commit, fsync included, so writers that notify commit one after
-- another (src/backend/commands/async.c, PreCommit_Notify). Measured with 16 writers on a fast disk: 11,400 inserts/s with the
-- trigger and no NOTIFY, 4,100 with one NOTIFY per commit; on a disk with 2 ms per fsync it would be under 500. Under load every
-- node is polling anyway, so a writer rings only when some node sleeps (the handshake that loses no wake-up is in src/changes/feed.ts)
-- and writes nothing at all when nobody is there to read it.

-- The alias "~row" is one that no column has: a bare name would mean the column of that name rather than the row.
create function realtime.record_insert() returns trigger
language plpgsql security definer
set search_path = '' set timezone = 'UTC'
as $$
declare
  ring boolean;
begin
  select bool_or(asleep) into ring from realtime.nodes where reads and seen_at > now() - interval '60 seconds';
  if ring is null then
    return null;
  end if;
  insert into realtime.changes (relation, kind, new)
  select tg_relid, 'I', pg_catalog.row_to_json("~row") from new_rows "~row";
  if found and ring then
    perform pg_catalog.pg_notify('realtime', '');
  end if;
  return null;
end
$$;

-- Arguments: 'full' or 'key', then the key's columns. Both transition tables are filled row by row together, so place pairs them
-- even where the key itself changed.
create function realtime.record_update() returns trigger
language plpgsql security definer
set search_path = '' set timezone = 'UTC'
as $$
declare
  ring boolean;
begin
  select bool_or(asleep) into ring from realtime.nodes where reads and seen_at > now() - interval '60 seconds';
  if ring is null then
    return null;
  end if;
  insert into realtime.changes (relation, kind, new, old)
  select tg_relid, 'U', n.row, case
    when tg_argv[0] = 'full' then o.row::json
    else (select pg_catalog.json_object_agg(key, o.row -> key) from pg_catalog.unnest(tg_argv[1:]) key)
  end
  from (select pg_catalog.row_to_json("~row") as row, row_number() over () as place from new_rows "~row") n
  join (select pg_catalog.to_jsonb("~row") as row, row_number() over () as place from old_rows "~row") o on o.place = n.place
  order by n.place;
  if found and ring then
    perform pg_catalog.pg_notify('realtime', '');
  end if;
  return null;
end
$$;

create function realtime.record_delete() returns trigger
language plpgsql security definer
set search_path = '' set timezone = 'UTC'
as $$
declare
  ring boolean;
begin
  select bool_or(asleep) into ring from realtime.nodes where reads and seen_at > now() - interval '60 seconds';
  if ring is null then
    return null;
  end if;
  insert into realtime.changes (relation, kind, old)
  select tg_relid, 'D', pg_catalog.row_to_json("~row") from old_rows "~row";
  if found and ring then
    perform pg_catalog.pg_notify('realtime', '');
  end if;
  return null;
end
$$;

-- Makes changes of a table visible to `postgres_changes` subscribers, each of whom still needs SELECT on it and sees only rows that
-- its row level security shows. Calling it again is allowed, and needed after the primary key or REPLICA IDENTITY changed.
create function realtime.track(relation regclass) returns void
language plpgsql
set search_path = ''
as $$
declare
  keys text[];
  identity text;
  kind "char";
begin
  select c.relkind, case c.relreplident when 'f' then 'full' else 'key' end, array(
    select a.attname::text
    from pg_catalog.pg_index i
    join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
    where i.indrelid = c.oid and i.indisprimary
    order by pg_catalog.array_position(i.indkey::int2[], a.attnum)
  )
  into kind, identity, keys
  from pg_catalog.pg_class c where c.oid = track.relation;

  if kind not in ('r', 'p') then
    raise exception 'realtime.track: % is not a table', relation using errcode = 'wrong_object_type';
  end if;
  if pg_catalog.cardinality(keys) = 0 then
    raise exception 'realtime.track: % has no primary key, so its rows cannot be checked for their readers', relation
      using errcode = 'invalid_table_definition', hint = 'Add a primary key first.';
  end if;

  execute pg_catalog.format('drop trigger if exists realtime_insert on %s', relation);
  execute pg_catalog.format('drop trigger if exists realtime_update on %s', relation);
  execute pg_catalog.format('drop trigger if exists realtime_delete on %s', relation);
  execute pg_catalog.format(
    'create trigger realtime_insert after insert on %s referencing new table as new_rows
     for each statement execute function realtime.record_insert()', relation);
  execute pg_catalog.format(
    'create trigger realtime_update after update on %s referencing old table as old_rows new table as new_rows
     for each statement execute function realtime.record_update(%s)', relation,
    (select pg_catalog.string_agg(pg_catalog.quote_literal(word), ', ') from pg_catalog.unnest(identity || keys) word));
  execute pg_catalog.format(
    'create trigger realtime_delete after delete on %s referencing old table as old_rows
     for each statement execute function realtime.record_delete()', relation);
  insert into realtime.tracked (relation) values (track.relation) on conflict do nothing;
  perform pg_catalog.pg_notify('realtime', 'catalog');
end
$$;

create function realtime.untrack(relation regclass) returns void
language plpgsql
set search_path = ''
as $$
begin
  execute pg_catalog.format('drop trigger if exists realtime_insert on %s', relation);
  execute pg_catalog.format('drop trigger if exists realtime_update on %s', relation);
  execute pg_catalog.format('drop trigger if exists realtime_delete on %s', relation);
  delete from realtime.tracked t where t.relation = untrack.relation;
  perform pg_catalog.pg_notify('realtime', 'catalog');
end
$$;

revoke execute on all functions in schema realtime from public;
