/** Takes the values out of parsed conditions, and tells what is left of a condition without its value. */
import type { WrittenCondition } from './filter.ts';
import type { WrittenRange } from './range.ts';
import type { Field, Filter, Logic, Operation, Range, Slot } from './types.ts';

type Written = string | string[];
export interface Slots {
  values: (string | Buffer | null)[];
  filter(field: Field, condition: WrittenCondition): Filter<Slot>;
  logic(written: Logic<Written>): Logic<Slot>;
  range(range: WrittenRange): Range;
  take(value: string): Slot;
}

/** Moves values out of what was parsed, in the order in which they come. */
export const createSlots = (): Slots => {
  const values: (string | Buffer | null)[] = [];
  const take = (value: string): Slot => values.push(value) - 1;
  const operation = (written: Operation<Written>): Operation<Slot> => {
    switch (written.kind) {
      case 'is':
      case 'column':
        return written;
      case 'in':
        return { kind: 'in', value: take(arrayLiteral(written.value)) };
      case 'compare': {
        const text = String(written.value);
        const isPattern = written.operator === 'like' || written.operator === 'ilike';
        return { ...written, value: take(isPattern ? text.replaceAll('*', '%') : text) };
      }
      default:
        return { ...written, value: take(String(written.value)) };
    }
  };
  const filter = (field: Field, { negated, operation: written }: WrittenCondition): Filter<Slot> => ({
    kind: 'filter',
    field,
    negated,
    operation: operation(written),
  });
  const logic = (written: Logic<Written>): Logic<Slot> =>
    written.kind === 'filter' ? filter(written.field, written) : { ...written, members: written.members.map(logic) };
  return {
    values,
    filter,
    logic,
    range: ({ limit, offset }) => ({
      limit: limit === undefined ? undefined : take(String(limit)),
      offset: limit === undefined && offset === 0n ? undefined : take(String(offset)),
    }),
    take,
  };
};

/** Everything of a condition but its value. */
export const describeCondition = ({ negated, operation }: WrittenCondition): string => {
  const not = negated ? 'not.' : '';
  switch (operation.kind) {
    case 'is':
      return `${not}is.${operation.value}`;
    case 'compare':
      return `${not}${operation.operator}(${operation.quantifier ?? ''})`;
    case 'fts':
      return `${not}${operation.operator}(${operation.language ?? ''}`;
    default:
      return not + operation.kind;
  }
};

export const describeLogic = (logic: Logic<Written>): string => {
  if (logic.kind === 'filter') return JSON.stringify([logic.field, describeCondition(logic)]);
  return `${logic.negated ? 'not.' : ''}${logic.operator}[${logic.members.map(describeLogic).join(',')}]`;
};

/** An array literal of text, from which PostgreSQL infers the element type. `in.()` is the empty list. */
const arrayLiteral = (value: Written): string => {
  const elements = Array.isArray(value) ? value : [value];
  if (elements.length === 1 && elements[0] === '') return '{}';
  return `{${elements.map((element) => `"${element.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
};
