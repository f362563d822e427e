-- Pipelines, deals and who owned them.

create table public.pipelines (
  id uuid primary key default extensions.uuid_v7(),
  organization_id uuid not null default app.organization_id() references public.organizations (id) on delete cascade,
  name text not null check (length(btrim(name)) between 1 and 120),
  stages jsonb not null default '[]',
  is_default boolean not null default false,
  position integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index pipelines_one_default on public.pipelines (organization_id) where is_default;
create index pipelines_organization_id_idx on public.pipelines (organization_id);

create function app.slug(raw text) returns text
language sql immutable parallel safe
as $$ select nullif(btrim(regexp_replace(app.fold(raw), '[^[:alnum:]]+', '_', 'g'), '_'), '') $$;

-- Stages: [{id, name, kind: open|won|lost, color, probability, order, rotting_days?}]. A JSON string is accepted, as documented.
create function app.prepare_pipeline() returns trigger
language plpgsql
as $$
begin
  if jsonb_typeof(new.stages) = 'string' then
    new.stages := (new.stages #>> '{}')::jsonb;
  end if;
  if jsonb_typeof(new.stages) is distinct from 'array' then
    raise exception using errcode = '22023', message = 'stages must be an array of {id, name}';
  end if;
  if exists (select 1 from jsonb_array_elements(new.stages) s
             where jsonb_typeof(s) <> 'object' or coalesce(s ->> 'name', s ->> 'id') is null) then
    raise exception using errcode = '22023', message = 'every stage needs a name';
  end if;
  select coalesce(jsonb_agg(
           s || jsonb_build_object(
             'id', stage_id, 'name', coalesce(s ->> 'name', stage_id), 'order', n,
             'kind', kind,
             'color', coalesce(s ->> 'color', case kind when 'won' then 'green' when 'lost' then 'gray' else 'blue' end),
             'probability', coalesce((s ->> 'probability')::numeric,
               case kind when 'won' then 100 when 'lost' then 0 end))
           order by n), '[]')
    into new.stages
  from (
    select s, n, coalesce(s ->> 'id', app.slug(s ->> 'name'), 'stage_' || n) as stage_id,
           case when s ->> 'kind' in ('open', 'won', 'lost') then s ->> 'kind'
                when lower(coalesce(s ->> 'id', '')) in ('won', 'closed_won') then 'won'
                when lower(coalesce(s ->> 'id', '')) in ('lost', 'closed_lost') then 'lost'
                else 'open' end as kind
    from jsonb_array_elements(new.stages) with ordinality as u(s, n)
  ) stage;
  return new;
end
$$;
create trigger prepare before insert or update on public.pipelines for each row execute function app.prepare_pipeline();
create trigger touch before update on public.pipelines for each row execute function app.touch_updated_at();

create table public.deals (
  id uuid primary key default extensions.uuid_v7(),
  organization_id uuid not null default app.organization_id() references public.organizations (id) on delete cascade,
  contact_id uuid references public.contacts (id) on delete cascade,
  company_id uuid references public.companies (id) on delete set null,
  pipeline_id uuid references public.pipelines (id),
  owner_id uuid references public.profiles (id) on delete set null,
  conversation_id uuid,
  title text not null check (length(btrim(title)) between 1 and 200),
  description text check (length(description) <= 5000),
  notes text,
  value numeric not null default 0 check (value >= 0),
  currency text not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
  stage text not null default 'new',
  status text not null default 'OPEN' check (status in ('OPEN', 'WON', 'LOST')),
  probability integer check (probability between 0 and 100),
  expected_close_date date,
  closed_at timestamptz,
  lost_reason text,
  stage_changed_at timestamptz not null default now(),
  priority text,
  source text check (length(source) <= 50),
  tags text[] not null default '{}' check (app.tags_are_short(tags)),
  custom_fields jsonb not null default '{}',
  products jsonb not null default '[]',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint custom_fields_is_small_object check (jsonb_typeof(custom_fields) = 'object' and length(custom_fields::text) <= 32768)
);
create index deals_list_idx on public.deals (organization_id, created_at desc);
create index deals_board_idx on public.deals (organization_id, pipeline_id, stage, created_at desc);
create index deals_contact_id_idx on public.deals (contact_id);
create index deals_company_id_idx on public.deals (company_id) where company_id is not null;
create index deals_owner_id_idx on public.deals (owner_id) where owner_id is not null;

-- Further people on a deal. The surrogate key keeps `deals?select=contacts(*)` unambiguous.
create table public.deal_contacts (
  id uuid primary key default extensions.uuid_v7(),
  organization_id uuid not null default app.organization_id() references public.organizations (id) on delete cascade,
  deal_id uuid not null references public.deals (id) on delete cascade,
  contact_id uuid not null references public.contacts (id) on delete cascade,
  role text,
  created_at timestamptz not null default now(),
  unique (deal_id, contact_id)
);
create index deal_contacts_contact_id_idx on public.deal_contacts (contact_id);
create index deal_contacts_organization_id_idx on public.deal_contacts (organization_id);

create table public.deal_owner_history (
  id uuid primary key default extensions.uuid_v7(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  deal_id uuid not null references public.deals (id) on delete cascade,
  owner_id uuid references public.profiles (id) on delete set null,
  previous_owner_id uuid references public.profiles (id) on delete set null,
  changed_by uuid references public.profiles (id) on delete set null,
  reason text not null,
  changed_at timestamptz not null default now(),
  ended_at timestamptz,
  duration_seconds bigint generated always as (extract(epoch from ended_at - changed_at)::bigint) stored
);
create index deal_owner_history_deal_id_idx on public.deal_owner_history (deal_id, changed_at desc);
create index deal_owner_history_organization_id_idx on public.deal_owner_history (organization_id);

-- A stage which equals one of the pipeline's ids without regard to case is stored as that id; closed_won and closed_lost
-- mean the pipeline's won and lost stage; anything else is kept as sent, for the board's "Unmapped" column.
create function app.prepare_deal() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  stage jsonb;
begin
  new.title := btrim(new.title);
  new.tags := app.clean_tags(new.tags);
  new.custom_fields := coalesce(new.custom_fields, '{}');
  new.products := coalesce(new.products, '[]');
  new.currency := upper(new.currency);
  if new.pipeline_id is null then
    select p.id into new.pipeline_id from public.pipelines p
      where p.organization_id = new.organization_id order by p.is_default desc, p.created_at limit 1;
  end if;
  select s into stage
    from public.pipelines p, jsonb_array_elements(p.stages) s
    where p.id = new.pipeline_id and p.organization_id = new.organization_id
      and (lower(s ->> 'id') = lower(new.stage)
           or (lower(new.stage) in ('closed_won', 'closed-won', 'won') and s ->> 'kind' = 'won')
           or (lower(new.stage) in ('closed_lost', 'closed-lost', 'lost') and s ->> 'kind' = 'lost'))
    order by lower(s ->> 'id') = lower(new.stage) desc, (s ->> 'order')::int limit 1;
  if stage is not null then
    new.stage := stage ->> 'id';
  end if;
  new.status := case stage ->> 'kind' when 'won' then 'WON' when 'lost' then 'LOST' else 'OPEN' end;
  if tg_op = 'INSERT' or new.stage is distinct from old.stage then
    new.stage_changed_at := now();
    if new.status = 'WON' then
      new.probability := 100;
    elsif stage ->> 'probability' is not null
          and (case when tg_op = 'INSERT' then new.probability is null
                    else new.probability is not distinct from old.probability end) then
      new.probability := (stage ->> 'probability')::numeric::int;
    end if;
    new.closed_at := case when new.status = 'OPEN' then null else coalesce(case when tg_op = 'UPDATE' then old.closed_at end, now()) end;
  end if;
  return new;
end
$$;
create trigger prepare before insert or update on public.deals for each row execute function app.prepare_deal();

create function app.log_deal_owner() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  if tg_op = 'INSERT' and new.owner_id is null then
    return new;
  end if;
  update public.deal_owner_history set ended_at = now() where deal_id = new.id and ended_at is null;
  insert into public.deal_owner_history (organization_id, deal_id, owner_id, previous_owner_id, changed_by, reason)
  values (new.organization_id, new.id, new.owner_id, case when tg_op = 'UPDATE' then old.owner_id end, app.user_id(),
    coalesce(nullif(current_setting('app.owner_change_reason', true), ''),
      case when tg_op = 'INSERT' or old.owner_id is null then 'Initial assignment'
           when new.owner_id is null then 'Unassigned' else 'Reassigned' end));
  return new;
end
$$;
create trigger log_owner_on_insert after insert on public.deals for each row execute function app.log_deal_owner();
create trigger log_owner_on_update after update of owner_id on public.deals for each row
  when (old.owner_id is distinct from new.owner_id) execute function app.log_deal_owner();

select app.check_references('public.deals', 'contact_id', 'contacts', 'company_id', 'companies', 'pipeline_id', 'pipelines',
    'owner_id', 'profiles', 'conversation_id', 'conversations');
select app.check_references('public.deal_contacts', 'deal_id', 'deals', 'contact_id', 'contacts');
create trigger touch before update on public.deals for each row execute function app.touch_updated_at();
create trigger keep_organization before update of organization_id on public.deals
  for each row execute function app.forbid_organization_change();
create trigger keep_organization before update of organization_id on public.pipelines
  for each row execute function app.forbid_organization_change();
