-- A new account becomes an owner with a workspace, or the member that an invitation names.

create function app.free_slug(name text) returns text
language plpgsql volatile security definer set search_path = public, pg_temp
as $$
declare
  base text := coalesce(nullif(left(btrim(regexp_replace(app.fold(name), '[^a-z0-9]+', '-', 'g'), '-'), 48), ''), 'workspace');
begin
  if not exists (select 1 from public.organizations where slug = base) then
    return base;
  end if;
  return base || '-' || encode(extensions.gen_random_bytes(4), 'hex');
end
$$;

create function app.create_organization(p_name text, p_owner uuid, p_timezone text default 'UTC', p_currency text default 'USD')
returns uuid
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  organization uuid;
begin
  insert into public.organizations (name, slug, timezone, currency)
  values (left(btrim(p_name), 200), app.free_slug(p_name), p_timezone, p_currency) returning id into organization;
  insert into public.user_roles (user_id, organization_id, role) values (p_owner, organization, 'OWNER');
  insert into public.pipelines (organization_id, name, is_default, stages) values (organization, 'Sales pipeline', true,
    '[{"id":"new","name":"New","color":"gray","probability":5},{"id":"lead","name":"Lead","color":"blue","probability":10},
      {"id":"qualified","name":"Qualified","color":"blue","probability":30},{"id":"proposal","name":"Proposal","color":"yellow","probability":50},
      {"id":"negotiation","name":"Negotiation","color":"orange","probability":70},
      {"id":"won","name":"Closed won","kind":"won","color":"green"},{"id":"lost","name":"Closed lost","kind":"lost","color":"gray"}]');
  insert into public.lifecycle_stages (organization_id, name, color, position, is_default) values
    (organization, 'Subscriber', 'gray', 0, true), (organization, 'Lead', 'blue', 1, false),
    (organization, 'Qualified', 'violet', 2, false), (organization, 'Customer', 'green', 3, false);
  return organization;
end
$$;

create function app.handle_new_user() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  given jsonb := coalesce(new.raw_user_meta_data, '{}');
  invited jsonb := new.raw_app_meta_data -> 'invitation';
  organization uuid;
  workspace text;
begin
  insert into public.profiles (id, email, email_confirmed, first_name, last_name, phone, language, timezone)
  values (new.id, lower(new.email), new.email_confirmed_at is not null, left(given ->> 'first_name', 100),
    left(given ->> 'last_name', 100), given ->> 'phone', given ->> 'language', given ->> 'timezone');
  if invited is not null then
    organization := (invited ->> 'organization_id')::uuid;
    insert into public.user_roles (user_id, organization_id, role, permissions)
    values (new.id, organization, (invited ->> 'role')::public.app_role, coalesce(invited -> 'permissions', '{}'));
  else
    workspace := coalesce(nullif(btrim(given ->> 'organization_name'), ''), nullif(btrim(given ->> 'organizationName'), ''),
      nullif(btrim(given ->> 'first_name'), '') || '''s workspace', split_part(coalesce(new.email, 'my'), '@', 1) || '''s workspace');
    organization := app.create_organization(workspace, new.id,
      case when exists (select 1 from pg_timezone_names z where z.name = given ->> 'timezone') then given ->> 'timezone' else 'UTC' end,
      case when upper(given ->> 'currency') ~ '^[A-Z]{3}$' then upper(given ->> 'currency') else 'USD' end);
  end if;
  update public.profiles p set organization_id = organization, permissions = coalesce(invited -> 'permissions', '{}') where p.id = new.id;
  return new;
end
$$;
create trigger handle_new_user after insert on auth.users for each row execute function app.handle_new_user();

create function app.sync_user_email() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  update public.profiles set email = lower(new.email), email_confirmed = new.email_confirmed_at is not null where id = new.id;
  return new;
end
$$;
create trigger sync_user_email after update of email, email_confirmed_at on auth.users
  for each row execute function app.sync_user_email();

revoke execute on function app.create_organization(text, uuid, text, text) from public, anon, authenticated;
revoke execute on function app.free_slug(text) from public, anon, authenticated;
