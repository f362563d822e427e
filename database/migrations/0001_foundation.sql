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
language sql immutable parallel safe
as $$
  with stripped as (select regexp_replace(translate(raw, '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹', '01234567890123456789'),
                                          '[\s\-().\u00a0\u200e\u200f\u202a-\u202e\u2066-\u2069]', '', 'g') as s)
  select case when s ~ '^\+?[0-9]{8,15}$' then '+' || ltrim(s, '+') end from stripped
$$;

create function app.normalize_email(raw text) returns text
language sql immutable parallel safe
as $$
  select case when e ~ '^[^\s@]+@[^\s@]+\.[^\s@]{2,}$' and length(e) <= 320 then e end
  from (select lower(btrim(raw)) as e) t
$$;

-- One spelling for search: lower case, no accents, Arabic letters folded (alef, yeh, teh marbuta, hamza carriers),
-- marks and tatweel removed, Arabic-Indic digits as ASCII.
create function app.fold(raw text) returns text
language sql immutable parallel safe
as $$
  select translate(
    regexp_replace(lower(extensions.unaccent('extensions.unaccent'::regdictionary, coalesce(raw, ''))),
                   '[\u064b-\u065f\u0670\u0640\u200b-\u200f]', '', 'g'),
    'أإآٱىةؤئ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹',
    'اااايهوي01234567890123456789')
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

-- Members of one tenant can never point at another tenant's rows, not even to learn that an id exists.
-- Arguments: pairs of column and table; the table `profiles` means "a member of this organization".
create function app.check_references() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  row_now jsonb := to_jsonb(new);
  row_before jsonb := case when tg_op = 'UPDATE' then to_jsonb(old) end;
  column_name text;
  target text;
  referenced uuid;
  found boolean;
begin
  for i in 0 .. tg_nargs / 2 - 1 loop
    column_name := tg_argv[i * 2];
    target := tg_argv[i * 2 + 1];
    referenced := (row_now ->> column_name)::uuid;
    continue when referenced is null
      or (row_before is not null and row_before ->> column_name = row_now ->> column_name
          and row_before ->> 'organization_id' = row_now ->> 'organization_id');
    if target = 'profiles' then
      select exists (select 1 from public.user_roles r
                     where r.user_id = referenced and r.organization_id = new.organization_id) into found;
    else
      execute format('select exists (select 1 from public.%I where id = $1 and organization_id = $2)', target)
        into found using referenced, new.organization_id;
    end if;
    if not found then
      raise exception using errcode = '23503',
        message = format('%s %s does not exist in this organization', column_name, referenced),
        detail = format('Key (%s)=(%s) is not present in table "%s".', column_name, referenced, target),
        table = tg_table_name;
    end if;
  end loop;
  return new;
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
language sql immutable parallel safe
as $$
  select coalesce(array_agg(t order by first_at), '{}')
  from (select btrim(t) as t, min(n) as first_at
        from unnest(coalesce(raw, '{}')) with ordinality as u(t, n)
        where btrim(t) <> '' group by 1) distinct_tags
$$;

create function app.tags_are_short(raw text[]) returns boolean
language sql immutable parallel safe
as $$ select coalesce(bool_and(length(t) <= 50), true) from unnest(raw) t $$;
