import { createHash } from 'node:crypto';
import type { Queryable } from './database.ts';
import type { Device } from './device.ts';
import { networkOf } from './device.ts';
import { overMailLimit, overRequestLimit } from './errors.ts';

/** At most `attempts` in `seconds`; the allowance comes back evenly. 0 attempts switches the limit off. */
export interface Limit {
  attempts: number;
  seconds: number;
}

export interface Limits {
  /** Password sign-ins from one network, right or wrong. */
  signInPerAddress: Limit;
  /** Wrong passwords for one account from one network. */
  signInPerAccountAndAddress: Limit;
  /** Password sign-ins for one account from anywhere: many networks guessing together. */
  signInPerAccount: Limit;
  signUpPerAddress: Limit;
  refreshPerAddress: Limit;
  /** Links followed and codes typed, from one network. */
  verifyPerAddress: Limit;
  /** Changes of one's own password or e-mail. */
  updatePerAccount: Limit;
  /** Mails asked for by one network. */
  mailPerAddress: Limit;
  /** Mails of one kind to one recipient. */
  mailPerRecipient: Limit;
}

export const DEFAULT_LIMITS: Limits = {
  signInPerAddress: { attempts: 100, seconds: 300 },
  signInPerAccountAndAddress: { attempts: 10, seconds: 900 },
  signInPerAccount: { attempts: 100, seconds: 900 },
  signUpPerAddress: { attempts: 60, seconds: 300 },
  refreshPerAddress: { attempts: 600, seconds: 300 },
  verifyPerAddress: { attempts: 60, seconds: 300 },
  updatePerAccount: { attempts: 20, seconds: 900 },
  mailPerAddress: { attempts: 60, seconds: 3600 },
  mailPerRecipient: { attempts: 1, seconds: 60 },
};

/** One thing to count: a limit's name and whose it is. */
interface Count {
  limit: Limit;
  key: string;
}

export interface Limiter {
  /** Before a password is looked at. Throws 429 `over_request_rate_limit`. */
  signIn(device: Device, email: string): Promise<void>;
  /** After the right password: forgets the wrong ones before it. */
  signedIn(device: Device, email: string): Promise<void>;
  request(name: 'signUpPerAddress' | 'refreshPerAddress' | 'verifyPerAddress', device: Device): Promise<void>;
  update(userId: string): Promise<void>;
  /** Before a mail, whether or not the account exists. Throws 429 `over_email_send_rate_limit`. */
  mail(kind: string, device: Device | null, recipient: string): Promise<void>;
}

/** Limits kept in `auth.attempts` (see its migration), so that several nodes count together. */
export function createLimiter(db: Queryable, limits: Limits): Limiter {
  const pairKey = (device: Device, email: string) => key('sign-in pair', `${email} ${networkOf(device.ip)}`);

  return {
    async signIn(device, email) {
      const wait = await take(db, [
        { limit: limits.signInPerAddress, key: key('sign-in address', networkOf(device.ip)) },
        { limit: limits.signInPerAccount, key: key('sign-in account', email) },
        { limit: limits.signInPerAccountAndAddress, key: pairKey(device, email) },
      ]);
      if (wait > 0) throw overRequestLimit(wait);
    },
    async signedIn(device, email) {
      await db.query('delete from auth.attempts where key = $1', [pairKey(device, email)]);
    },
    async request(name, device) {
      const wait = await take(db, [{ limit: limits[name], key: key(name, networkOf(device.ip)) }]);
      if (wait > 0) throw overRequestLimit(wait);
    },
    async update(userId) {
      const wait = await take(db, [{ limit: limits.updatePerAccount, key: key('update', userId) }]);
      if (wait > 0) throw overRequestLimit(wait);
    },
    async mail(kind, device, recipient) {
      const wait = await take(db, [
        ...(device === null ? [] : [{ limit: limits.mailPerAddress, key: key('mail address', networkOf(device.ip)) }]),
        { limit: limits.mailPerRecipient, key: key(`mail ${kind}`, recipient) },
      ]);
      if (wait > 0) throw overMailLimit(wait);
    },
  };
}

/** Seconds to wait, 0 to go on. `counts` goes from the widest to the narrowest key, always. */
async function take(db: Queryable, counts: readonly Count[]): Promise<number> {
  const active = counts.filter((count) => count.limit.attempts > 0);
  if (active.length === 0) return 0;
  const result = await db.query<{ wait: number }>('select auth.take_attempts($1, $2, $3) as wait', [
    active.map((c) => c.key),
    active.map((c) => c.limit.attempts),
    active.map((c) => c.limit.seconds),
  ]);
  return result.rows[0]?.wait ?? 0;
}

/** Addresses of people are not kept in the clear for counting. */
function key(name: string, who: string): string {
  return `${name}:${createHash('sha256').update(who).digest('base64url')}`;
}
