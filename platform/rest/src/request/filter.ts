/** The grammar of filters (`column=op.value`) and of `and`/`or` trees. */
import { dot, field, fieldName, identifier, lexeme, quoted } from './grammar.ts';
import {
  attempt,
  before,
  between,
  char,
  choice,
  label,
  lazy,
  map,
  noneOf,
  notFollowedBy,
  optional,
  type Parser,
  run,
  satisfy,
  separated1,
  sequence,
  string,
  succeed,
} from './parser.ts';
import type {
  FtsOperator,
  IsValue,
  Logic,
  Operation,
  PlainOperator,
  QuantifiableOperator,
  Quantifier,
} from './types.ts';

/** A parsed operator with its written operand; lists are not flattened yet. */
export type WrittenOperation = Operation<string | string[]>;
export interface WrittenCondition {
  negated: boolean;
  operation: WrittenOperation;
}

const operators = <W extends string>(...words: W[]): Parser<W> =>
  label(choice(...words.map((w) => attempt(map(string(w), () => w)))), 'unknown single value operator');

const plainOperator = operators<PlainOperator>('neq', 'cs', 'cd', 'ov', 'sl', 'sr', 'nxr', 'nxl', 'adj');
// Longer names first where one begins with the other.
const quantifiableOperator = operators<QuantifiableOperator>(
  'eq',
  'gte',
  'gt',
  'lte',
  'lt',
  'like',
  'ilike',
  'match',
  'imatch',
);
const ftsOperator = choice<FtsOperator>(
  attempt(map(string('fts'), () => 'fts' as const)),
  attempt(map(string('plfts'), () => 'plfts' as const)),
  attempt(map(string('phfts'), () => 'phfts' as const)),
  attempt(map(string('wfts'), () => 'wfts' as const)),
);

const anyCase = (text: string): Parser<string> =>
  map(
    sequence((take) => {
      for (const c of text) take(satisfy((x) => x === c || x === c.toUpperCase()));
    }),
    () => text,
  );
const isWord = <W extends IsValue>(text: W): Parser<IsValue> => attempt(map(anyCase(text), () => text));
const isValue: Parser<IsValue> = label(
  choice<IsValue>(isWord('null'), isWord('not_null'), isWord('true'), isWord('false'), isWord('unknown')),
  'isVal: (null, not_null, true, false, unknown)',
);

const listEnd = notFollowedBy(noneOf(',)'));
const unquotedElement = run(/[^,)]*/y);
const listElement = choice(attempt(before(quoted, listEnd)), unquotedElement);
const list: Parser<string[]> = sequence((take) => {
  take(lexeme(char('(')));
  const elements = take(separated1(listElement, char(',')));
  take(lexeme(char(')')));
  return elements;
});

const quantifier = optional(
  attempt(
    between(
      char('('),
      char(')'),
      choice<Quantifier>(
        attempt(map(string('any'), () => 'any' as const)),
        map(string('all'), () => 'all' as const),
      ),
    ),
  ),
);
const language = optional(attempt(between(char('('), char(')'), identifier)));

const operation = (value: Parser<string>): Parser<WrittenOperation> =>
  label(
    choice<WrittenOperation>(
      sequence((take) => {
        take(attempt(before(string('in'), dot)));
        return { kind: 'in', value: take(list) };
      }),
      sequence((take) => {
        take(attempt(before(string('is'), dot)));
        return { kind: 'is', value: take(isValue) };
      }),
      sequence((take) => {
        take(attempt(before(string('isdistinct'), dot)));
        return { kind: 'isdistinct', value: take(value) };
      }),
      attempt(
        sequence((take) => {
          const operator = take(ftsOperator);
          const of = take(language);
          take(dot);
          return { kind: 'fts', operator, language: of, value: take(value) };
        }),
      ),
      attempt(
        sequence((take) => {
          const operator = take(plainOperator);
          take(dot);
          return { kind: 'compare', operator, value: take(value) };
        }),
      ),
      attempt(
        sequence((take) => {
          const operator = take(quantifiableOperator);
          const every = take(quantifier);
          take(dot);
          return { kind: 'compare', operator, quantifier: every, value: take(value) };
        }),
      ),
    ),
    'operator (eq, gt, ...)',
  );

const negation = choice(attempt(map(before(string('not'), dot), () => true)), succeed(false));

const condition = (value: Parser<string>): Parser<WrittenCondition> => {
  const of = operation(value);
  return sequence((take) => ({ negated: take(negation), operation: take(of) }));
};

const restOfInput = run(/[\s\S]*/y);
/** `not.eq.value`, the value reaching to the end. */
export const filterCondition: Parser<WrittenCondition> = condition(restOfInput);

/** Same, but a value that is no condition at all gives `undefined`: then it is a function's argument. */
export const filterOrArgument: Parser<WrittenCondition | undefined> = optional(filterCondition);

const arrayLiteral = sequence((take) => take(string('{')) + take(run(/[^{}]*/y)) + take(string('}')));
const logicValue = choice(attempt(before(quoted, listEnd)), attempt(arrayLiteral), unquotedElement);
const logicCondition = condition(logicValue);

const logicFilter: Parser<Logic<string | string[]>> = sequence((take) => {
  const on = take(field);
  take(dot);
  return { kind: 'filter', field: on, ...take(logicCondition) };
});
const logicNegation = label(negation, 'negation operator (not)');
const logicOperator = label(
  choice<'and' | 'or'>(
    attempt(map(string('and'), () => 'and' as const)),
    map(string('or'), () => 'or' as const),
  ),
  'logic operator (and, or)',
);
const logicMembers = lazy(() =>
  sequence((take) => {
    take(lexeme(char('(')));
    const members = take(separated1(logicTree, lexeme(char(','))));
    take(lexeme(char(')')));
    return members;
  }),
);

/** `and(a.eq.1,not.or(b.gt.2,c.is.null))` */
export const logicTree: Parser<Logic<string | string[]>> = choice<Logic<string | string[]>>(
  attempt(logicFilter),
  sequence((take) => {
    const negated = take(logicNegation);
    const operator = take(logicOperator);
    return { kind: 'group', negated, operator, members: take(logicMembers) };
  }),
);

/** `embed.not.or` -> the way to the level, and the operator as `logicTree` wants it (`not.or`). */
export const logicPath: Parser<{ path: string[]; operator: string }> = map(separated1(fieldName, dot), (names) => {
  const operator = names.at(-1) ?? '';
  return {
    path: names.slice(0, -1).filter((name) => name !== 'not'),
    operator: names.includes('not') ? `not.${operator}` : operator,
  };
});
