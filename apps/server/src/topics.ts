import type { Principal } from '@connectgain/postgres';
import type { Organizations } from './organizations.ts';

/** Topics of an organization, `org:<id>:…`, are for its members; other names are free, as in Supabase. */
export async function mayUseTopic(organizations: Organizations, principal: Principal, topic: string): Promise<boolean> {
  const organization = /^org:([0-9a-f-]{36})(:|$)/.exec(topic)?.[1];
  if (organization === undefined || principal.role === 'service_role') return true;
  return (await organizations.of(principal)) === organization;
}
