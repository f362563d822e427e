-- From a provider's events to contacts, conversations and messages. What a typical message needs is done by one call for many
-- messages, because round trips and the planning of single statements cost more than the work itself (ARCHITECTURE.md, "In").
-- Run by the server alone, as the owner of the tables.

-- ---------------------------------------------------------------- who works on which lane

-- A lane belongs to one session at a time, by an advisory lock that is free at once when its process dies. The first number keeps
-- these locks apart from others. Leaves the lanes that the session had, takes up to p_lanes with work that nobody else has, looking
-- from lane p_from on, and returns their oldest events. When it returns nothing, the session has no lane.
-- Whoever finds a lane taken may forget about it: its holder looks again after leaving it, here or in its next call, and sees
-- whatever was committed before the other one asked.
create function app.take_inbound(p_from integer, p_lanes integer, p_limit integer)
returns table (id uuid, lane smallint, channel_type text, payload jsonb,
  account_id uuid, account_organization_id uuid, account_type text, account_routing_key text)
language plpgsql volatile
as $$
declare
  mine integer[];
begin
  loop
    perform pg_advisory_unlock_all();
    mine := array(
      select l from (
        select (n & 31)::smallint as l from generate_series(p_from, p_from + 31) n
        where exists (select from public.inbound_events e where e.lane = (n & 31)::smallint and e.status = 'RECEIVED')
        offset 0) busy
      where pg_try_advisory_lock(1784636008, l) limit p_lanes);
    if mine = '{}' then
      return;
    end if;
    -- Lane by lane and in the order of inbound_events_received_idx, which alone has that order: with `lane = any` the planner
    -- would walk through all the events that are done, by their ids.
    return query
      select e.id, e.lane, e.channel_type, e.payload, a.id, a.organization_id, a.type, a.routing_key
      from unnest(mine) l
      cross join lateral (
        select * from public.inbound_events waiting
        where waiting.lane = l and waiting.status = 'RECEIVED' order by waiting.lane, waiting.id limit p_limit) e
      left join public.channel_accounts a on a.id = e.channel_account_id
      order by e.id limit p_limit;
    if found then
      return;
    end if;
    -- Another session has just done it.
  end loop;
end
$$;

create function app.wait_for_inbound_lane(lane smallint) returns void
language sql volatile
as $$ select pg_advisory_lock(1784636008, lane) $$;

-- ---------------------------------------------------------------- contacts

-- The contact behind a provider's party: by channel identity, else by phone, else by e-mail address, else a new one. Fills what is
-- still empty (what a person wrote is never overwritten by what a provider says) and remembers the identity. Two identities of
-- one channel are never joined because a phone agrees with both: the first match by identity wins. Those who meet the same
-- new person on two accounts at once wait for each other until the first has committed.
--   p_party  {external_id, ids: [external_id, ...others], phone, email, name, username, first_name, last_name, avatar_url, locale,
--             source: channel type in lower case, by_address: whether phone and e-mail prove who it is}
create function app.match_contact(p_organization_id uuid, p_identity_type text, p_scope text, p_party jsonb) returns uuid
language plpgsql volatile set search_path = public, extensions, pg_temp
as $$
declare
  external_ids text[] := array(select jsonb_array_elements_text(p_party -> 'ids'));
  main_id text := p_party ->> 'external_id';
  phone text := app.normalize_phone(p_party ->> 'phone');
  email text := app.normalize_email(p_party ->> 'email');
  name text := p_party ->> 'name';
  found_id uuid;
begin
  perform pg_advisory_xact_lock(hashtextextended(
    p_organization_id || ':' || coalesce(p_party ->> 'phone', p_party ->> 'email', p_identity_type || ':' || main_id), 7));

  select i.contact_id into found_id from public.contact_identities i
    where i.organization_id = p_organization_id and i.channel_type = p_identity_type and i.scope = p_scope
      and i.external_id = any (external_ids)
    order by i.external_id = main_id desc limit 1;
  if found_id is null and (p_party -> 'by_address')::boolean then
    if phone is not null then
      select c.id into found_id from public.contacts c
        where c.organization_id = p_organization_id and c.phones @> array[phone] order by c.created_at limit 1;
    end if;
    if found_id is null and email is not null then
      select c.id into found_id from public.contacts c
        where c.organization_id = p_organization_id and c.emails @> array[email] order by c.created_at limit 1;
    end if;
  end if;

  if found_id is null then
    insert into public.contacts (organization_id, first_name, last_name, phones, emails, source, avatar_url, language)
    values (p_organization_id, p_party ->> 'first_name', p_party ->> 'last_name', array_remove(array[phone], null),
      array_remove(array[email], null), p_party ->> 'source', p_party ->> 'avatar_url', p_party ->> 'locale')
    returning contacts.id into found_id;
  else
    update public.contacts c set
      first_name = case when c.full_name = '' and name is not null then p_party ->> 'first_name' else c.first_name end,
      last_name = case when c.full_name = '' and name is not null then p_party ->> 'last_name' else c.last_name end,
      phones = case when phone is not null and cardinality(c.phones) = 0 then array[phone] else c.phones end,
      emails = case when email is not null and cardinality(c.emails) = 0 then array[email] else c.emails end
    where c.id = found_id and ((c.full_name = '' and name is not null) or (cardinality(c.phones) = 0 and phone is not null)
      or (cardinality(c.emails) = 0 and email is not null));
  end if;

  insert into public.contact_identities (organization_id, contact_id, channel_type, scope, external_id, display_name, username)
  select p_organization_id, found_id, p_identity_type, p_scope, id, name, p_party ->> 'username' from unnest(external_ids) id
  on conflict (organization_id, channel_type, scope, external_id) do update
    set display_name = coalesce(excluded.display_name, contact_identities.display_name),
        username = coalesce(excluded.username, contact_identities.username)
    where (contact_identities.display_name, contact_identities.username)
          is distinct from (coalesce(excluded.display_name, contact_identities.display_name),
                            coalesce(excluded.username, contact_identities.username));
  return found_id;
end
$$;

-- ---------------------------------------------------------------- conversations

-- The conversation a message belongs to: the live one of this contact on this account and thread, else the latest closed one (the
-- message itself reopens it), else a new one. Two first messages at once open one; start_conversation takes the same lock.
create function app.open_conversation(p_organization_id uuid, p_contact_id uuid, p_account_id uuid, p_thread_key text, p_metadata jsonb)
returns uuid
language plpgsql volatile set search_path = public, extensions, pg_temp
as $$
declare
  found_id uuid;
begin
  perform pg_advisory_xact_lock(hashtextextended(p_contact_id::text || p_account_id::text, 0));
  select c.id into found_id from public.conversations c
    where c.contact_id = p_contact_id and c.channel_account_id = p_account_id and c.thread_key = p_thread_key
      and c.organization_id = p_organization_id
    order by c.status in ('OPEN', 'PENDING') desc, c.last_message_at desc nulls last limit 1;
  if found_id is null then
    insert into public.conversations (organization_id, contact_id, channel_account_id, thread_key, metadata)
    values (p_organization_id, p_contact_id, p_account_id, p_thread_key, p_metadata)
    returning conversations.id into found_id;
  end if;
  return found_id;
end
$$;

-- ---------------------------------------------------------------- events to rows

-- Moves a message's status; the trigger of the table lets it go forward only. A receipt may overtake the answer of the send call, so
-- that our own reference finds the message when its external id is not stored yet. Null when the message is not known.
create function app.apply_receipt(p_account_id uuid, p_external_id text, p_reference uuid, p_status text, p_error_code text,
  p_error_message text, p_at timestamptz, p_metadata jsonb) returns uuid
language plpgsql volatile set search_path = public, extensions, pg_temp
as $$
declare
  message_id uuid;
begin
  if p_external_id is not null then
    select m.id into message_id from public.messages m where m.channel_account_id = p_account_id and m.external_id = p_external_id;
  end if;
  if message_id is null and p_reference is not null then
    select m.id into message_id from public.messages m
      where m.id = p_reference and m.channel_account_id = p_account_id and m.direction = 'OUTBOUND';
  end if;
  if message_id is not null then
    update public.messages m set
      status = p_status,
      external_id = coalesce(m.external_id, p_external_id),
      error_code = case when p_status = 'FAILED' then p_error_code else m.error_code end,
      error_message = case when p_status = 'FAILED' then p_error_message else m.error_message end,
      delivered_at = case when p_status = 'DELIVERED' then coalesce(m.delivered_at, p_at) else m.delivered_at end,
      read_at = case when p_status = 'READ' then coalesce(m.read_at, p_at) else m.read_at end,
      metadata = m.metadata || p_metadata
    where m.id = message_id;
  end if;
  return message_id;
end
$$;

-- Applies messages and receipts in the order given and marks the events that brought them as processed, in the caller's transaction.
-- Repeating it changes nothing more. Returns what has to wait: receipts of messages that are not stored (yet).
--   p_steps  [{kind: 'message' | 'receipt', event_id, organization_id, account_id, ...}], see features/messaging/inbound/inboundSteps.ts
create function app.apply_inbound(p_steps jsonb) returns table (event_id uuid, waits_for text)
language plpgsql volatile set search_path = public, extensions, pg_temp
as $$
#variable_conflict use_column
declare
  step record;
  person record;
  who uuid;
  thread_id uuid;
  reply_id uuid;
  message_id uuid;
  waiting uuid[] := '{}';
  finished uuid[] := '{}';
begin
  for step in
    select * from jsonb_to_recordset(p_steps) as s(
      kind text, event_id uuid, organization_id uuid, account_id uuid, channel text, external_id text, status text, metadata jsonb,
      -- of messages
      identity_type text, identity_scope text, party jsonb, ids text[], name text, username text, phone text, email text,
      thread_key text, thread_metadata jsonb, direction text, sender_type text, content text, message_type text,
      reply_to text, said_at timestamptz, takes_over boolean, media jsonb,
      -- of receipts
      reference uuid, error_code text, error_message text)
  loop
    if step.kind = 'receipt' then
      if app.apply_receipt(step.account_id, step.external_id, step.reference, step.status, step.error_code, step.error_message,
                           step.said_at, step.metadata) is null then
        event_id := step.event_id;
        waits_for := 'message ' || coalesce(step.external_id, step.reference::text);
        waiting := waiting || step.event_id;
        return next;
      else
        finished := finished || step.event_id;
      end if;
      continue;
    end if;

    -- Somebody known of whom nothing new is said, with a conversation: one look, no locks.
    who := null;
    thread_id := null;
    select i.contact_id, v.id as thread_id,
      count(*) over () = cardinality(step.ids)
        and bool_and((step.name is null or i.display_name = step.name) and (step.username is null or i.username = step.username)) over ()
        and (step.name is null or c.full_name <> '') and (step.phone is null or c.phones <> '{}')
        and (step.email is null or c.emails <> '{}') as is_complete
    into person
    from public.contact_identities i
    join public.contacts c on c.id = i.contact_id
    left join lateral (
      select v.id from public.conversations v
      where v.contact_id = i.contact_id and v.channel_account_id = step.account_id and v.thread_key = step.thread_key
        and v.organization_id = step.organization_id
      order by v.status in ('OPEN', 'PENDING') desc, v.last_message_at desc nulls last limit 1) v on true
    where i.organization_id = step.organization_id and i.channel_type = step.identity_type and i.scope = step.identity_scope
      and i.external_id = any (step.ids)
    order by i.external_id = step.ids[1] desc limit 1;
    if found and person.is_complete then
      who := person.contact_id;
      thread_id := person.thread_id;
    else
      who := app.match_contact(step.organization_id, step.identity_type, step.identity_scope, step.party);
    end if;
    if thread_id is null then
      thread_id := app.open_conversation(step.organization_id, who, step.account_id, step.thread_key, step.thread_metadata);
    end if;

    reply_id := null;
    if step.reply_to is not null then
      select m.id into reply_id from public.messages m
        where m.channel_account_id = step.account_id and m.external_id = step.reply_to and m.conversation_id = thread_id;
    end if;
    message_id := null;
    insert into public.messages (organization_id, conversation_id, contact_id, channel_account_id, channel, direction, status,
      sender_type, content, message_type, external_id, reply_to_id, metadata, created_at)
    values (step.organization_id, thread_id, who, step.account_id, step.channel, step.direction, step.status,
      step.sender_type, step.content, step.message_type, step.external_id, reply_id, step.metadata,
      least(coalesce(step.said_at, now()), now()))
    on conflict (channel_account_id, external_id) where external_id is not null do nothing
    returning messages.id into message_id;
    if message_id is not null then
      if step.media is not null then
        perform app.add_inbound_media(message_id, step.media);
      end if;
      -- A colleague who answers from the phone takes over: the bot stops (field list 16 and 40).
      if step.takes_over then
        update public.conversations set ai_agent_active = false where id = thread_id and ai_agent_active;
      end if;
    end if;
    finished := finished || step.event_id;
  end loop;

  update public.inbound_events e set status = 'PROCESSED', error_message = null, attempts = e.attempts + 1, processed_at = now()
    where e.id = any (finished) and e.id <> all (waiting);
end
$$;

-- Files of a message, still at the provider: a job of their own fetches them, because the provider's addresses expire.
create function app.add_inbound_media(p_message_id uuid, p_media jsonb) returns void
language sql volatile
as $$
  with added as (
    insert into public.attachments (message_id, kind, status, source_url, provider_media_id, mime_type, file_name, size_bytes, position)
    select p_message_id, f ->> 'kind', 'PENDING', f ->> 'source_url', f ->> 'provider_media_id', f ->> 'mime_type', f ->> 'file_name',
      (f ->> 'size_bytes')::bigint, n - 1
    from jsonb_array_elements(p_media) with ordinality as u(f, n)
    returning id)
  select jobs.add(task => 'media.fetch', payload => jsonb_build_object('attachment_id', added.id), max_attempts => 8) from added
$$;

-- An account that just received is connected. Once a minute is enough to show; whoever else is writing the same does it for us.
create function app.note_inbound(p_account_ids uuid[]) returns void
language sql volatile
as $$
  update public.channel_accounts set last_inbound_at = now(), connection_status = 'CONNECTED', connection_error = null,
    connected_at = coalesce(connected_at, now())
  where id in (
    select a.id from public.channel_accounts a
    where a.id = any (p_account_ids)
      and (a.connection_status <> 'CONNECTED' or a.last_inbound_at is null or a.last_inbound_at < now() - interval '1 minute')
    for no key update skip locked)
$$;

-- Sets an event aside, or has it tried again by itself after a growing pause: e^attempt seconds.
create function app.fail_inbound(p_event_id uuid, p_words text, p_most_attempts integer) returns void
language plpgsql volatile set search_path = public, extensions, pg_temp
as $$
declare
  tried integer;
begin
  update public.inbound_events set status = 'FAILED', attempts = attempts + 1, error_message = left(p_words, 2000)
    where id = p_event_id returning attempts into tried;
  if tried < p_most_attempts then
    perform jobs.add(task => 'inbound.process', payload => jsonb_build_object('inbound_event_id', p_event_id),
      run_at => now() + exp(least(tried, 10)) * interval '1 second', job_key => 'in:' || p_event_id, priority => -10);
  end if;
end
$$;

revoke execute on function app.take_inbound(integer, integer, integer), app.wait_for_inbound_lane(smallint),
  app.match_contact(uuid, text, text, jsonb),
  app.open_conversation(uuid, uuid, uuid, text, jsonb),
  app.apply_receipt(uuid, text, uuid, text, text, text, timestamptz, jsonb), app.apply_inbound(jsonb),
  app.add_inbound_media(uuid, jsonb), app.note_inbound(uuid[]), app.fail_inbound(uuid, text, integer)
  from public;
