-- Contacts, companies and what sorts them.

create table public.lifecycle_stages (
  id uuid primary key default extensions.uuid_v7(),
  organization_id uuid not null default app.organization_id() references public.organizations (id) on delete cascade,
  name text not null check (length(btrim(name)) between 1 and 80),
  color text not null default 'gray',
  position integer not null default 0,
  is_default boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (organization_id, name)
);
create unique index lifecycle_stages_one_default on public.lifecycle_stages (organization_id) where is_default;

create table public.tags (
  id uuid primary key default extensions.uuid_v7(),
  organization_id uuid not null default app.organization_id() references public.organizations (id) on delete cascade,
  name extensions.citext not null check (length(btrim(name::text)) between 1 and 50),
  color text not null default 'gray',
  created_at timestamptz not null default now(),
  unique (organization_id, name)
);

create table public.companies (
  id uuid primary key default extensions.uuid_v7(),
  organization_id uuid not null default app.organization_id() references public.organizations (id) on delete cascade,
  name text not null check (length(btrim(name)) between 1 and 200),
  domain text,
  website text,
  email text,
  phone text,
  emails text[] not null default '{}',
  phones text[] not null default '{}',
  street_address text,
  city text,
  state text,
  postal_code text,
  country text,
  industry text,
  description text check (length(description) <= 5000),
  employee_count integer check (employee_count >= 0),
  annual_revenue numeric check (annual_revenue >= 0),
  linkedin_url text,
  facebook_url text,
  twitter_handle text,
  logo_url text,
  lifecycle_stage_id uuid references public.lifecycle_stages (id) on delete set null,
  lead_status text,
  owner_id uuid references public.profiles (id) on delete set null,
  tags text[] not null default '{}' check (app.tags_are_short(tags)),
  custom_fields jsonb not null default '{}',
  full_name_search text not null default '',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index companies_list_idx on public.companies (organization_id, created_at desc);
create index companies_name_idx on public.companies (organization_id, name);
create index companies_search_idx on public.companies using gin (full_name_search extensions.gin_trgm_ops);

create table public.contacts (
  id uuid primary key default extensions.uuid_v7(),
  organization_id uuid not null default app.organization_id() references public.organizations (id) on delete cascade,
  first_name text check (length(first_name) <= 100),
  last_name text check (length(last_name) <= 100),
  full_name text generated always as (btrim(coalesce(first_name, '') || ' ' || coalesce(last_name, ''))) stored,
  full_name_search text not null default '',
  phones text[] not null default '{}',
  emails text[] not null default '{}',
  tags text[] not null default '{}' check (app.tags_are_short(tags)),
  custom_fields jsonb not null default '{}',
  opt_in_status boolean not null default true,
  company_id uuid references public.companies (id) on delete set null,
  assignee_id uuid references public.profiles (id) on delete set null,
  lifecycle_stage_id uuid references public.lifecycle_stages (id) on delete set null,
  job_title text,
  avatar_url text,
  source text check (length(source) <= 50),
  description text check (length(description) <= 5000),
  street_address text,
  city text,
  state text,
  postal_code text,
  country text,
  language text,
  timezone text,
  is_blocked boolean not null default false,
  last_contacted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint custom_fields_is_small_object check (custom_fields = '{}' or (jsonb_typeof(custom_fields) = 'object'
    and pg_column_size(custom_fields) <= 65536 and length(custom_fields::text) <= 32768))
)
-- Every message moves last_contacted_at, which no index has. With room on the page the new version stays there, and none of the
-- indexes is written.
with (fillfactor = 85);
create index contacts_list_idx on public.contacts (organization_id, created_at desc, id);
create index contacts_name_idx on public.contacts (organization_id, full_name, id);
create index contacts_phones_idx on public.contacts using gin (organization_id, phones);
create index contacts_emails_idx on public.contacts using gin (organization_id, emails);
create index contacts_tags_idx on public.contacts using gin (organization_id, tags);
create index contacts_search_idx on public.contacts using gin (organization_id, full_name_search extensions.gin_trgm_ops);
create index contacts_company_id_idx on public.contacts (company_id) where company_id is not null;
create index contacts_assignee_id_idx on public.contacts (assignee_id) where assignee_id is not null;

-- By what name each channel knows a contact: wa_id, PSID, chat id, visitor id. Two different ones are never merged by themselves.
create table public.contact_identities (
  id uuid primary key default extensions.uuid_v7(),
  organization_id uuid not null default app.organization_id() references public.organizations (id) on delete cascade,
  contact_id uuid not null references public.contacts (id) on delete cascade,
  channel_type text not null,
  scope text not null default '',
  external_id text not null,
  display_name text,
  username text,
  created_at timestamptz not null default now(),
  unique (organization_id, channel_type, scope, external_id)
);
comment on column public.contact_identities.scope is 'Empty where the provider''s id is global (WhatsApp); the channel account''s routing key where it is scoped (Messenger PSID, Telegram bot chat, web chat widget).';
create index contact_identities_contact_id_idx on public.contact_identities (contact_id);

create function app.normalize_phones(raw text[]) returns text[]
language plpgsql immutable parallel safe
as $$
declare
  result text[] := '{}';
  one text;
  normal text;
begin
  foreach one in array coalesce(raw, '{}') loop
    continue when btrim(coalesce(one, '')) = '';
    normal := app.normalize_phone(one);
    if normal is null then
      raise exception using errcode = '22023', message = format('"%s" is not a phone number', left(one, 40)),
        hint = 'Use the international format, 8 to 15 digits, such as +201017177777.';
    end if;
    if not normal = any (result) then
      result := result || normal;
    end if;
  end loop;
  return result;
end
$$;

create function app.normalize_emails(raw text[]) returns text[]
language plpgsql immutable parallel safe
as $$
declare
  result text[] := '{}';
  one text;
  normal text;
begin
  foreach one in array coalesce(raw, '{}') loop
    continue when btrim(coalesce(one, '')) = '';
    normal := app.normalize_email(one);
    if normal is null then
      raise exception using errcode = '22023', message = format('"%s" is not an e-mail address', left(one, 80)),
        hint = 'Use an address such as name@example.com.';
    end if;
    if not normal = any (result) then
      result := result || normal;
    end if;
  end loop;
  return result;
end
$$;

-- Both name orders, phones and addresses, in lower case, as written and folded: one `ilike` finds all of them, and `like` by a lower
-- case pattern does at a fifth of the cost.
create function app.contact_search_text(first_name text, last_name text, phones text[], emails text[]) returns text
language plpgsql immutable parallel safe
as $$
declare
  straight text := lower(btrim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')));
  turned text := lower(btrim(coalesce(last_name, '') || ' ' || coalesce(first_name, '')));
begin
  return concat_ws(' ', straight, nullif(turned, straight), nullif(app.fold(straight), straight), nullif(app.fold(turned), turned),
                   nullif(array_to_string(phones, ' '), ''), nullif(lower(array_to_string(emails, ' ')), ''));
end
$$;

create function app.prepare_contact() returns trigger
language plpgsql
as $$
begin
  new.first_name := nullif(btrim(new.first_name), '');
  new.last_name := nullif(btrim(new.last_name), '');
  new.custom_fields := coalesce(new.custom_fields, '{}');
  new.tags := app.clean_tags(new.tags);
  if tg_op = 'INSERT' or new.phones is distinct from old.phones then
    new.phones := app.normalize_phones(new.phones);
  end if;
  if tg_op = 'INSERT' or new.emails is distinct from old.emails then
    new.emails := app.normalize_emails(new.emails);
  end if;
  new.full_name_search := app.contact_search_text(new.first_name, new.last_name, new.phones, new.emails);
  if tg_op = 'INSERT' and new.lifecycle_stage_id is null then
    select s.id into new.lifecycle_stage_id from public.lifecycle_stages s
      where s.organization_id = new.organization_id and s.is_default;
  end if;
  return new;
end
$$;
-- Not for what a message changes (last_contacted_at): that comes with every message.
create trigger prepare before insert or update of first_name, last_name, full_name_search, phones, emails, tags, custom_fields
  on public.contacts for each row execute function app.prepare_contact();

create function app.prepare_company() returns trigger
language plpgsql
as $$
begin
  new.name := btrim(new.name);
  new.tags := app.clean_tags(new.tags);
  new.custom_fields := coalesce(new.custom_fields, '{}');
  new.domain := nullif(lower(regexp_replace(btrim(new.domain), '^(https?://)?(www\.)?([^/]+).*$', '\3')), '');
  new.full_name_search := concat_ws(' ', new.name, nullif(app.fold(new.name), lower(new.name)), new.domain, new.email,
    new.phone, new.city, new.industry, new.website);
  return new;
end
$$;
create trigger prepare before insert or update on public.companies for each row execute function app.prepare_company();

select app.check_references('public.contacts', 'company_id', 'companies', 'assignee_id', 'profiles', 'lifecycle_stage_id', 'lifecycle_stages');
select app.check_references('public.companies', 'owner_id', 'profiles', 'lifecycle_stage_id', 'lifecycle_stages');
select app.check_references('public.contact_identities', 'contact_id', 'contacts');

create trigger touch before update on public.contacts for each row execute function app.touch_updated_at();
create trigger touch before update on public.companies for each row execute function app.touch_updated_at();
create trigger touch before update on public.lifecycle_stages for each row execute function app.touch_updated_at();
create trigger keep_organization before update of organization_id on public.contacts
  for each row execute function app.forbid_organization_change();
create trigger keep_organization before update of organization_id on public.companies
  for each row execute function app.forbid_organization_change();
