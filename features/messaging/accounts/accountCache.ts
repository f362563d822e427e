import type { Queryable } from '../queryable.ts';
import { type AccountSources, findAccountByRoutingKey, type LoadedAccount } from './loadAccount.ts';

/** Remembers accounts by routing key for the webhook path, which asks at every call. */
export interface AccountCache {
  get(type: string, routingKey: string, o?: { fresh?: boolean }): Promise<LoadedAccount | undefined>;
  /** Whether some account of this type has chosen this verify token for its callback. */
  knowsVerifyToken(type: string, token: string): Promise<boolean>;
}

const LIFETIME_MS = 10_000;
const MAX_ENTRIES = 5_000;

/**
 * A changed account is seen after ten seconds at most, and at once when a signature fails (the caller asks again with
 * `fresh`). Unknown keys are remembered too, so that a stranger's webhooks cost no query each.
 */
export function createAccountCache(
  db: Queryable,
  sources: AccountSources,
  now: () => number = () => performance.now(),
): AccountCache {
  const entries = new Map<string, { account: Promise<LoadedAccount | undefined>; until: number }>();
  return {
    get(type, routingKey, o) {
      const key = `${type}\u0000${routingKey}`;
      const known = entries.get(key);
      if (known && known.until > now() && !o?.fresh) return known.account;
      const account = findAccountByRoutingKey(db, type, routingKey, sources);
      if (entries.size >= MAX_ENTRIES) entries.delete(entries.keys().next().value ?? key);
      entries.set(key, { account, until: now() + LIFETIME_MS });
      account.catch(() => entries.delete(key));
      return account;
    },
    async knowsVerifyToken(type, token) {
      if (token === '') return false;
      const { rows } = await db.query<{ known: boolean }>(
        `select exists (select 1 from public.channel_accounts where type = $1 and settings ->> 'verify_token' = $2) as known`,
        [type, token],
      );
      return rows[0]?.known ?? false;
    },
  };
}
