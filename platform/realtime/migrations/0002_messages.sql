-- Broadcasts from SQL, and the table whose policies say who may use which private channel.

create table realtime.messages (
  id uuid primary key default gen_random_uuid(),
  topic text not null,
  -- 'broadcast' or 'presence': which of the two a policy is asked about
  extension text not null,
  payload jsonb,
  event text,
  private boolean not null default false,
  updated_at timestamp not null default timezone('utc', now()),
  inserted_at timestamp not null default timezone('utc', now()),
  -- set on rows that only keep a message for later: it has been delivered on another way
  broadcasted_at timestamp
);

create index messages_replay_idx on realtime.messages (topic, inserted_at desc) where extension = 'broadcast' and private;
create index messages_inserted_at_idx on realtime.messages (inserted_at);

alter table realtime.messages enable row level security;
grant select, insert, update on realtime.messages to anon, authenticated, service_role;
create policy service on realtime.messages to service_role using (true) with check (true);

-- The topic (without the prefix `realtime:`) that a policy on realtime.messages is being asked about.
create function realtime.topic() returns text
language sql stable
as $$ select nullif(current_setting('realtime.topic', true), '') $$;

create function realtime.record_message() returns trigger
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
  select tg_relid, 'B', pg_catalog.json_build_object(
    'id', m.id, 'topic', m.topic, 'event', m.event, 'private', m.private, 'payload', m.payload)
  from new_rows m
  where m.extension = 'broadcast' and m.event is not null and m.broadcasted_at is null;
  if found and ring then
    perform pg_catalog.pg_notify('realtime', '');
  end if;
  return null;
end
$$;

create trigger realtime_message after insert on realtime.messages referencing new table as new_rows
  for each statement execute function realtime.record_message();

-- Broadcasts `payload` to everybody on the topic when the transaction commits. A failure is a warning, not an error: a message that
-- cannot be sent must not undo the change that it is about. Runs with the caller's rights on realtime.messages.
create function realtime.send(payload jsonb, event text, topic text, private boolean default true) returns void
language plpgsql
as $$
declare
  message_id uuid := gen_random_uuid();
begin
  perform set_config('realtime.topic', topic, true);
  insert into realtime.messages (id, payload, event, topic, private, extension)
  values (
    message_id,
    case when jsonb_typeof(payload) = 'object' then jsonb_build_object('id', message_id) || payload else payload end,
    event, topic, private, 'broadcast'
  );
exception when others then
  raise warning 'ErrorSendingBroadcastMessage: %', sqlerrm;
end
$$;

-- For row triggers: broadcasts what happened to a row, in the shape that clients of `broadcast_changes` know.
create function realtime.broadcast_changes(
  topic_name text, event_name text, operation text, table_name text, table_schema text,
  new record, old record, level text default 'ROW'
) returns void
language plpgsql
as $$
begin
  if level = 'STATEMENT' then
    raise exception 'realtime.broadcast_changes works in row triggers only';
  end if;
  if operation not in ('INSERT', 'UPDATE', 'DELETE') then
    raise exception 'realtime.broadcast_changes: unknown operation %', operation;
  end if;
  perform realtime.send(
    jsonb_build_object(
      'schema', table_schema, 'table', table_name, 'operation', operation, 'record', new, 'old_record', old),
    event_name, topic_name);
end
$$;

revoke execute on function realtime.record_message() from public;
