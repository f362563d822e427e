/** Plans and their SQL by the shape of requests. */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { makePlan, type Plan, type PlanOptions } from '../plan/plan.ts';
import type { ApiRequest } from '../request/apiRequest.ts';
import { isWhole } from '../request/range.ts';
import type { SchemaCache } from '../schema/types.ts';
import { type Guard, type PrintedRequest, printRequest } from '../sql/statement.ts';

export interface PreparedRequest {
  plan: Plan;
  printed: PrintedRequest;
  /** Set once the shape has come again: worth a prepared statement on every connection. */
  name?: string;
}

export interface PreparedRequests {
  /** Throws RestError where the request cannot be planned. */
  for(request: ApiRequest): PreparedRequest;
}

export interface PreparedRequestsOptions extends PlanOptions {
  cache: SchemaCache;
  /** Shapes remembered; 0 switches it off. */
  size: number;
  /** Name statements, so that PostgreSQL parses them once per connection. */
  named: boolean;
}

/** Characters of all that is remembered: strangers choose the shapes. */
const mostText = 10_000_000;
/** Longer statements are parsed each time, as every connection of PostgreSQL keeps what is prepared on it. */
const longestPrepared = 10_000;

/** One per load of the schema cache: plans speak of its tables. */
export const createPreparedRequests = (options: PreparedRequestsOptions): PreparedRequests => {
  const known =
    options.size > 0
      ? new LRUCache<string, PreparedRequest>({
          max: options.size,
          maxSize: mostText,
          sizeCalculation: ({ printed }, shape) => shape.length + printed.main.text.length,
        })
      : undefined;
  return {
    for(request) {
      const found = known?.get(request.shape);
      if (found !== undefined) {
        if (options.named && found.printed.main.text.length <= longestPrepared)
          found.name ??= nameOf(found.printed.main.text);
        return found;
      }
      const plan = makePlan(request, options.cache, options);
      const printed = printRequest(plan, {
        preferences: request.preferences,
        ranged: options.maxRows !== undefined || !isWhole(request.topRange),
        maxRows: options.maxRows,
        guards: guardsOf(request, plan),
      });
      const prepared: PreparedRequest = { plan, printed };
      known?.set(request.shape, prepared);
      return prepared;
    },
  };
};

/** From the text alone: engines that share a pool must not use one name for two statements. */
const nameOf = (text: string): string => `rest_${createHash('sha256').update(text).digest('base64url').slice(0, 22)}`;

/** What must undo a write; reads are checked when the answer is made. */
const guardsOf = ({ preferences, action }: ApiRequest, plan: Plan): Guard[] => {
  if (plan.kind === 'read' || (plan.kind === 'call' && !plan.writes)) return [];
  const guards: Guard[] = [];
  if (action.kind === 'mutate' && action.mutation === 'upsert') guards.push({ code: 'PGRST115' });
  else if (plan.media.kind === 'object') guards.push({ code: 'PGRST116' });
  const limited = plan.kind === 'call' || plan.mutate.kind !== 'insert';
  if (limited && preferences.handling === 'strict' && preferences.maxAffected !== undefined) {
    guards.push({ code: 'PGRST124', most: preferences.maxAffected });
  }
  return guards;
};
