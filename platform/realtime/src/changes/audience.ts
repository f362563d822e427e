import type { Subject } from '../auth/subjects.ts';
import type { Member } from './subscriptions.ts';

/** The members of a spec by tenant and subject: a row of one tenant meets that tenant's subjects only, however many there are. */
export interface Audience {
  isEmpty(): boolean;
  add(member: Member): void;
  /** False when it was not there. */
  remove(member: Member): boolean;
  /** Subjects to ask about a row of this tenant, those without a tenant among them; undefined: all. */
  of(tenant: string | undefined): Iterable<[Subject, ReadonlySet<Member>]>;
}

type Tenancy = Map<Subject, Set<Member>>;

export function createAudience(): Audience {
  const byTenant = new Map<string, Tenancy>();
  return {
    isEmpty: () => byTenant.size === 0,
    add(member) {
      const { subject } = member;
      const tenancy = byTenant.get(subject.tenant) ?? new Map<Subject, Set<Member>>();
      byTenant.set(subject.tenant, tenancy);
      const members = tenancy.get(subject) ?? new Set();
      tenancy.set(subject, members.add(member));
    },
    remove(member) {
      const { subject } = member;
      const tenancy = byTenant.get(subject.tenant);
      const members = tenancy?.get(subject);
      if (!tenancy || !members?.delete(member)) return false;
      if (members.size === 0) tenancy.delete(subject);
      if (tenancy.size === 0) byTenant.delete(subject.tenant);
      return true;
    },
    *of(tenant) {
      if (tenant === undefined) {
        for (const tenancy of byTenant.values()) yield* tenancy;
        return;
      }
      yield* byTenant.get(tenant) ?? [];
      yield* byTenant.get('') ?? [];
    },
  };
}
