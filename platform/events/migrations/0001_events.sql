-- The outbox: what happened, written in the transaction in which it happened, handed to subscribers afterwards.

create table public.events (
  id uuid primary key default extensions.uuid_v7(),
  organization_id uuid,
  type text not null,
  entity_type text not null,
  entity_id uuid,
  actor_id uuid,
  payload jsonb not null default '{}',
  created_at timestamptz not null default clock_timestamp()
);
-- Who may read is the product's to say; nobody may until it does, and nobody writes but through events.emit.
alter table public.events enable row level security;

create schema events;
grant usage on schema events to authenticated, service_role;

-- What has not been handed out yet. A row is deleted in the transaction that hands its event to every subscriber, so that an event which is
-- not here and has no job is with all of them. That absence is the record of "handled": a row per event and subscriber
-- would be most of the writes of the outbox.
create table events.pending (
  lane smallint not null,
  -- Order within a lane. Ids are by the millisecond, and one statement can emit several in one.
  seq bigint generated always as identity,
  event_id uuid not null,
  emitted_at timestamptz not null default clock_timestamp(),
  primary key (lane, seq)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);

-- A dispatcher locks a lane, and with it the order of the organizations in it; the others skip it. Sixteen let as many dispatchers work.
create table events.lanes (lane smallint primary key);
insert into events.lanes select generate_series(0, 15);

-- For subscribers whose effect must happen exactly once: their own transaction writes the pair (ctx.once). See README.md.
create table events.handled (
  event_id uuid not null,
  subscriber text not null,
  handled_at timestamptz not null default now(),
  primary key (event_id, subscriber)
);

-- Tells what happened; returns the event's id. Exists when the caller's transaction commits, and only then.
--   p_actor_id  who did it; the `sub` of the request's claims when null
create function events.emit(
  p_type text,
  p_organization_id uuid,
  p_entity_type text,
  p_entity_id uuid,
  p_payload jsonb default '{}',
  p_actor_id uuid default null
) returns uuid
language plpgsql security definer
set search_path = ''
as $$
declare
  v_id uuid := extensions.uuid_v7();
  v_subject text;
begin
  if p_actor_id is null then
    v_subject := nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub';
    -- Tokens of other issuers may have subjects that are no ids.
    if v_subject ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then
      p_actor_id := v_subject::uuid;
    end if;
  end if;
  insert into public.events (id, organization_id, type, entity_type, entity_id, actor_id, payload)
  values (v_id, p_organization_id, p_type, p_entity_type, p_entity_id, p_actor_id, coalesce(p_payload, '{}'));
  insert into events.pending (lane, event_id)
  values ((pg_catalog.hashtext(coalesce(p_organization_id, p_entity_id, v_id)::text) & 15)::smallint, v_id);
  -- One announcement at a time: see jobs.wake in the jobs set for what it saves.
  perform jobs.wake('events');
  return v_id;
end
$$;
revoke execute on function events.emit from public;
grant execute on function events.emit to authenticated, service_role;
