/** Operations on tables and functions. */
import type { Parameter, Routine, Table } from '../schema/types.ts';
import { swaggerFormat, swaggerType, typeSchema } from './definitions.ts';

const parameters = (names: readonly string[]) => names.map((name) => ({ $ref: `#/parameters/${name}` }));

/** The first line of a comment is a summary, the rest a description. */
const words = (comment: string | null): Record<string, string> => {
  if (comment === null) return {};
  const [summary = '', ...rest] = comment.split('\n');
  const description = rest.join('\n').replace(/^\n+/, '');
  return description === '' ? { summary } : { summary, description };
};

export const tablePath = (table: Table): Record<string, unknown> => {
  const { name } = table;
  const common = { tags: [name], ...words(table.description) };
  const filters = [...table.columns.keys()].map((column) => `rowFilter.${name}.${column}`);
  const noContent = { 204: { description: 'No Content' } };
  const get = {
    ...common,
    parameters: parameters([...filters, 'select', 'order', 'range', 'rangeUnit', 'offset', 'limit', 'preferCount']),
    responses: {
      200: { description: 'OK', schema: { type: 'array', items: { $ref: `#/definitions/${name}` } } },
      206: { description: 'Partial Content' },
    },
  };
  if (!table.insertable && !table.updatable && !table.deletable) return { get };
  return {
    get,
    post: {
      ...common,
      parameters: parameters([`body.${name}`, 'select', 'preferPost']),
      responses: { 201: { description: 'Created' } },
    },
    delete: { ...common, parameters: parameters([...filters, 'preferReturn']), responses: noContent },
    patch: {
      ...common,
      parameters: parameters([...filters, `body.${name}`, 'preferReturn']),
      responses: noContent,
    },
  };
};

export const routinePath = (routine: Routine): Record<string, unknown> => {
  const common = {
    tags: [`(rpc) ${routine.name}`],
    ...words(routine.description),
    produces: [
      'application/json',
      'application/vnd.pgrst.object+json;nulls=stripped',
      'application/vnd.pgrst.object+json',
    ],
    responses: { 200: { description: 'OK' } },
  };
  const post = {
    ...common,
    parameters: [
      { required: true, schema: bodySchema(routine), in: 'body', name: 'args' },
      ...parameters(['preferParams']),
    ],
  };
  if (routine.volatility === 'volatile') return { post };
  return { get: { ...common, parameters: routine.parameters.map(queryParameter) }, post };
};

const bodySchema = ({ description, parameters: all }: Routine): Record<string, unknown> => {
  const required = all.filter((parameter) => parameter.required).map(({ name }) => name);
  return {
    ...(description === null ? {} : { description }),
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(all.map(({ name, type }) => [name, typeSchema(type)])),
    type: 'object',
  };
};

const queryParameter = ({ name, type, required, variadic }: Parameter): Record<string, unknown> => {
  const common = { name, required, in: 'query' };
  if (variadic) {
    const of = type.slice(0, -2);
    const items = { type: swaggerType(of), format: swaggerFormat(of) };
    return { ...common, type: 'array', collectionFormat: 'multi', items };
  }
  const shown = swaggerType(type);
  return { ...common, type: shown === undefined || shown === 'array' ? 'string' : shown, format: swaggerFormat(type) };
};
