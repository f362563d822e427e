import type { Principal } from '@connectgain/postgres';

/**
 * Somebody that row level security is asked about. All channels whose tokens say the same share one subject, so a changed row is
 * checked once for a person with five tabs, not five times.
 */
export interface Subject {
  key: string;
  principal: Principal;
  /** The tenant it belongs to, '' for none: see `RealtimeOptions.tenant`. */
  tenant: string;
  /** Channels that hold it. */
  holders: number;
}

export interface Subjects {
  readonly size: number;
  /** @param tenant '' for none */
  acquire(principal: Principal, tenant: string): Subject;
  release(subject: Subject): void;
}

/** Claims that differ from token to token of the same session and that policies do not speak about. */
const volatileClaims = new Set(['exp', 'iat', 'nbf', 'jti']);

export function createSubjects(): Subjects {
  const subjects = new Map<string, Subject>();
  return {
    get size() {
      return subjects.size;
    },
    acquire(principal, tenant) {
      const key = subjectKey(principal, tenant);
      let subject = subjects.get(key);
      if (!subject) {
        subject = { key, principal, tenant, holders: 0 };
        subjects.set(key, subject);
      }
      subject.holders++;
      return subject;
    },
    release(subject) {
      if (--subject.holders === 0) subjects.delete(subject.key);
    },
  };
}

function subjectKey({ role, claims }: Principal, tenant: string): string {
  const lasting = Object.entries(claims)
    .filter(([name]) => !volatileClaims.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([role, tenant, lasting]);
}
