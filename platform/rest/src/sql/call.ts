/** Function calls as SQL. */
import type { CallArguments, CallPlan } from '../plan/types.ts';
import { bodyName, bodyRows } from './body.ts';
import { column, identifier, qualified } from './identifier.ts';
import type { Printer } from './printer.ts';

const callName = 'pgrst_call';
/** Column that holds the value of a function that gives no rows. */
export const scalarName = 'pgrst_scalar';

const variadic = (is: boolean): string => (is ? 'VARIADIC ' : '');

export const callStatement = (p: Printer, { routine, arguments: given, returning }: CallPlan): string => {
  const scalar = !routine.returns.composite;
  const { source, list } = callArguments(p, given);
  const call = `${qualified(routine)}(${list})`;
  const shown = scalar ? [`${callName}.${scalarName}`] : returning.map((name) => column({ alias: callName }, name));
  const rows = scalar ? `(SELECT ${call} ${scalarName}) ${callName}` : `${call} ${callName}`;
  const from = source === undefined ? rows : `${source}, LATERAL ${rows}`;
  return `SELECT ${shown.length === 0 ? '*' : shown.join(', ')} FROM ${from}`;
};

const callArguments = (p: Printer, given: CallArguments): { source?: string; list: string } => {
  switch (given.kind) {
    case 'none':
      return { list: '' };
    case 'body':
      return { list: `${p.param(given.slot)}::${given.type}` };
    case 'named':
      return {
        list: given.values
          .map(({ name, type, variadic: is, slots }) => {
            const value = is ? `${p.param(slots)}::text[]::${type}` : `${p.param(slots[0] ?? 0)}::${type}`;
            return `${variadic(is)}${identifier(name)} := ${value}`;
          })
          .join(', '),
      };
    case 'json':
      return {
        source: bodyRows(p, {
          slot: given.slot,
          columns: given.parameters,
          isObject: given.bodyIsObject,
          applyDefaults: false,
          one: true,
        }),
        list: given.parameters
          .map(({ name, variadic: is }) => `${variadic(is)}${identifier(name)} := ${column({ alias: bodyName }, name)}`)
          .join(', '),
      };
  }
};
