/**
 * The one statement of a request: rows, their number, the body built by PostgreSQL, and what SQL wants to say about the
 * answer. Its columns are text: `total`, `page`, `body`, `headers`, `status`, and for writes `location` and `inserted`.
 */
import type { Plan } from '../plan/plan.ts';
import type { MutatePlan, ReadPlan, Rendering } from '../plan/types.ts';
import type { PlanOption } from '../request/mediaType.ts';
import type { Preferences } from '../request/preferences.ts';
import type { Routine } from '../schema/types.ts';
import { callStatement, scalarName } from './call.ts';
import { identifier, literal, qualified } from './identifier.ts';
import { insertedCount, mutateStatement } from './mutate.ts';
import { createPrinter, type Printed, type Printer } from './printer.ts';
import { countStatement, resultName, selectStatement } from './read.ts';

export interface PrintedRequest {
  main: Printed;
  /** Asks the planner how many rows there are; its only column is an execution plan as JSON. */
  estimate?: Printed;
  /** The main statement gives an execution plan instead of an answer. */
  explains: boolean;
}

export interface PrintOptions {
  preferences: Preferences;
  /** Limits on the rows of an answer, by the server or by the request. */
  ranged: boolean;
  maxRows?: number;
  /** Checks that must fail the transaction, not only the answer. */
  guards: readonly Guard[];
}

/** What must hold of the number of rows written: exactly one, or at most that many. */
export type Guard = { code: 'PGRST116' | 'PGRST115' } | { code: 'PGRST124'; most: number };

const rowName = 'pgrst_row';

export const printRequest = (plan: Plan, options: PrintOptions): PrintedRequest => {
  const p = createPrinter();
  const text = mainText(p, plan, options);
  const { media } = plan;
  const main = { text: media.kind === 'plan' ? explain(media.format, media.options) + text : text, binds: p.binds };
  const estimated = plan.kind === 'read' && ['planned', 'estimated'].includes(options.preferences.count ?? '');
  return {
    main,
    estimate: estimated ? printEstimate(plan.read) : undefined,
    explains: media.kind === 'plan',
  };
};

const printEstimate = (read: ReadPlan): Printed => {
  const p = createPrinter();
  return { text: explain('json', []) + countStatement(p, read), binds: p.binds };
};

const explain = (format: 'json' | 'text', options: readonly PlanOption[]): string =>
  `EXPLAIN (${[`FORMAT ${format}`, ...options].join(', ').toUpperCase()}) `;

const said =
  "nullif(current_setting('response.headers', true), '') AS headers, " +
  "nullif(current_setting('response.status', true), '') AS status";

const mainText = (p: Printer, plan: Plan, options: PrintOptions): string => {
  switch (plan.kind) {
    case 'read':
      return readText(p, plan, options);
    case 'mutate':
      return mutateText(p, plan, options);
    case 'call':
      return callText(p, plan, options);
  }
};

const readText = (p: Printer, { read, rendering }: Plan, options: PrintOptions): string => {
  const rows = selectStatement(p, read);
  const total = totalText(p, read, options, 'count(*)');
  const body = bodyText(rendering, undefined);
  // Only CSV looks at the rows twice; without a name for them the planner sees through to the table.
  const named = rendering.kind === 'csv';
  const opening = named ? `WITH ${resultName} AS (${rows}) ` : '';
  const from = named ? resultName : `(${rows})`;
  return `${opening}SELECT ${total} AS total, count(*) AS page, ${body} AS body, ${said} FROM ${from} ${rowName}`;
};

/** The number of rows that there would be without ranges, as far as it is asked for. */
const totalText = (
  p: Printer,
  read: ReadPlan,
  { preferences, ranged, maxRows }: PrintOptions,
  page: string,
): string => {
  if (preferences.count !== 'exact' && preferences.count !== 'estimated') return 'null::bigint';
  if (!ranged) return page;
  const counted = countStatement(p, read);
  // One more than the most that is ever shown tells that there are too many to count exactly.
  const enough = preferences.count === 'estimated' && maxRows !== undefined ? ` LIMIT ${maxRows + 1}` : '';
  return `(SELECT count(*) FROM (${counted}${enough}) pgrst_counted)`;
};

const mutateText = (p: Printer, plan: Extract<Plan, { kind: 'mutate' }>, options: PrintOptions): string => {
  const { mutate, rendering, read } = plan;
  const change = mutateStatement(p, mutate);
  const rows = rendering.kind === 'none' ? `SELECT * FROM ${resultName}` : selectStatement(p, read);
  return (
    `WITH ${resultName} AS (${change}) SELECT null AS total, count(*) AS page, ${bodyText(rendering, undefined)} AS body, ` +
    `${said}, ${locationText(mutate, options.preferences)} AS location, ` +
    `${countsInserted(mutate) ? insertedCount : 'null'} AS inserted${guardText(options.guards)} FROM (${rows}) ${rowName}`
  );
};

const countsInserted = (mutate: MutatePlan): boolean =>
  mutate.kind === 'insert' && mutate.conflict?.resolution === 'merge-duplicates';

/** The primary key of the one row inserted, as an object of texts. */
const locationText = (mutate: MutatePlan, { return: asked }: Preferences): string => {
  if (mutate.kind !== 'insert' || asked !== 'headers-only' || mutate.primaryKey.length === 0) return 'null';
  const key = mutate.primaryKey.map((name) => `${literal(name)}, to_json(${identifier(name)})#>>'{}'`).join(', ');
  return `CASE WHEN count(*) = 1 THEN (SELECT json_build_object(${key}) FROM ${resultName} LIMIT 1) END`;
};

/**
 * Fails the statement, and with it the transaction, when the rows are not as many as they must be. There is no RAISE in
 * SQL; a text that is no number carries code and count out of the server in the same round trip.
 */
const guardText = (guards: readonly Guard[]): string =>
  guards
    .map((guard) => {
      const broken = guard.code === 'PGRST124' ? `> ${guard.most}` : '<> 1';
      return `, CASE WHEN count(*) ${broken} THEN ('pgrst guard ${guard.code} ' || count(*))::int END`;
    })
    .join('');

const guardMessage = /"pgrst guard (PGRST\d{3}) (\d+)"/;

/** The guard that an error of PostgreSQL stands for. */
export const brokenGuard = (error: { code?: string; message: string }): { code: string; rows: number } | undefined => {
  if (error.code !== '22P02') return undefined;
  const match = guardMessage.exec(error.message);
  return match === null ? undefined : { code: match[1] ?? '', rows: Number(match[2]) };
};

const callText = (p: Printer, plan: Extract<Plan, { kind: 'call' }>, options: PrintOptions): string => {
  const { call, read, rendering } = plan;
  const { routine } = call;
  const called = callStatement(p, call);
  const rows = selectStatement(p, read);
  const page = routine.returns.set ? 'count(*)' : '1';
  const total = totalText(p, read, options, page);
  const guards = routine.returns.set ? guardText(options.guards) : '';
  return (
    `WITH ${resultName} AS (${called}) SELECT ${total} AS total, ${page} AS page, ` +
    `${bodyText(rendering, routine)} AS body, ${said}${guards} FROM (${rows}) ${rowName}`
  );
};

const bodyText = (rendering: Rendering, routine: Routine | undefined): string => {
  const scalar = routine !== undefined && !routine.returns.composite;
  const row = scalar ? `${rowName}.${scalarName}` : rowName;
  const strip = (json: string, stripped: boolean): string => (stripped ? `json_strip_nulls(${json})` : json);
  switch (rendering.kind) {
    case 'none':
      return 'null';
    case 'object':
      return `coalesce(${strip(`json_agg(${row})->0`, rendering.stripped)}, 'null')`;
    case 'array':
      return routine !== undefined && !routine.returns.set
        ? `coalesce(${strip(`json_agg(${row})->0`, rendering.stripped)}, 'null')`
        : `coalesce(${strip(`json_agg(${row})`, rendering.stripped)}, '[]')`;
    case 'csv':
      return csvText;
    case 'geojson':
      return `json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(ST_AsGeoJSON(${rowName})::json), '[]'))`;
    case 'custom': {
      const { function: render, target } = rendering;
      const argument = scalar || target === undefined ? row : `${row}::${qualified(target)}`;
      return `${qualified(render)}(${argument})`;
    }
  }
};

/** PostgreSQL's text of a row is CSV between parentheses. */
const csvText =
  `(SELECT coalesce(string_agg(pgrst_key, ','), '') FROM json_object_keys(` +
  `(SELECT row_to_json(pgrst_first) FROM ${resultName} pgrst_first LIMIT 1)) pgrst_key) || E'\\n' || ` +
  `coalesce(string_agg(substring(${rowName}::text, 2, length(${rowName}::text) - 2), E'\\n'), '')`;
