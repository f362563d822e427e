-- Helpers that tables, triggers and policies share. Schema `app` is never exposed over REST.

create schema app;
grant usage on schema app to anon, authenticated, service_role;

create type public.app_role as enum ('OWNER', 'ADMIN', 'AGENT', 'PROJECT_MANAGER', 'TEAM_ADMIN');

-- ---------------------------------------------------------------- who is asking

create function app.claims() returns jsonb
language sql stable parallel safe
as $$ select coalesce(nullif(current_setting('request.jwt.claims', true), ''), '{}')::jsonb $$;

create function app.user_id() returns uuid
language sql stable parallel safe
as $$ select nullif(app.claims() ->> 'sub', '')::uuid $$;

create function app.api_key_id() returns uuid
language sql stable parallel safe
as $$ select nullif(app.claims() ->> 'api_key_id', '')::uuid $$;

-- ---------------------------------------------------------------- normalisation

-- Separators are dropped and a missing `+` is added; `00` is kept as it was sent, as documented for imports.
-- null when the text is no phone number (ITU-T E.164: at most 15 digits).
create function app.normalize_phone(raw text) returns text
language plpgsql immutable parallel safe
as $$
declare
  stripped text;
begin
  -- As providers send them: most by far.
  if raw ~ '^\+[0-9]{8,15}$' then
    return raw;
  end if;
  stripped := regexp_replace(translate(raw, '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹', '01234567890123456789'),
                             '[\s\-().\u00a0\u200e\u200f\u202a-\u202e\u2066-\u2069]', '', 'g');
  return case when stripped ~ '^\+?[0-9]{8,15}$' then '+' || ltrim(stripped, '+') end;
end
$$;

create function app.normalize_email(raw text) returns text
language sql immutable parallel safe
as $$
  select case when e ~ '^[^\s@]+@[^\s@]+\.[^\s@]{2,}$' and length(e) <= 320 then e end
  from (select lower(btrim(raw)) as e) t
$$;

-- One spelling for search: lower case, no accents, Arabic letters folded (alef, yeh, teh marbuta, hamza carriers),
-- marks and tatweel removed, Arabic-Indic digits as ASCII. In PL/pgSQL, because every message passes here and SQL functions that
-- cannot be inlined are planned anew by each statement up to PostgreSQL 17.
create function app.fold(raw text) returns text
language plpgsql immutable parallel safe
as $$
begin
  return translate(
    regexp_replace(lower(extensions.unaccent('extensions.unaccent'::regdictionary, coalesce(raw, ''))),
                   '[\u064b-\u065f\u0670\u0640\u200b-\u200f]', '', 'g'),
    'أإآٱىةؤئ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹',
    'اااايهوي01234567890123456789');
end
$$;

-- "word wor" -> 'word:* & wor:*' over folded text; null when nothing searchable is left.
create function app.prefix_query(raw text) returns tsquery
language sql immutable parallel safe
as $$
  select nullif(string_agg(quote_literal(w) || ':*', ' & '), '')::tsquery
  from regexp_split_to_table(app.fold(raw), '[^[:alnum:]]+') w
  where w <> ''
$$;

-- ---------------------------------------------------------------- row upkeep

create function app.touch_updated_at() returns trigger
language plpgsql
as $$
begin
  new.updated_at := now();
  return new;
end
$$;

-- Members of one tenant can never point at another tenant's rows, not even to learn that an id exists: the question is asked
-- with the organization, before the foreign key itself could answer.
create function app.refuse_reference(column_name text, referenced uuid, target text, source text) returns void
language plpgsql
as $$
begin
  raise exception using errcode = '23503',
    message = format('%s %s does not exist in this organization', column_name, referenced),
    detail = format('Key (%s)=(%s) is not present in table "%s".', column_name, referenced, target),
    table = source;
end
$$;

-- Gives a table its check: pairs of column and table, where the table `profiles` means "a member of this organization". The trigger
-- function is written for the table rather than a general one that reads the row as JSON and runs dynamic SQL: that took
-- 125 microseconds per row, and a message from a customer writes five such rows. It does not run at all for updates which
-- touch none of the columns.
create function app.check_references(checked regclass, variadic pairs text[]) returns void
language plpgsql
as $$
declare
  name text := (select relname from pg_class where oid = checked);
  columns text[] := '{}';
  checks text := '';
  members constant text := 'select 1 from public.user_roles r where r.user_id = new.%1$I and r.organization_id = new.organization_id';
  rows_of constant text := 'select 1 from public.%2$I r where r.id = new.%1$I and r.organization_id = new.organization_id';
begin
  for i in 1 .. cardinality(pairs) by 2 loop
    columns := columns || pairs[i];
    checks := checks || format($check$
      if new.%1$I is not null and (tg_op = 'INSERT' or new.%1$I is distinct from old.%1$I
                                   or new.organization_id is distinct from old.organization_id) then
        if not exists (%2$s) then
          perform app.refuse_reference(%1$L, new.%1$I, %3$L, tg_table_name);
        end if;
      end if;$check$,
      pairs[i], format(case pairs[i + 1] when 'profiles' then members else rows_of end, pairs[i], pairs[i + 1]), pairs[i + 1]);
  end loop;
  execute format($function$
    create function app.check_%s_references() returns trigger
    language plpgsql security definer set search_path = public, pg_temp
    as $body$ begin %s return new; end $body$
    $function$, name, checks);
  execute format('create trigger check_references before insert or update of organization_id, %s on %s
    for each row execute function app.check_%s_references()',
    (select string_agg(quote_ident(c), ', ') from unnest(columns) c), checked, name);
end
$$;

create function app.forbid_organization_change() returns trigger
language plpgsql
as $$
begin
  if new.organization_id is distinct from old.organization_id then
    raise exception using errcode = '42501', message = 'organization_id cannot be changed';
  end if;
  return new;
end
$$;

create function app.clean_tags(raw text[]) returns text[]
language plpgsql immutable parallel safe
as $$
begin
  if raw = '{}' then
    return raw;
  end if;
  return (
    select coalesce(array_agg(t order by first_at), '{}')
    from (select btrim(t) as t, min(n) as first_at
          from unnest(coalesce(raw, '{}')) with ordinality as u(t, n)
          where btrim(t) <> '' group by 1) distinct_tags);
end
$$;

create function app.tags_are_short(raw text[]) returns boolean
language plpgsql immutable parallel safe
as $$
begin
  return raw = '{}' or (select coalesce(bool_and(length(t) <= 50), true) from unnest(raw) t);
end
$$;
