/** Which function a call means, and how its arguments get there. */
import { ambiguousFunction, noFunction, type UnnamedParameter } from '../errors.ts';
import type { ApiRequest } from '../request/apiRequest.ts';
import { nearest } from '../schema/nearMiss.ts';
import { keyOf, type Parameter, type QualifiedName, type Routine, type SchemaCache } from '../schema/types.ts';
import { neededColumns } from './readPlan.ts';
import type { CallArguments, CallPlan, PlannedLogic, ReadPlan } from './types.ts';

/** Names of the arguments given, sorted, each once. */
export const argumentNames = ({ payload, arguments: given }: ApiRequest): string[] => {
  const names = payload?.kind === 'json' ? payload.keys : given.map(({ name }) => name);
  return [...new Set(names)].sort();
};

/** What a body could fill when the function has one parameter without a name. */
const unnamedType = ({ action, contentType }: ApiRequest): UnnamedParameter | undefined => {
  if (action.kind !== 'call' || action.by !== 'post') return undefined;
  switch (contentType.kind) {
    case 'json':
      return 'json';
    case 'text':
      return 'text';
    case 'xml':
      return 'xml';
    case 'bytes':
      return 'bytea';
    default:
      return undefined;
  }
};

/** Throws PGRST202 when no overload fits and PGRST203 when several do. */
export const findRoutine = (request: ApiRequest, cache: SchemaCache, name: string): Routine => {
  const { schema } = request;
  const overloads = cache.routines.get(keyOf({ schema, name })) ?? [];
  const given = argumentNames(request);
  const unnamed = unnamedType(request);
  const named = overloads.filter((routine) => fits(routine, given, unnamed));
  const found = named.length > 0 ? named : overloads.filter((routine) => takesBody(routine, unnamed));
  const [only, ...others] = found;
  if (only === undefined) {
    throw noFunction({ schema, name, parameters: given, unnamed, suggestion: suggest(cache, { schema, name }, given) });
  }
  if (others.length > 0) throw ambiguousFunction(found.map(signature));
  return only;
};

const fits = ({ parameters }: Routine, given: readonly string[], unnamed: UnnamedParameter | undefined): boolean => {
  // A body of text, xml or bytes is an argument itself.
  if (parameters.length === 0) return given.length === 0 && (unnamed === undefined || unnamed === 'json');
  const known = new Set(parameters.map((parameter) => parameter.name));
  const required = parameters.filter((parameter) => parameter.required);
  return given.every((name) => known.has(name)) && required.every((parameter) => given.includes(parameter.name));
};

const takesBody = ({ parameters }: Routine, unnamed: UnnamedParameter | undefined): boolean => {
  const [only, ...others] = parameters;
  if (only === undefined || others.length > 0 || only.name !== '' || unnamed === undefined) return false;
  return only.type === unnamed || (unnamed === 'json' && only.type === 'jsonb');
};

const signature = ({ schema, name, parameters }: Routine): string =>
  `${schema}.${name}(${parameters.map((parameter) => `${parameter.name} => ${parameter.type}`).join(', ')})`;

/** A function of a similar name, or an overload with similar parameters. */
const suggest = (cache: SchemaCache, wanted: QualifiedName, given: readonly string[]): string | undefined => {
  const { schema, name } = wanted;
  const written = (names: readonly string[]): string => `(${[...names].sort().join(', ')})`;
  const overloads = cache.routines.get(keyOf(wanted));
  if (overloads === undefined) {
    const names = new Set([...cache.routines.values()].flatMap(([r]) => (r?.schema === schema ? [r.name] : [])));
    const near = nearest(name, names, 0.75);
    return near === undefined ? undefined : `Perhaps you meant to call the function ${schema}.${near}`;
  }
  const near = nearest(
    written(given),
    overloads.map(({ parameters }) => written(parameters.map((p) => p.name))),
  );
  return near === undefined ? undefined : `Perhaps you meant to call the function ${schema}.${name}${near}`;
};

/** The table whose rows a function gives, so that they can be embedded; otherwise a name that no table has to have. */
export const resultTable = ({ schema, name, returns }: Routine): QualifiedName =>
  returns.composite && returns.type.schema !== 'pg_catalog' ? { schema, name: returns.type.name } : { schema, name };

export const planCall = (request: ApiRequest, routine: Routine, read: ReadPlan): CallPlan => {
  const needed = neededColumns(read, []);
  const filtered = needed.includes('*') ? [] : read.where.flatMap(namesIn);
  return {
    kind: 'call',
    routine,
    arguments: argumentsOf(request, routine),
    returning: [...new Set([...needed, ...filtered])].sort(),
  };
};

const namesIn = (logic: PlannedLogic): string[] => {
  if (logic.kind === 'group') return logic.members.flatMap(namesIn);
  return logic.kind === 'filter' ? [logic.field.name] : [];
};

const argumentsOf = (request: ApiRequest, { parameters }: Routine): CallArguments => {
  const { payload, body } = request;
  const [only, ...others] = parameters;
  if (only !== undefined && others.length === 0 && only.name === '') {
    return body === undefined ? { kind: 'none' } : { kind: 'body', type: only.type, slot: body };
  }
  const given = new Set(argumentNames(request));
  const named = parameters.filter(({ name }) => given.has(name)).map(callable);
  if (named.length === 0) return { kind: 'none' };
  if (payload?.kind === 'json' && body !== undefined) {
    return { kind: 'json', slot: body, bodyIsObject: payload.isObject, parameters: named };
  }
  return {
    kind: 'named',
    values: named.map((parameter) => {
      const slots = request.arguments.flatMap(({ name, value }) => (name === parameter.name ? [value] : []));
      // Of a repeated argument only a variadic parameter takes all; otherwise the last one counts.
      return { ...parameter, slots: parameter.variadic ? slots : slots.slice(-1) };
    }),
  };
};

const callable = ({ name, looseType, variadic }: Parameter) => ({ name, type: looseType, variadic });
