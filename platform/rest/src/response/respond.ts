/** Status, headers and body for what a statement gave. */
import { errorBody, notSingular, rangeOutOfBounds, tooManyAffected } from '../errors.ts';
import type { Outcome } from '../execute/execute.ts';
import type { Plan } from '../plan/plan.ts';
import { type ApiRequest, contentLocation } from '../request/apiRequest.ts';
import { contentType, type MediaType } from '../request/mediaType.ts';
import { type Preferences, preferenceApplied } from '../request/preferences.ts';
import { type Answer, answer, headerSafe } from './answer.ts';
import { withSettings } from './gucs.ts';

export interface RespondOptions {
  maxRows?: number;
  /** The time zone asked for was one, and was used. */
  timezone?: string;
}

/** Throws RestError when the rows are not what the request asked for. */
export const respond = (request: ApiRequest, plan: Plan, outcome: Outcome, options: RespondOptions): Answer => {
  const applied = { ...request.preferences, timezone: options.timezone };
  switch (plan.kind) {
    case 'read':
      return withSettings(respondRead(request, plan, outcome, applied, options), outcome);
    case 'mutate':
      return withSettings(respondMutation(request, plan, outcome, applied), outcome);
    case 'call':
      return withSettings(respondCall(request, plan, outcome, applied), outcome);
  }
};

/** An execution plan as it was asked for. */
export const respondPlan = (request: ApiRequest, media: MediaType, plan: string): Answer =>
  answer(200, { 'content-type': contentType(media), ...profile(request) }, plan);

const profile = ({ namesSchema, schema }: ApiRequest): Record<string, string> =>
  namesSchema ? { 'content-profile': schema } : {};

const rangeText = (first: number, last: number, total: number | undefined): string => {
  const rows = total !== 0 && first <= last ? `${first}-${last}` : '*';
  return `${rows}/${total ?? '*'}`;
};

const counts = ({ count }: Preferences): boolean => count === 'exact' || count === 'estimated';

const withApplied = (
  headers: Record<string, string>,
  applied: Omit<Preferences, 'unknown'>,
): Record<string, string> => {
  const text = preferenceApplied(applied);
  if (text !== undefined) headers['preference-applied'] = headerSafe(text);
  return headers;
};

const always = ({ count, tx, handling, timezone }: Preferences): Omit<Preferences, 'unknown'> => ({
  count,
  tx,
  handling,
  timezone,
});

const checkSingular = ({ media }: Plan, { page }: Outcome): void => {
  if (media.kind === 'object' && page !== 1) throw notSingular(page);
};

/** Rows of the whole result, as exactly as was asked for. */
const totalOf = ({ preferences }: ApiRequest, outcome: Outcome, maxRows: number | undefined): number | undefined => {
  const { total, estimate } = outcome;
  if (preferences.count === 'planned') return estimate;
  if (preferences.count !== 'estimated' || total === undefined) return total;
  return maxRows !== undefined && total > maxRows ? Math.max(total, estimate ?? 0) : total;
};

const ranged = (
  request: ApiRequest,
  outcome: Outcome,
  total: number | undefined,
): { status: number; range: string; outOfBounds: boolean } => {
  const first = Number(request.topRange.offset);
  const range = rangeText(first, first + outcome.page - 1, total);
  if (total === undefined) return { status: 200, range, outOfBounds: false };
  if (first > total) return { status: 416, range, outOfBounds: true };
  return { status: outcome.page < total ? 206 : 200, range, outOfBounds: false };
};

const respondRead = (
  request: ApiRequest,
  plan: Extract<Plan, { kind: 'read' }>,
  outcome: Outcome,
  applied: Preferences,
  { maxRows }: RespondOptions,
): Answer => {
  checkSingular(plan, outcome);
  const total = totalOf(request, outcome, maxRows);
  const { status, range, outOfBounds } = ranged(request, outcome, total);
  const headers = withApplied(
    {
      'content-range': range,
      ...locationOfRead(plan.table.name, request),
      'content-type': contentType(plan.media),
      ...profile(request),
    },
    always(applied),
  );
  if (outOfBounds) return answer(status, headers, outOfBoundsBody(request, total));
  return answer(
    status,
    headers,
    request.action.kind === 'read' && request.action.headersOnly ? undefined : outcome.body,
  );
};

/** Callers refuse answers whose headers are long (Node's fetch those over 16 KB), and this one they can do without. */
const longestLocation = 4096;

const locationOfRead = (table: string, { pairs }: ApiRequest): Record<string, string> => {
  const location = headerSafe(contentLocation(table, pairs));
  return location.length > longestLocation ? {} : { 'content-location': location };
};

const outOfBoundsBody = (request: ApiRequest, total: number | undefined): string =>
  errorBody(rangeOutOfBounds(String(request.topRange.offset), total ?? 0));

const respondMutation = (
  request: ApiRequest,
  plan: Extract<Plan, { kind: 'mutate' }>,
  outcome: Outcome,
  applied: Preferences,
): Answer => {
  const { mutate } = plan;
  const shown = applied.return === 'representation';
  const shownHeaders = shown ? { 'content-type': contentType(plan.media), ...profile(request) } : {};
  const total = counts(applied) ? outcome.page : undefined;
  const common = { ...always(applied), return: applied.return };
  const body = shown ? outcome.body : undefined;
  if (mutate.kind === 'delete') {
    const headers = { 'content-range': rangeText(1, 0, total), ...shownHeaders };
    return answer(shown ? 200 : 204, withApplied(headers, { ...common, maxAffected: applied.maxAffected }), body);
  }
  if (mutate.kind === 'update') {
    const headers = { 'content-range': rangeText(0, outcome.page - 1, total), ...shownHeaders };
    const { missing, maxAffected } = applied;
    return answer(shown ? 200 : 204, withApplied(headers, { ...common, missing, maxAffected }), body);
  }
  if (request.action.kind === 'mutate' && request.action.mutation === 'upsert') {
    const status = (outcome.inserted ?? 0) > 0 ? 201 : 200;
    return answer(shown ? status : 204, withApplied({ ...shownHeaders }, common), body);
  }
  const resolution = mutate.primaryKey.length > 0 || request.query.onConflict ? applied.resolution : undefined;
  const headers: Record<string, string> = { 'content-range': rangeText(1, 0, total), ...shownHeaders };
  if (outcome.location !== undefined) headers.location = locationOf(plan.table.name, outcome.location);
  const onlyUpdated = applied.resolution === 'merge-duplicates' && (outcome.inserted ?? 0) <= 0;
  return answer(
    onlyUpdated ? 200 : 201,
    withApplied(headers, { ...common, missing: applied.missing, resolution }),
    body,
  );
};

const locationOf = (table: string, key: string): string => {
  const columns: unknown = JSON.parse(key);
  const conditions = Object.entries(columns ?? {}).map(
    ([name, value]) =>
      `${encodeURIComponent(name)}=${value === null ? 'is.null' : `eq.${encodeURIComponent(String(value))}`}`,
  );
  return headerSafe(`/${table}?${conditions.join('&')}`);
};

const respondCall = (
  request: ApiRequest,
  plan: Extract<Plan, { kind: 'call' }>,
  outcome: Outcome,
  applied: Preferences,
): Answer => {
  const { routine } = plan.call;
  checkSingular(plan, outcome);
  const { maxAffected, handling } = applied;
  if (handling === 'strict' && maxAffected !== undefined && outcome.page > maxAffected) {
    throw tooManyAffected(outcome.page);
  }
  const { status, range, outOfBounds } = ranged(request, outcome, outcome.total);
  const headers = withApplied({ 'content-range': range }, { ...always(applied), maxAffected });
  const { returns } = routine;
  if (!returns.set && returns.type.schema === 'pg_catalog' && returns.type.name === 'void') {
    return answer(204, headers);
  }
  headers['content-type'] = contentType(plan.media);
  Object.assign(headers, profile(request));
  if (outOfBounds) return answer(status, headers, outOfBoundsBody(request, outcome.total));
  const headersOnly = request.action.kind === 'call' && request.action.by === 'head';
  return answer(status, headers, headersOnly ? undefined : outcome.body);
};
