/** The common filters without the grammar's machinery, which costs some twenty times as much per value. */
import type { WrittenCondition } from './filter.ts';
import type { PlainOperator, QuantifiableOperator, Quantifier } from './types.ts';

const pattern =
  /^(not\.)?(?:(eq|gte?|lte?|i?like|i?match)(?:\((any|all)\))?|(neq|c[sd]|ov|s[lr]|nx[rl]|adj))\.([\s\S]*)$/;

/** `undefined` for whatever is not one of them, right or wrong: the grammar decides then. */
export const fastCondition = (text: string): WrittenCondition | undefined => {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, not, quantifiable, quantifier, plain, value = ''] = match;
  const operator = quantifiable ?? plain;
  if (operator === undefined || !isOperator(operator)) return undefined;
  return {
    negated: not !== undefined,
    operation: { kind: 'compare', operator, quantifier: isQuantifier(quantifier) ? quantifier : undefined, value },
  };
};

const operators = new Set<string>('eq gte gt lte lt like ilike match imatch neq cs cd ov sl sr nxr nxl adj'.split(' '));
const isOperator = (word: string): word is PlainOperator | QuantifiableOperator => operators.has(word);
const isQuantifier = (word: string | undefined): word is Quantifier => word === 'any' || word === 'all';
