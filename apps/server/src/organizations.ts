import { type Database, type Principal, runAs } from '@connectgain/postgres';

/** Which organization a caller acts for, as the policies see it (`app.organization_id()`). */
export interface Organizations {
  /** Undefined for strangers, the service key and users without a membership. */
  of(principal: Principal): Promise<string | undefined>;
  /** The same, at most half a minute old and undefined while the database does not answer: for what may not cost a query per request. */
  recently(principal: Principal): Promise<string | undefined>;
}

const KEEP_MS = 30_000;
const KEEP_AT_MOST = 10_000;

export function createOrganizations(requests: Database['requests']): Organizations {
  const known = new Map<string, { organization: Promise<string | undefined>; until: number }>();

  async function of(principal: Principal): Promise<string | undefined> {
    if (principal.role !== 'authenticated') return undefined;
    const [result] = await runAs(requests, principal, [
      { name: 'organization_of_caller', text: 'select app.organization_id() as id' },
    ]);
    const id: unknown = result?.rows[0]?.id;
    return typeof id === 'string' ? id : undefined;
  }

  return {
    of,
    async recently(principal) {
      const { sub } = principal.claims;
      if (typeof sub !== 'string') return undefined;
      const found = known.get(sub);
      if (found && found.until > performance.now()) return await found.organization;
      const organization = of(principal).catch(() => {
        known.delete(sub);
        return undefined;
      });
      known.delete(sub);
      const [oldest] = known.keys();
      if (known.size >= KEEP_AT_MOST && oldest !== undefined) known.delete(oldest);
      known.set(sub, { organization, until: performance.now() + KEEP_MS });
      return await organization;
    },
  };
}
