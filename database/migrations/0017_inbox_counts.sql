-- Numbers beside the inbox tabs. Counting takes as long as there is open work (26 ms for 40,000 conversations), so it is kept: sums of
-- the open conversations that are not snoozed, per assignee and channel, because what a member sees depends on these two.

-- Several rows may belong to one key: a writer takes any that nobody else has locked, or adds another. So those who change
-- conversations at the same moment never wait for each other here, and what counts is the sum.
create table app.inbox_sums (
  organization_id uuid not null,
  -- Zeros where there is none.
  assignee_id uuid not null,
  channel_account_id uuid not null,
  conversations bigint not null,
  unread bigint not null,
  waiting bigint not null,
  important bigint not null
) with (fillfactor = 50);
create index inbox_sums_key_idx on app.inbox_sums (organization_id, assignee_id, channel_account_id);

create function app.add_to_inbox_sums(p_organization_id uuid, p_assignee_id uuid, p_channel_account_id uuid,
  p_conversations integer, p_unread integer, p_waiting integer, p_important integer) returns void
language plpgsql volatile
as $$
declare
  nobody constant uuid := '00000000-0000-0000-0000-000000000000';
begin
  -- A row that changed between look and lock is not found; the next look sees it.
  for attempt in 1 .. 3 loop
    update app.inbox_sums s set conversations = s.conversations + p_conversations, unread = s.unread + p_unread,
      waiting = s.waiting + p_waiting, important = s.important + p_important
    where s.ctid = (
      select free.ctid from app.inbox_sums free
      where free.organization_id = p_organization_id and free.assignee_id = coalesce(p_assignee_id, nobody)
        and free.channel_account_id = coalesce(p_channel_account_id, nobody)
      limit 1 for update skip locked);
    if found then
      return;
    end if;
  end loop;
  -- No rows for an organization that is being deleted: its conversations go after it.
  insert into app.inbox_sums
  select o.id, coalesce(p_assignee_id, nobody), coalesce(p_channel_account_id, nobody), p_conversations, p_unread, p_waiting, p_important
  from public.organizations o where o.id = p_organization_id;
end
$$;

create function app.count_conversation() returns trigger
language plpgsql security definer set search_path = public, extensions, pg_temp
as $$
declare
  was boolean := tg_op <> 'INSERT' and old.status in ('OPEN', 'PENDING') and old.snoozed_until is null;
  is_now boolean := tg_op <> 'DELETE' and new.status in ('OPEN', 'PENDING') and new.snoozed_until is null;
begin
  if was and is_now and (old.assignee_id, old.channel_account_id) is not distinct from (new.assignee_id, new.channel_account_id) then
    perform app.add_to_inbox_sums(new.organization_id, new.assignee_id, new.channel_account_id, 0,
      (new.unread_count > 0)::integer - (old.unread_count > 0)::integer,
      (new.waiting_since is not null)::integer - (old.waiting_since is not null)::integer,
      new.is_important::integer - old.is_important::integer);
    return null;
  end if;
  if was then
    perform app.add_to_inbox_sums(old.organization_id, old.assignee_id, old.channel_account_id, -1, -(old.unread_count > 0)::integer,
      -(old.waiting_since is not null)::integer, -old.is_important::integer);
  end if;
  if is_now then
    perform app.add_to_inbox_sums(new.organization_id, new.assignee_id, new.channel_account_id, 1, (new.unread_count > 0)::integer,
      (new.waiting_since is not null)::integer, new.is_important::integer);
  end if;
  return null;
end
$$;
create trigger count_on_change after insert or delete on public.conversations for each row execute function app.count_conversation();
create trigger count_on_update after update on public.conversations for each row
  when ((old.status, old.snoozed_until is null, old.assignee_id, old.channel_account_id, old.unread_count > 0, old.waiting_since is null,
         old.is_important)
    is distinct from (new.status, new.snoozed_until is null, new.assignee_id, new.channel_account_id, new.unread_count > 0,
         new.waiting_since is null, new.is_important))
  execute function app.count_conversation();

create function app.forget_inbox_sums() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  delete from app.inbox_sums where organization_id = old.id;
  return null;
end
$$;
create trigger forget_inbox_sums after delete on public.organizations for each row execute function app.forget_inbox_sums();

-- Counts anew, for rows that were written past the triggers. Nobody may change conversations of the organization meanwhile.
create function app.recount_inbox(p_organization_id uuid) returns void
language sql volatile
as $$
  delete from app.inbox_sums where organization_id = p_organization_id;
  insert into app.inbox_sums
  select organization_id, coalesce(assignee_id, '00000000-0000-0000-0000-000000000000'),
    coalesce(channel_account_id, '00000000-0000-0000-0000-000000000000'), count(*), count(*) filter (where unread_count > 0),
    count(waiting_since), count(*) filter (where is_important)
  from public.conversations
  where organization_id = p_organization_id and status in ('OPEN', 'PENDING') and snoozed_until is null
  group by 1, 2, 3
$$;

-- What the caller may see of it. The few that are snoozed are looked at one by one, since theirs is a matter of time.
create function app.visible_inbox_sums()
returns table (assignee_id uuid, awake boolean, conversations bigint, unread bigint, waiting bigint, important bigint)
language plpgsql stable security definer set search_path = public, extensions, pg_temp
as $$
declare
  organization uuid := app.organization_id();
  whole boolean := app.sees_whole_inbox();
begin
  return query
    select nullif(s.assignee_id, '00000000-0000-0000-0000-000000000000'), true, s.conversations, s.unread, s.waiting, s.important
    from app.inbox_sums s
    where s.organization_id = organization
      and (whole or app.sees_conversation(nullif(s.assignee_id, '00000000-0000-0000-0000-000000000000'),
                                          nullif(s.channel_account_id, '00000000-0000-0000-0000-000000000000')))
    union all
    select c.assignee_id, c.snoozed_until <= now(), 1, (c.unread_count > 0)::integer, (c.waiting_since is not null)::integer,
      c.is_important::integer
    from public.conversations c
    where c.organization_id = organization and c.snoozed_until is not null and c.status in ('OPEN', 'PENDING')
      and (whole or app.sees_conversation(c.assignee_id, c.channel_account_id));
end
$$;

-- Over open work (OPEN and PENDING, not snoozed) that the caller may see.
create function public.inbox_counts() returns jsonb
language sql stable
as $$
  select jsonb_build_object(
    'all', coalesce(sum(conversations) filter (where awake), 0),
    'mine', coalesce(sum(conversations) filter (where awake and assignee_id = app.user_id()), 0),
    'unassigned', coalesce(sum(conversations) filter (where awake and assignee_id is null), 0),
    'unread', coalesce(sum(unread) filter (where awake), 0),
    'unanswered', coalesce(sum(waiting) filter (where awake), 0),
    'important', coalesce(sum(important) filter (where awake), 0),
    'snoozed', coalesce(sum(conversations) filter (where not awake), 0))
  from app.visible_inbox_sums()
$$;

create function public.get_unanswered_conversations_count() returns integer
language sql stable
as $$ select coalesce(sum(waiting), 0)::integer from app.visible_inbox_sums() $$;

revoke execute on function app.add_to_inbox_sums(uuid, uuid, uuid, integer, integer, integer, integer), app.count_conversation(),
  app.forget_inbox_sums(), app.recount_inbox(uuid), app.visible_inbox_sums(), public.inbox_counts(),
  public.get_unanswered_conversations_count() from public, anon;
grant execute on function app.visible_inbox_sums(), public.inbox_counts(), public.get_unanswered_conversations_count()
  to authenticated, service_role;
