/**
 * `or=(last_read_at.gte.last_message_at)`: a value that is the name of a column. The dialect takes it for a constant, which
 * fails for everything but text; where an engine is told to, it then reads the name as the column.
 */
import type { Table } from '../schema/types.ts';
import type { ApiRequest } from './apiRequest.ts';
import type { At, Filter, Logic, Slot } from './types.ts';

const comparisons = new Set(['eq', 'neq', 'gt', 'gte', 'lt', 'lte']);

/** The request with such values read as columns of the table; undefined when there are none. */
export const withColumnOperands = (request: ApiRequest, table: Table): ApiRequest | undefined => {
  const replaced: string[] = [];
  const filter = (term: Filter<Slot>): Filter<Slot> => {
    const { operation } = term;
    if (operation.kind !== 'compare' || operation.quantifier !== undefined || !comparisons.has(operation.operator)) {
      return term;
    }
    const value = request.values[operation.value];
    if (typeof value !== 'string' || !table.columns.has(value)) return term;
    replaced.push(value);
    return { ...term, operation: { kind: 'column', operator: operation.operator, column: value } };
  };
  const logic = (term: Logic<Slot>): Logic<Slot> =>
    term.kind === 'filter' ? filter(term) : { ...term, members: term.members.map(logic) };
  const ofRoot = <T>(terms: readonly At<T>[], change: (item: T) => T): At<T>[] =>
    terms.map((term) => (term.path.length > 0 ? term : { ...term, item: change(term.item) }));
  const { query } = request;
  const changed = { ...query, filters: ofRoot(query.filters, filter), logic: ofRoot(query.logic, logic) };
  if (replaced.length === 0) return undefined;
  return { ...request, query: changed, shape: JSON.stringify([request.shape, replaced]) };
};
