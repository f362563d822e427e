import type { Clock } from './clock.ts';
import { GraphError } from './graphError.ts';

export interface LimitOptions {
  /** Messages per second of one number (“Throughput”). */
  perSecond: number;
  /** To one customer: so many at once, then one per `pairEveryMs` (“Pair rate limits”). */
  pairBurst: number;
  pairEveryMs: number;
}

export const metaLimits: LimitOptions = { perSecond: 80, pairBurst: 45, pairEveryMs: 6000 };

export interface Limits {
  options: LimitOptions;
  /** Counts one message, or throws the rate limit that it hits. */
  take(phoneNumberId: string, recipient: string): void;
}

export function createLimits(clock: Clock, options: LimitOptions): Limits {
  const seconds = new Map<string, { second: number; count: number }>();
  const pairs = new Map<string, { tokens: number; at: number }>();
  const limits: Limits = {
    options: { ...options },
    take(phoneNumberId, recipient) {
      const now = clock.now();
      const second = Math.floor(now / 1000);
      const current = seconds.get(phoneNumberId);
      const count = current?.second === second ? current.count : 0;
      if (count >= limits.options.perSecond) {
        const details =
          'Message failed to send because there were too many messages sent from this phone number in a short period of time';
        throw new GraphError(130429, { details });
      }
      const key = `${phoneNumberId}>${recipient}`;
      const pair = pairs.get(key) ?? { tokens: limits.options.pairBurst, at: now };
      const refilled = Math.min(limits.options.pairBurst, pair.tokens + (now - pair.at) / limits.options.pairEveryMs);
      if (refilled < 1) {
        const details =
          'Message failed to send because there were too many messages sent from this phone number to the same phone number in a short period of time';
        throw new GraphError(131056, { details });
      }
      seconds.set(phoneNumberId, { second, count: count + 1 });
      pairs.set(key, { tokens: refilled - 1, at: now });
    },
  };
  return limits;
}
