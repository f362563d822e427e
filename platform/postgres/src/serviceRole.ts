import type { ClientBase } from 'pg';

/** Adds what is missing; the policy's name says where it comes from. */
const addPolicies = `
do $$
declare
  target regclass;
begin
  if (select rolbypassrls or rolsuper from pg_roles where rolname = 'service_role') then
    return;
  end if;
  for target in
    select class.oid::regclass
    from pg_class class
    where class.relkind in ('r', 'p')
      and class.relrowsecurity
      and pg_has_role(current_user, class.relowner, 'USAGE')
      and not exists (select from pg_policy where polrelid = class.oid and polname = 'service_role_everything')
  loop
    execute format(
      'create policy service_role_everything on %s to service_role using (true) with check (true)', target);
  end loop;
end
$$`;

/**
 * Row level security lets service_role through. Where the server's administrator let us, the role has BYPASSRLS; on a server where
 * we may not give that (a hosted PostgreSQL 15, say) every table gets a policy that says the same. Grants still apply to both.
 */
export async function openToServiceRole(client: ClientBase): Promise<void> {
  const roles = await client.query("select from pg_roles where rolname = 'service_role'");
  if (roles.rowCount) await client.query(addPolicies);
}
