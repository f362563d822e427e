/** The engine: an HTTP request in, an answer out. Knows no web server. */
import type { RunsAs, Settings } from '@connectgain/postgres';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { fromDatabase, isInvalidConstant } from './databaseErrors.ts';
import { errorBody, internalError, invalidPreferences, noSchemaCache, RestError, rootDisabled } from './errors.ts';
import { type Execution, executeRequest } from './execute/execute.ts';
import { createPreparedRequests, type PreparedRequests } from './execute/preparedRequests.ts';
import { isolationOf, type SettingsRules, settingsOf } from './execute/settings.ts';
import { openApiAnswer } from './openapi/answer.ts';
import { findTable, type Plan } from './plan/plan.ts';
import { type ApiRequest, type HttpRequest, parseRequest, type RequestRules } from './request/apiRequest.ts';
import { withColumnOperands } from './request/columnOperands.ts';
import { createQueryParser } from './request/query.ts';
import type { Answer } from './response/answer.ts';
import { allowed } from './response/options.ts';
import { respond, respondPlan } from './response/respond.ts';
import { defaultHoistedSettings } from './schema/load.ts';
import { createSchemaSource } from './schema/source.ts';
import type { QualifiedName, SchemaCache } from './schema/types.ts';

export interface EngineOptions {
  /** Runs what strangers ask for: logs in as a role that may do nothing but become others. */
  pool: Pool;
  /** Connection string for `NOTIFY pgrst`; without it the schema is only reloaded by `reloadSchema`. */
  listenUrl?: string;
  /** Channel that announces changes of the schema; `pgrst` when absent. */
  channel?: string;
  /** Schemas that requests may name; the first one when they name none. */
  schemas: readonly string[];
  /**
   * Schemas after the request's own on the search path. When absent the path of the login holds, which must begin with the
   * first of `schemas`; a request for another schema gets that in front.
   */
  extraSearchPath?: readonly string[];
  /** Role of strangers. */
  anonRole?: string;
  /** Rows of one answer and of each embed, at most. */
  maxRows?: number;
  /** Function called in every transaction before the statement. */
  preRequest?: QualifiedName;
  /** Allow `sum`, `avg`, `count`, `max`, `min`; off when absent. */
  aggregates?: boolean;
  /** Allow `Accept: application/vnd.pgrst.plan`; off when absent. */
  plans?: boolean;
  /** How transactions end, and whether `Prefer: tx=` may change it; `commit` when absent. */
  txEnd?: 'commit' | 'commit-allow-override' | 'rollback' | 'rollback-allow-override';
  openApi?: OpenApiOptions;
  /** Function that answers at the root instead of the OpenAPI document. */
  rootFunction?: string;
  /** `table/{id}` means `table?id=eq.{id}`. */
  pathIds?: boolean;
  /** Read a filter's value as a column where it is the name of one and fails as a constant; beyond PostgREST. */
  columnOperands?: boolean;
  /** Query parameters that are not part of the query. */
  ignoredParameters?: readonly string[];
  /** Settings that SQL can read in every transaction. */
  appSettings?: Settings;
  /** Settings of functions that hold for the whole transaction of a call. */
  hoistedSettings?: readonly string[];
  /** Shapes of requests whose plans are remembered; 2000 when absent, 0 plans every request anew. */
  planCacheSize?: number;
  /** Use prepared statements; on when absent. Off behind poolers that share connections by transaction. */
  preparedStatements?: boolean;
  /** Answer with a `Server-Timing` header; off when absent. */
  timing?: boolean;
  log: Logger;
}

export interface OpenApiOptions {
  mode: 'follow-privileges' | 'ignore-privileges' | 'disabled';
  /** Where clients reach this API, for the document. */
  serverUrl?: string;
  /** Describe the Authorization header. */
  security?: boolean;
}

export interface RestEngine {
  /** Answers one request as a principal. Errors are answers too; nothing is thrown but the signal's reason. */
  handle(http: HttpRequest, principal: RunsAs, signal?: AbortSignal): Promise<Answer>;
  /** The answer for an error found before or around `handle`. */
  answerFor(error: unknown, principal?: RunsAs): Answer;
  /** Reads the schema again. Rejects when the database cannot be read. */
  reloadSchema(): Promise<void>;
  /** Listens for `NOTIFY`. */
  listen(): Promise<void>;
  close(): Promise<void>;
}

interface Loaded {
  cache: SchemaCache;
  prepared: PreparedRequests;
}

export const createRestEngine = (o: EngineOptions): RestEngine => {
  const source = createSchemaSource<Loaded>({
    pool: o.pool,
    url: o.listenUrl,
    channel: o.channel ?? 'pgrst',
    schemas: o.schemas,
    hoistedSettings: o.hoistedSettings ?? defaultHoistedSettings,
    log: o.log,
    make: (cache) => ({
      cache,
      prepared: createPreparedRequests({
        cache,
        size: o.planCacheSize ?? 2000,
        named: o.preparedStatements ?? true,
        aggregates: o.aggregates ?? false,
        plansAllowed: o.plans ?? false,
        maxRows: o.maxRows,
      }),
    }),
  });
  const txEnd = o.txEnd ?? 'commit';
  const openApi = o.openApi ?? { mode: 'follow-privileges' };
  const rules: RequestRules = {
    parser: createQueryParser(),
    schemas: o.schemas,
    maxRows: o.maxRows,
    allowTx: txEnd.endsWith('-allow-override'),
    openApi: openApi.mode !== 'disabled',
    rootFunction: o.rootFunction,
    pathIds: o.pathIds,
    ignoredParameters: o.ignoredParameters === undefined ? undefined : new Set(o.ignoredParameters),
  };
  const settingsRules: SettingsRules = {
    extraSearchPath: o.extraSearchPath,
    firstSchema: o.schemas[0],
    app: o.appSettings ?? {},
  };

  /** The time zone asked for, when PostgreSQL knows it; strict handling refuses others. */
  const timezoneOf = async ({ preferences }: ApiRequest): Promise<string | undefined> => {
    const { timezone, handling } = preferences;
    if (timezone === undefined) return undefined;
    if ((await source.timezones()).has(timezone)) return timezone;
    if (handling === 'strict') throw invalidPreferences([...preferences.unknown, `timezone=${timezone}`]);
    return undefined;
  };

  const rollsBack = ({ preferences: { tx } }: ApiRequest): boolean =>
    tx === 'rollback' || (txEnd.startsWith('rollback') && tx !== 'commit');

  const handle = async (http: HttpRequest, principal: RunsAs, signal?: AbortSignal): Promise<Answer> => {
    const loaded = source.current();
    if (loaded === undefined) throw noSchemaCache();
    const { cache } = loaded;
    const clock = o.timing ? createClock() : undefined;
    const request = parseRequest(http, rules);
    clock?.lap('parse');
    const timezone = await timezoneOf(request);
    const execution = (plan: Plan | undefined): Execution => ({
      pool: o.pool,
      principal: withRole(principal),
      settings: settingsOf(http, request, plan, principal, cache, settingsRules, timezone),
      readOnly: plan === undefined || plan.kind === 'read' || (plan.kind === 'call' && !plan.writes),
      rollback: rollsBack(request),
      isolation: isolationOf(plan, principal, cache),
      preRequest: o.preRequest,
      signal,
    });
    if (request.action.kind === 'options') return allowed(request, request.action.of, cache);
    if (request.action.kind === 'root') {
      if (openApi.mode === 'disabled') throw rootDisabled();
      return await openApiAnswer(request, cache, execution(undefined), openApi);
    }
    const run = async (wanted: ApiRequest) => {
      const { plan, printed, name } = loaded.prepared.for(wanted);
      clock?.lap('plan');
      return { plan, outcome: await executeRequest(execution(plan), printed, wanted.values, name) };
    };
    const { plan, outcome } = await run(request).catch(async (error: unknown) => {
      const again = o.columnOperands ? namesColumns(error, request, cache) : undefined;
      if (again === undefined) throw error;
      return await run(again);
    });
    clock?.lap('transaction');
    const made =
      'plan' in outcome
        ? respondPlan(request, plan.media, outcome.plan)
        : respond(request, plan, outcome, { maxRows: o.maxRows, timezone });
    clock?.lap('response');
    return clock === undefined ? made : { ...made, headers: { ...made.headers, 'server-timing': clock.header() } };
  };

  const answerFor = (error: unknown, principal?: RunsAs): Answer => {
    const found = toRestError(error, principal !== undefined && principal.role !== o.anonRole);
    if (found.status >= 500) o.log.error({ err: found.cause ?? found, code: found.code }, 'REST request failed');
    return errorAnswer(found);
  };

  return {
    async handle(http, principal, signal) {
      try {
        return await handle(http, principal, signal);
      } catch (error) {
        if (signal?.aborted && error === signal.reason) throw error;
        return answerFor(error, principal);
      }
    },
    answerFor,
    reloadSchema: () => source.reload(),
    listen: () => source.listen(),
    close: () => source.close(),
  };
};

/** A request that failed because a name of a column is no constant of its type, with that name read as the column. */
const namesColumns = (error: unknown, request: ApiRequest, cache: SchemaCache): ApiRequest | undefined => {
  const { action, schema } = request;
  if (!isInvalidConstant(error) || (action.kind !== 'read' && action.kind !== 'mutate')) return undefined;
  return withColumnOperands(request, findTable(cache, { schema, name: action.table }));
};

/** How long each step took, as `Server-Timing` says it (https://www.w3.org/TR/server-timing/). */
const createClock = (): { lap(step: string): void; header(): string } => {
  const laps: string[] = [];
  let last = performance.now();
  return {
    lap(step) {
      const now = performance.now();
      laps.push(`${step};dur=${(now - last).toFixed(1)}`);
      last = now;
    },
    header: () => laps.join(', '),
  };
};

/** SQL finds the role among the claims, whether or not the token had one. */
const withRole = (principal: RunsAs): RunsAs =>
  principal.claims.role === principal.role
    ? principal
    : { role: principal.role, claims: { ...principal.claims, role: principal.role } };

const toRestError = (error: unknown, authenticated: boolean): RestError => {
  if (error instanceof RestError) return error;
  return fromDatabase(error, authenticated) ?? internalError(error);
};

const errorAnswer = (error: RestError): Answer => ({
  status: error.status,
  headers: {
    'content-type': 'application/json; charset=utf-8',
    'proxy-status': `PostgREST; error=${/^\w+$/.test(error.code) ? error.code : 'other'}`,
  },
  repeated: Object.entries(error.headers),
  body: errorBody(error),
});
