-- Who is asking. Row level security policies of every schema call these functions, so they do nothing but read one setting: the claims
-- that the API put on the transaction (`request.jwt.claims`, a JSON object). In a policy write `(select auth.uid())`: the planner then
-- runs it once per statement and not once per row.

create schema if not exists auth;

grant usage on schema auth to anon, authenticated, service_role;

-- All claims of the caller; null outside a request.
create function auth.jwt() returns jsonb
language sql stable parallel safe
return nullif(current_setting('request.jwt.claims', true), '')::jsonb;

-- The signed-in user; null for anonymous callers and for keys that stand for no person.
create function auth.uid() returns uuid
language sql stable parallel safe
return nullif(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub', '')::uuid;

-- anon, authenticated or service_role; null outside a request.
create function auth.role() returns text
language sql stable parallel safe
return nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role';

create function auth.email() returns text
language sql stable parallel safe
return nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email';
