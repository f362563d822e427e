/** Plans and their SQL by the shape of requests. */
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

/** One per load of the schema cache: plans speak of its tables. */
export const createPreparedRequests = (options: PreparedRequestsOptions): PreparedRequests => {
  const known = options.size > 0 ? new LRUCache<string, PreparedRequest>({ max: options.size }) : undefined;
  let names = 0;
  return {
    for(request) {
      const found = known?.get(request.shape);
      if (found !== undefined) {
        if (options.named) found.name ??= `rest_${options.cache.generation}_${++names}`;
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
