/** OPTIONS: which methods a resource takes. */
import { findRoutine } from '../plan/callPlan.ts';
import { findTable } from '../plan/plan.ts';
import type { Action, ApiRequest } from '../request/apiRequest.ts';
import type { SchemaCache } from '../schema/types.ts';
import { type Answer, answer } from './answer.ts';

/** Throws RestError for what does not exist. */
export const allowed = (
  request: ApiRequest,
  of: Extract<Action, { kind: 'options' }>['of'],
  cache: SchemaCache,
): Answer => {
  const methods =
    of === 'root'
      ? 'OPTIONS,GET,HEAD'
      : 'table' in of
        ? ofTable(request, of.table, cache)
        : ofFunction(request, of.function, cache);
  return answer(200, { allow: methods, 'access-control-allow-origin': '*' });
};

const ofTable = ({ schema }: ApiRequest, name: string, cache: SchemaCache): string => {
  const table = findTable(cache, { schema, name });
  const methods = ['OPTIONS,GET,HEAD'];
  if (table.insertable) methods.push('POST');
  if (table.insertable && table.updatable && table.primaryKey.length > 0) methods.push('PUT');
  if (table.updatable) methods.push('PATCH');
  if (table.deletable) methods.push('DELETE');
  return methods.join(',');
};

const ofFunction = (request: ApiRequest, name: string, cache: SchemaCache): string =>
  findRoutine(request, cache, name).volatility === 'volatile' ? 'OPTIONS,POST' : 'OPTIONS,GET,HEAD,POST';
