/** The grammar of `order=`. */
import { dot, field, fieldName, lexeme } from './grammar.ts';
import {
  after,
  attempt,
  between,
  char,
  choice,
  eof,
  lookAhead,
  map,
  optional,
  type Parser,
  separated1,
  sequence,
  string,
} from './parser.ts';
import type { Direction, Field, Nulls, OrderTerm } from './types.ts';

const word = <W extends string>(text: W): Parser<W> => attempt(map(after(dot, string(text)), () => text));

const direction = choice<Direction>(word('asc'), word('desc'));
const nulls = choice<Nulls>(word('nullsfirst'), word('nullslast'));
const termEnd = choice<unknown>(attempt(lookAhead(char(','))), attempt<unknown>(eof));

const term = (target: Parser<{ field: Field; relation?: string }>): Parser<OrderTerm> =>
  sequence((take) => {
    const on = take(target);
    const way = take(optional(direction));
    const emptiness = take(optional(nulls));
    take(termEnd);
    return { ...on, direction: way, nulls: emptiness };
  });

const ownColumn = map(field, (of) => ({ field: of }));
const relatedColumn = sequence((take) => {
  const relation = take(fieldName);
  return { relation, field: take(between(char('('), char(')'), field)) };
});

export const orderTerms: Parser<OrderTerm[]> = separated1(
  lexeme(choice(attempt(term(relatedColumn)), term(ownColumn))),
  char(','),
);
