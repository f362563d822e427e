/** From an HTTP request to a typed `ApiRequest`: what is wanted, of what, in which form. Nothing here knows the database. */
import {
  invalidPath,
  methodNotForRpc,
  methodNotSupported,
  putWithRange,
  rootDisabled,
  schemaNotExposed,
} from '../errors.ts';
import { type MediaType, mediaTypeName, parseAccept, parseMediaType } from './mediaType.ts';
import { type Payload, parsePayload } from './payload.ts';
import { type Preferences, parsePreferences } from './preferences.ts';
import type { QueryParser } from './query.ts';
import { isWhole, restrict, topRange, type WrittenRange } from './range.ts';
import type { Argument, Query, Range, Slot } from './types.ts';
import { canonicalQuery, decodeSegment, type Pair, queryPairs } from './urlEncoding.ts';

export type Mutation = 'insert' | 'update' | 'upsert' | 'delete';
export type Action =
  | { kind: 'read'; table: string; headersOnly: boolean }
  | { kind: 'mutate'; table: string; mutation: Mutation }
  | { kind: 'call'; name: string; by: 'get' | 'head' | 'post' }
  | { kind: 'root'; headersOnly: boolean }
  | { kind: 'options'; of: { table: string } | { function: string } | 'root' };

/** What the web server hands over. */
export interface HttpRequest {
  method: string;
  /** Below the mount point, starting with `/`, still percent-encoded. */
  path: string;
  /** Without the leading `?`. */
  query: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer | undefined;
}

export interface RequestRules {
  parser: QueryParser;
  schemas: readonly string[];
  /** Rows of one answer, at most. */
  maxRows?: number;
  allowTx: boolean;
  openApi: boolean;
  /** Function that answers at the root instead of the OpenAPI document. */
  rootFunction?: string;
  /** `table/{id}` means `table?id=eq.{id}`. */
  pathIds?: boolean;
  /** Query parameters that are not part of the query, such as the gateway's `apikey`. */
  ignoredParameters?: ReadonlySet<string>;
}

export interface ApiRequest {
  action: Action;
  schema: string;
  /** The schema was chosen by a profile header, or could have been: the answer names it. */
  namesSchema: boolean;
  query: Query;
  /** Rows of the top level, in slots. */
  range: Range;
  topRange: WrittenRange;
  payload?: Payload;
  preferences: Preferences;
  accept: readonly MediaType[];
  contentType: MediaType;
  /** For `Content-Location`. */
  pairs: readonly Pair[];
  values: (string | Buffer | null)[];
  /** Position of the body in `values`. */
  body?: Slot;
  /** Arguments of a function that did not come as JSON. */
  arguments: readonly Argument[];
  /** Equal for requests that differ in values only. */
  shape: string;
}

const one = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header.join(',') : header;

/** Throws RestError for what cannot be understood. */
export const parseRequest = (http: HttpRequest, rules: RequestRules): ApiRequest => {
  const target = targetOf(http.path, rules);
  const { schema, namesSchema } = schemaOf(http, rules);
  const action = actionOf(target, http.method);
  const pairs = pairsOf(http, rules, target);
  const parsed = rules.parser.parse(pairs, {
    argumentsAllowed: action.kind === 'call' && action.by !== 'post',
    maxRows: rules.maxRows,
  });
  const rangeHeader = http.method === 'GET' ? one(http.headers.range) : undefined;
  const range = topRange(parsed.range, rangeHeader);
  if (http.method === 'PUT' && !isWhole(range)) throw putWithRange();
  const contentType = contentTypeOf(http);
  const preferences = parsePreferences(one(http.headers.prefer), rules.allowTx);
  const accept = acceptOf(http);
  const payload = payloadOf(http, action, contentType, parsed.query);
  const request: ApiRequest = {
    action,
    schema,
    namesSchema,
    query: parsed.query,
    range: {},
    topRange: range,
    payload,
    preferences,
    accept,
    contentType,
    pairs,
    values: parsed.values,
    arguments: parsed.query.arguments,
    shape: '',
  };
  request.range = slotsOf(restrict(range, action.kind === 'mutate' ? undefined : rules.maxRows), request.values);
  takePayload(request, payload);
  request.shape = shapeOf(request, parsed.shape);
  return request;
};

type Target = { table: string; id?: string } | { function: string } | 'root';

const targetOf = (path: string, rules: RequestRules): Target => {
  const segments = path.split('/').filter((segment) => segment !== '');
  const [first, second, ...more] = segments.map(decodeSegment);
  if (first === undefined) {
    if (!rules.openApi) throw rootDisabled();
    return rules.rootFunction === undefined ? 'root' : { function: rules.rootFunction };
  }
  if (more.length > 0) throw invalidPath();
  if (first === 'rpc' && second !== undefined) return { function: second };
  if (second === undefined) return { table: first };
  if (rules.pathIds) return { table: first, id: second };
  throw invalidPath();
};

const pairsOf = (http: HttpRequest, rules: RequestRules, target: Target): Pair[] => {
  const pairs = queryPairs(http.query);
  const ignored = rules.ignoredParameters;
  const kept = ignored === undefined ? pairs : pairs.filter(({ name }) => !ignored.has(name));
  if (typeof target === 'object' && 'id' in target && target.id !== undefined) {
    return [{ name: 'id', value: `eq.${target.id}` }, ...kept];
  }
  return kept;
};

const writes = new Set(['POST', 'PATCH', 'PUT', 'DELETE']);

const schemaOf = (http: HttpRequest, { schemas }: RequestRules): { schema: string; namesSchema: boolean } => {
  const asked = one(http.headers[writes.has(http.method) ? 'content-profile' : 'accept-profile']);
  if (asked === undefined) return { schema: schemas[0] ?? 'public', namesSchema: schemas.length > 1 };
  if (!schemas.includes(asked)) throw schemaNotExposed(asked, schemas);
  return { schema: asked, namesSchema: true };
};

const actionOf = (target: Target, method: string): Action => {
  if (target === 'root') return rootAction(method);
  if ('function' in target) return callAction(target.function, method);
  const { table } = target;
  switch (method) {
    case 'GET':
    case 'HEAD':
      return { kind: 'read', table, headersOnly: method === 'HEAD' };
    case 'POST':
      return { kind: 'mutate', table, mutation: 'insert' };
    case 'PUT':
      return { kind: 'mutate', table, mutation: 'upsert' };
    case 'PATCH':
      return { kind: 'mutate', table, mutation: 'update' };
    case 'DELETE':
      return { kind: 'mutate', table, mutation: 'delete' };
    case 'OPTIONS':
      return { kind: 'options', of: { table } };
    default:
      throw methodNotSupported(method);
  }
};

const rootAction = (method: string): Action => {
  if (method === 'GET' || method === 'HEAD') return { kind: 'root', headersOnly: method === 'HEAD' };
  if (method === 'OPTIONS') return { kind: 'options', of: 'root' };
  throw methodNotSupported(method);
};

const callAction = (name: string, method: string): Action => {
  switch (method) {
    case 'GET':
      return { kind: 'call', name, by: 'get' };
    case 'HEAD':
      return { kind: 'call', name, by: 'head' };
    case 'POST':
      return { kind: 'call', name, by: 'post' };
    case 'OPTIONS':
      return { kind: 'options', of: { function: name } };
    default:
      throw methodNotForRpc(method);
  }
};

const json: MediaType = { kind: 'json' };
const anything: readonly MediaType[] = [{ kind: 'any' }];

const contentTypeOf = ({ headers }: HttpRequest): MediaType => {
  const sent = one(headers['content-type']);
  return sent === undefined || sent === 'application/json' ? json : parseMediaType(sent);
};

const acceptOf = ({ headers }: HttpRequest): readonly MediaType[] => {
  const sent = one(headers.accept);
  return sent === undefined || sent === '*/*' ? anything : parseAccept(sent);
};

const payloadOf = (http: HttpRequest, action: Action, contentType: MediaType, query: Query): Payload | undefined => {
  const target = action.kind === 'call' ? 'function' : 'table';
  const wanted =
    (action.kind === 'mutate' && action.mutation !== 'delete') || (action.kind === 'call' && action.by === 'post');
  if (!wanted) return undefined;
  const columns = action.kind === 'mutate' && action.mutation === 'upsert' ? undefined : query.columns;
  return parsePayload(http.body ?? Buffer.alloc(0), { contentType, target, columns });
};

const slotsOf = (range: WrittenRange, values: (string | Buffer | null)[]): Range => {
  if (isWhole(range)) return {};
  return {
    limit: range.limit === undefined ? undefined : values.push(String(range.limit)) - 1,
    offset: values.push(String(range.offset)) - 1,
  };
};

const takePayload = (request: ApiRequest, payload: Payload | undefined): void => {
  if (payload?.kind === 'json') request.body = request.values.push(payload.text) - 1;
  if (payload?.kind === 'raw') request.body = request.values.push(payload.body) - 1;
  if (payload?.kind === 'form') {
    request.arguments = payload.pairs.map(({ name, value }) => ({ name, value: request.values.push(value) - 1 }));
  }
};

/** Injective over everything that the plan and the printed SQL depend on, values excepted. */
const shapeOf = (r: ApiRequest, query: string[]): string => {
  const { payload, preferences: p } = r;
  return JSON.stringify([
    r.action,
    r.schema,
    query,
    r.range.limit === undefined,
    r.range.offset === undefined,
    payload === undefined ? null : [payload.kind, payload.kind === 'json' && payload.isObject, keysOf(payload)],
    [p.resolution, p.return, p.count, p.missing, p.handling, p.maxAffected !== undefined, p.unknown.length > 0],
    r.accept.map(mediaTypeName),
    mediaTypeName(r.contentType),
  ]);
};

const keysOf = (payload: Payload): readonly string[] =>
  payload.kind === 'json' ? payload.keys : payload.kind === 'form' ? payload.pairs.map(({ name }) => name) : [];

/** The `Content-Location` of a read. */
export const contentLocation = (table: string, pairs: readonly Pair[]): string => {
  const query = canonicalQuery(pairs);
  return `/${table}${query === '' ? '' : `?${query}`}`;
};
