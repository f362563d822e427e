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
  acquire(principal: Principal): Subject;
  release(subject: Subject): void;
}

/** Claims that differ from token to token of the same session and that policies do not speak about. */
const volatileClaims = new Set(['exp', 'iat', 'nbf', 'jti']);

export function createSubjects(tenantOf: (principal: Principal) => string | undefined): Subjects {
  const subjects = new Map<string, Subject>();
  return {
    get size() {
      return subjects.size;
    },
    acquire(principal) {
      const key = subjectKey(principal);
      let subject = subjects.get(key);
      if (!subject) {
        subject = { key, principal, tenant: tenantOf(principal) ?? '', holders: 0 };
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

function subjectKey({ role, claims }: Principal): string {
  const lasting = Object.entries(claims)
    .filter(([name]) => !volatileClaims.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([role, lasting]);
}
