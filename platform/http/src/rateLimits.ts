import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { tooManyRequests } from './errors.ts';

/** The published limits: requests per minute. */
export const DEFAULT_LIMITS = { functions: 100, rest: 1000, external: 500 } as const;

export interface RequestLimit {
  /** Counted apart from other limits with the same key. */
  name: string;
  /** Requests in the window; 0 or Infinity switches the limit off. A function can look up what an organization was granted. */
  max: number | ((request: FastifyRequest) => number | Promise<number>);
  /** Milliseconds; one minute when absent. */
  windowMs?: number;
  /** Who shares the limit; {@link organizationKey} when absent. Undefined means not limited. */
  keyOf?: (request: FastifyRequest) => string | undefined;
}

export type LimitRequest = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/**
 * Register once per server, before surfaces ask for limits with {@link requestLimit}. Counts live in this process, or in Redis when an
 * ioredis client is given, which several nodes need to count together.
 */
export const rateLimits = fp(
  async (app: FastifyInstance, o: { redis?: unknown; cache?: number }) => {
    await app.register(rateLimit, {
      global: false,
      cache: o.cache ?? 20_000,
      nameSpace: 'connectgain-limit-',
      // Redis down: better unlimited for a moment than closed.
      skipOnError: true,
      ...(o.redis === undefined ? {} : { redis: o.redis }),
    });
  },
  { name: 'rate-limits', fastify: '5.x' },
);

/**
 * A `preHandler`, or a function to call once `request.principal` is known. Adds `X-RateLimit-Limit`, `-Remaining` and `-Reset` (Unix time in
 * seconds, as documented) to every answer and throws 429 with `Retry-After` past the limit.
 */
export function requestLimit(app: FastifyInstance, limit: RequestLimit): LimitRequest {
  const windowMs = limit.windowMs ?? 60_000;
  const keyOf = limit.keyOf ?? organizationKey;
  const { max } = limit;
  if (typeof max === 'number' && unlimitedAsLarge(max) === UNLIMITED) return async () => {};
  const check = app.createRateLimit({
    max: typeof max === 'function' ? async (request) => unlimitedAsLarge(await max(request)) : unlimitedAsLarge(max),
    timeWindow: windowMs,
    keyGenerator: (request) => `${limit.name}:${keyOf(request) ?? ''}`,
  });
  return async (request, reply) => {
    if (keyOf(request) === undefined) return;
    const state = await check(request);
    if (state.isAllowed || state.max >= UNLIMITED) return;
    reply.headers({
      'x-ratelimit-limit': String(state.max),
      'x-ratelimit-remaining': String(state.remaining),
      'x-ratelimit-reset': String(Math.ceil((Date.now() + state.ttl) / 1000)),
    });
    if (state.isExceeded) {
      throw tooManyRequests(state.ttl / 1000, {
        details: `${state.max} requests in ${windowMs / 1000} seconds are allowed.`,
      });
    }
  };
}

const UNLIMITED = Number.MAX_SAFE_INTEGER;

function unlimitedAsLarge(max: number): number {
  return max <= 0 || !Number.isFinite(max) ? UNLIMITED : max;
}

/**
 * One bucket per organization; callers whose token names none are counted by user, and the rest by address. The service key is the
 * operator's own and is not limited.
 */
export function organizationKey(request: FastifyRequest): string | undefined {
  const { principal } = request;
  if (principal?.role === 'service_role') return undefined;
  const { organization_id, sub } = principal?.claims ?? {};
  if (typeof organization_id === 'string') return `org:${organization_id}`;
  if (typeof sub === 'string') return `user:${sub}`;
  return `ip:${normalizeIP(request.ip)}`;
}
