-- Search for the inbox and the contact list. The functions run as their owner and repeat the policies' conditions, because `like` and
-- `@@` are not leakproof: below row level security no index could serve them.
--
-- How to search best depends on how often a word occurs in this tenant, which no statistics tell. So the newest rows are looked
-- through first, in the order in which they are shown: whatever is frequent is found there, however much the tables hold. What is not is
-- rare, and then the index on the words gives few rows to sort. That second question is planned anew each time (`execute`),
-- with the words known: the planner may still prefer the order of time.

-- '%text%' in lower case, for app.contact_search_text.
create function app.like_pattern(raw text) returns text
language sql immutable parallel safe
as $$ select '%' || lower(replace(replace(replace(raw, '\', '\\'), '%', '\%'), '_', '\_')) || '%' $$;

-- As typed and folded. A phone typed with separators ("+1-234-567") is searched by its digits.
create function app.search_patterns(query text) returns text[]
language sql immutable parallel safe
as $$
  select array_agg(distinct app.like_pattern(p)) from unnest(array[
    btrim(query), app.fold(btrim(query)),
    case when query ~ '^[\s+\-().0-9]+$' and length(regexp_replace(query, '\D', '', 'g')) >= 3
      then regexp_replace(query, '\D', '', 'g') end]) p
  where p <> ''
$$;

-- The newest conversations with people who match by name in any order, phone or e-mail; p_limit of them, and some again.
create function app.conversations_by_contact(p_organization_id uuid, p_patterns text[], p_limit integer)
returns table (conversation_id uuid, at timestamptz)
language plpgsql stable set search_path = public, extensions, pg_temp set enable_seqscan = off
as $$
declare
  whole boolean := app.sees_whole_inbox();
  seen integer;
begin
  return query
    select v.id, v.last_message_at
    from (select n.id, n.contact_id, n.assignee_id, n.channel_account_id, n.last_message_at from public.conversations n
          where n.organization_id = p_organization_id order by n.last_message_at desc nulls last, n.id desc limit 1000) v
    join public.contacts c on c.id = v.contact_id
    where c.full_name_search like any (p_patterns) and (whole or app.sees_conversation(v.assignee_id, v.channel_account_id))
    order by v.last_message_at desc nulls last limit p_limit;
  get diagnostics seen = row_count;
  if seen = p_limit then
    return;
  end if;
  -- Bitmap Index Scan on contacts_search_idx, then conversations_match_idx for each person.
  return query execute '
    select v.id, v.last_message_at
    from (select c.id from public.contacts c where c.organization_id = $1 and c.full_name_search like any ($2) limit 3000) people
    join public.conversations v on v.contact_id = people.id
    where v.organization_id = $1 and ($3 or app.sees_conversation(v.assignee_id, v.channel_account_id))
    order by v.last_message_at desc nulls last limit $4'
    using p_organization_id, p_patterns, whole, p_limit;
end
$$;

-- The newest messages that have the words, one per conversation: p_limit of them unless there are fewer, and some again.
create function app.conversations_by_message(p_organization_id uuid, p_words tsquery, p_limit integer)
returns table (conversation_id uuid, message_id uuid, at timestamptz)
language plpgsql stable set search_path = public, extensions, pg_temp set enable_seqscan = off
as $$
declare
  whole boolean := app.sees_whole_inbox();
  seen integer;
begin
  return query
    select distinct on (h.conversation_id) h.conversation_id, h.id, h.created_at
    from (select n.id, n.conversation_id, n.created_at, n.search, n.deleted_at from public.messages n
          where n.organization_id = p_organization_id order by n.created_at desc limit 2000) h
    join public.conversations v on v.id = h.conversation_id
    where h.search @@ p_words and h.deleted_at is null and (whole or app.sees_conversation(v.assignee_id, v.channel_account_id))
    order by h.conversation_id, h.created_at desc;
  get diagnostics seen = row_count;
  if seen >= p_limit then
    return;
  end if;
  -- Bitmap Index Scan on messages_search_idx, or Index Scan using messages_recent_idx where the words are not so rare.
  return query execute '
    select distinct on (h.conversation_id) h.conversation_id, h.id, h.created_at
    from (select m.id, m.conversation_id, m.created_at from public.messages m
          where m.organization_id = $1 and m.search @@ $2 and m.deleted_at is null order by m.created_at desc limit $4) h
    join public.conversations v on v.id = h.conversation_id
    where $3 or app.sees_conversation(v.assignee_id, v.channel_account_id)
    order by h.conversation_id, h.created_at desc'
    using p_organization_id, p_words, whole, 4 * p_limit;
end
$$;

-- Conversations by contact or by message text, the newest match first.
create function public.search_conversations(p_query text, p_limit integer default 50)
returns table (conversation_id uuid, message_id uuid, snippet text, matched text, at timestamptz)
language plpgsql stable security definer set search_path = public, extensions, pg_temp
as $$
declare
  organization uuid := app.organization_id();
  patterns text[] := app.search_patterns(left(p_query, 200));
  words tsquery := case when app.can('can_read_messages') then app.prefix_query(left(p_query, 200)) end;
  most integer := least(greatest(p_limit, 1), 200);
begin
  if organization is null or patterns is null then
    return;
  end if;
  return query
    select best.id, best.hit, case when best.hit is not null then
        ts_headline('simple', left(m.content, 2000), words, 'StartSel=«,StopSel=»,MaxWords=18,MinWords=6,MaxFragments=1') end,
      best.how, best.happened
    from (
      select * from (
        select distinct on (u.id) u.id, u.hit, u.how, u.happened
        from (
          select c.conversation_id as id, null::uuid as hit, 'contact' as how, c.at as happened
          from app.conversations_by_contact(organization, patterns, most) c
          union all
          select t.conversation_id, t.message_id, 'message', t.at
          from app.conversations_by_message(organization, words, most) t where words is not null) u
        order by u.id, u.how, u.happened desc) one_each
      order by happened desc nulls last limit most) best
    left join public.messages m on m.id = best.hit
    order by best.happened desc nulls last;
end
$$;

create function public.search_contacts(p_query text) returns setof public.contacts
language plpgsql stable security definer set search_path = public, extensions, pg_temp set enable_seqscan = off
as $$
declare
  organization uuid := app.organization_id();
  crm boolean := app.can('can_access_crm');
  patterns text[] := app.search_patterns(left(p_query, 200));
begin
  if organization is null or patterns is null then
    return;
  end if;
  -- Bitmap Index Scan on contacts_search_idx, or contacts_list_idx in its order where many match.
  return query execute '
    select c.* from public.contacts c
    where c.organization_id = $1 and c.full_name_search like any ($2)
      and ($3 or exists (select from public.conversations v where v.contact_id = c.id
                         and app.sees_conversation(v.assignee_id, v.channel_account_id)))
    order by c.created_at desc limit 2000'
    using organization, patterns, crm;
end
$$;

revoke execute on function app.conversations_by_contact(uuid, text[], integer), app.conversations_by_message(uuid, tsquery, integer),
  public.search_conversations(text, integer), public.search_contacts(text) from public, anon;
grant execute on function public.search_conversations(text, integer), public.search_contacts(text) to authenticated, service_role;
