-- Domain events: whatever changes a row, however it came (REST, function, import, flow), the same event is written in
-- the same transaction. Names are those of the documented webhooks.

create function app.contact_events() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    perform events.emit('contact.created', new.organization_id, 'contact', new.id, to_jsonb(new) - 'full_name_search');
  elsif (to_jsonb(new) - array['updated_at', 'last_contacted_at', 'full_name_search'])
        is distinct from (to_jsonb(old) - array['updated_at', 'last_contacted_at', 'full_name_search']) then
    perform events.emit('contact.updated', new.organization_id, 'contact', new.id, to_jsonb(new) - 'full_name_search');
  end if;
  if new.assignee_id is not null and (tg_op = 'INSERT' or new.assignee_id is distinct from old.assignee_id) then
    perform events.emit('contact.assigned', new.organization_id, 'contact', new.id, to_jsonb(new) - 'full_name_search');
  end if;
  return new;
end
$$;
create trigger emit_on_insert after insert on public.contacts for each row execute function app.contact_events();
-- Every column that means something: not updated_at, and not last_contacted_at, which changes with every message.
create trigger emit_on_update after update of first_name, last_name, phones, emails, tags, custom_fields, opt_in_status, company_id,
    assignee_id, lifecycle_stage_id, job_title, avatar_url, source, description, street_address, city, state, postal_code, country,
    language, timezone, is_blocked on public.contacts
  for each row execute function app.contact_events();

create function app.deal_events() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    perform events.emit('deal.created', new.organization_id, 'deal', new.id, to_jsonb(new));
  elsif (to_jsonb(new) - 'updated_at') is distinct from (to_jsonb(old) - 'updated_at') then
    perform events.emit('deal.updated', new.organization_id, 'deal', new.id, to_jsonb(new));
    if new.stage is distinct from old.stage then
      perform events.emit('deal.stage.changed', new.organization_id, 'deal', new.id,
        to_jsonb(new) || jsonb_build_object('previous_stage', old.stage));
    end if;
  end if;
  if new.owner_id is not null and (tg_op = 'INSERT' or new.owner_id is distinct from old.owner_id) then
    perform events.emit('deal.assigned', new.organization_id, 'deal', new.id, to_jsonb(new));
  end if;
  return new;
end
$$;
create trigger emit_events after insert or update on public.deals for each row execute function app.deal_events();

create function app.conversation_events() returns trigger
language plpgsql security definer set search_path = public, extensions, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    perform events.emit('conversation.created', new.organization_id, 'conversation', new.id, to_jsonb(new));
  elsif new.status is distinct from old.status then
    perform events.emit('conversation.status.changed', new.organization_id, 'conversation', new.id,
      to_jsonb(new) || jsonb_build_object('previous_status', old.status));
  end if;
  if new.assignee_id is not null and (tg_op = 'INSERT' or new.assignee_id is distinct from old.assignee_id) then
    perform events.emit('conversation.assigned', new.organization_id, 'conversation', new.id, to_jsonb(new));
  end if;
  return new;
end
$$;
create trigger emit_on_insert after insert on public.conversations for each row execute function app.conversation_events();
create trigger emit_on_update after update on public.conversations for each row
  when (new.status is distinct from old.status or new.assignee_id is distinct from old.assignee_id)
  execute function app.conversation_events();

create function app.message_events() returns trigger
language plpgsql security definer set search_path = public, extensions, pg_temp
as $$
declare
  event_type text;
begin
  if tg_op = 'INSERT' and new.direction = 'INBOUND' then
    event_type := 'message.received';
  elsif new.direction = 'OUTBOUND' and (tg_op = 'INSERT' or new.status is distinct from old.status) then
    event_type := case new.status::text when 'SENT' then 'message.sent' when 'DELIVERED' then 'message.delivered'
      when 'READ' then 'message.read' when 'FAILED' then 'message.failed' end;
  end if;
  if event_type is not null then
    -- Emptied first: writing a text's words as JSON costs more than all the rest of the row.
    new.search := null;
    perform events.emit(event_type, new.organization_id, 'message', new.id, to_jsonb(new) - 'search');
  end if;
  return new;
end
$$;
create trigger emit_on_insert after insert on public.messages for each row execute function app.message_events();
create trigger emit_on_update after update of status on public.messages for each row execute function app.message_events();

-- ---------------------------------------------------------------- activity log

create function app.log_activity() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  after_row jsonb := to_jsonb(new);
  before_row jsonb := case when tg_op = 'UPDATE' then to_jsonb(old) else '{}' end;
  watched text[] := tg_argv[1]::text[];
  changes jsonb;
begin
  if tg_op = 'UPDATE' then
    select jsonb_object_agg(k, jsonb_build_array(before_row -> k, after_row -> k)) into changes
      from unnest(watched) k where before_row -> k is distinct from after_row -> k;
    if changes is null then
      return new;
    end if;
  end if;
  insert into public.activity_logs (organization_id, actor_id, actor_type, entity_type, entity_id, contact_id, action, changes)
  values (new.organization_id, (select p.id from public.profiles p where p.id = app.user_id()),
    case when app.api_key_id() is not null then 'API' when app.user_id() is not null then 'USER' else 'SYSTEM' end,
    tg_argv[0], new.id,
    coalesce((after_row ->> 'contact_id')::uuid, case tg_argv[0] when 'contact' then new.id end),
    case tg_op when 'INSERT' then 'created' else 'updated' end, coalesce(changes, '{}'));
  return new;
end
$$;
-- The columns after `update of` are those of the argument: without them it would run for every message.
create trigger log_activity after insert or update of first_name, last_name, phones, emails, tags, company_id, assignee_id,
    lifecycle_stage_id, opt_in_status, custom_fields on public.contacts for each row
  execute function app.log_activity('contact', '{first_name,last_name,phones,emails,tags,company_id,assignee_id,lifecycle_stage_id,opt_in_status,custom_fields}');
create trigger log_activity after insert or update on public.deals for each row
  execute function app.log_activity('deal', '{title,stage,value,currency,probability,owner_id,expected_close_date,tags}');
create trigger log_activity after insert or update on public.tasks for each row
  execute function app.log_activity('task', '{title,completed,due_date,priority,assignee_id}');
create trigger log_activity after insert on public.notes for each row execute function app.log_activity('note', '{}');
create trigger log_activity after insert or update of status, assignee_id, tags, is_important on public.conversations for each row
  execute function app.log_activity('conversation', '{status,assignee_id,tags,is_important}');
