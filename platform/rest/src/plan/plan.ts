/** From an `ApiRequest` to a plan of everything that is asked of the database. */
import { invalidPreferences, maxAffectedNotForSingle, noTable } from '../errors.ts';
import type { ApiRequest } from '../request/apiRequest.ts';
import type { MediaType } from '../request/mediaType.ts';
import { nearest } from '../schema/nearMiss.ts';
import { keyOf, type QualifiedName, type Routine, type SchemaCache, type Table } from '../schema/types.ts';
import { findRoutine, planCall, resultTable } from './callPlan.ts';
import { planMutation } from './mutatePlan.ts';
import { negotiate } from './negotiate.ts';
import { planRead, type ReadOptions, selectsWholeTable } from './readPlan.ts';
import type { CallPlan, MutatePlan, ReadPlan, Rendering } from './types.ts';

interface Common {
  read: ReadPlan;
  rendering: Rendering;
  media: MediaType;
}
export type Plan =
  | (Common & { kind: 'read'; table: Table })
  | (Common & { kind: 'mutate'; table: Table; mutate: MutatePlan })
  | (Common & { kind: 'call'; call: CallPlan; writes: boolean });

export interface PlanOptions extends ReadOptions {
  /** Execution plans may be asked for. */
  plansAllowed: boolean;
}

/** More tables than this are not searched for a likely misspelling. */
const mostForSuggestion = 500;

/** Throws PGRST205 with a suggestion for a misspelled name. */
export const findTable = (cache: SchemaCache, name: QualifiedName): Table => {
  const found = cache.tables.get(keyOf(name));
  if (found !== undefined) return found;
  const names = [...cache.tables.values()].flatMap((table) => (table.schema === name.schema ? [table.name] : []));
  const near = names.length > mostForSuggestion ? undefined : nearest(name.name, names, 0.75);
  throw noTable(name.schema, name.name, near);
};

/** Throws RestError for whatever cannot be done. */
export const makePlan = (request: ApiRequest, cache: SchemaCache, options: PlanOptions): Plan => {
  const { action } = request;
  switch (action.kind) {
    case 'read':
      return planTableRead(request, action, cache, options);
    case 'mutate':
      return planTableWrite(request, action, cache, options);
    case 'call':
      return planFunctionCall(request, action, cache, options);
    default:
      throw new TypeError(`${action.kind} needs no plan`);
  }
};

const checkPreferences = ({ preferences }: ApiRequest): void => {
  if (preferences.handling === 'strict' && preferences.unknown.length > 0) {
    throw invalidPreferences(preferences.unknown);
  }
};

type ActionOf<K extends ApiRequest['action']['kind']> = Extract<ApiRequest['action'], { kind: K }>;

const planTableRead = (
  request: ApiRequest,
  action: ActionOf<'read'>,
  cache: SchemaCache,
  options: PlanOptions,
): Plan => {
  const table = findTable(cache, { schema: request.schema, name: action.table });
  const read = planRead(request, cache, table, options);
  const { rendering, media } = negotiate(request.accept, cache, {
    target: table,
    wholeTable: selectsWholeTable(read),
    plansAllowed: options.plansAllowed,
  });
  checkPreferences(request);
  return { kind: 'read', table, read, media, rendering: action.headersOnly ? { kind: 'none' } : rendering };
};

const planTableWrite = (
  request: ApiRequest,
  action: ActionOf<'mutate'>,
  cache: SchemaCache,
  options: PlanOptions,
): Plan => {
  const table = findTable(cache, { schema: request.schema, name: action.table });
  const read = planRead(request, cache, table, options);
  const mutate = planMutation(request, action.mutation, cache, table, read);
  checkPreferences(request);
  const { rendering, media } = negotiate(request.accept, cache, {
    target: table,
    wholeTable: selectsWholeTable(read),
    plansAllowed: options.plansAllowed,
  });
  const shown = request.preferences.return === 'representation';
  return { kind: 'mutate', table, read, mutate, media, rendering: shown ? rendering : { kind: 'none' } };
};

const planFunctionCall = (
  request: ApiRequest,
  action: ActionOf<'call'>,
  cache: SchemaCache,
  options: PlanOptions,
): Plan => {
  const routine = findRoutine(request, cache, action.name);
  const target = resultTable(routine);
  const read = planRead(request, cache, target, options);
  const call = planCall(request, routine, read);
  const { rendering, media } = negotiate(request.accept, cache, {
    target,
    wholeTable: selectsWholeTable(read),
    plansAllowed: options.plansAllowed,
  });
  checkPreferences(request);
  checkMaxAffected(request, routine);
  return {
    kind: 'call',
    read,
    call,
    media,
    rendering: action.by === 'head' ? { kind: 'none' } : rendering,
    writes: action.by === 'post' && routine.volatility === 'volatile',
  };
};

const checkMaxAffected = ({ preferences }: ApiRequest, routine: Routine): void => {
  if (preferences.maxAffected !== undefined && preferences.handling === 'strict' && !routine.returns.set) {
    throw maxAffectedNotForSingle();
  }
};
