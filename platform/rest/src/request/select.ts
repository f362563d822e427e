/** The grammar of `select=`. */
import { field, fieldName, identifier, lexeme } from './grammar.ts';
import {
  after,
  attempt,
  before,
  between,
  char,
  choice,
  eof,
  lazy,
  lookAhead,
  map,
  never,
  notFollowedBy,
  optional,
  type Parser,
  separated,
  sequence,
  string,
  succeed,
} from './parser.ts';
import type { Aggregate, Join, SelectField, SelectItem } from './types.ts';

const alias = optional(attempt(before(fieldName, before(char(':'), notFollowedBy(char(':'))))));
const cast = optional(after(string('::'), identifier));

type EmbedParameter = { join: Join } | { hint: string };
const embedParameter: Parser<EmbedParameter> = after(
  char('!'),
  choice<EmbedParameter>(
    attempt(map(string('left'), () => ({ join: 'left' as const }))),
    attempt(map(string('inner'), () => ({ join: 'inner' as const }))),
    attempt(map(fieldName, (hint) => ({ hint }))),
  ),
);

/** Up to two of `!hint`, `!inner`, `!left`, in any order; the first of a kind counts. */
const embedParameters = sequence((take) => {
  const result: { hint?: string; join?: Join } = {};
  for (const parameter of [take(optional(embedParameter)), take(optional(embedParameter))]) {
    if (parameter !== undefined && 'hint' in parameter) result.hint ??= parameter.hint;
    if (parameter !== undefined && 'join' in parameter) result.join ??= parameter.join;
  }
  return result;
});

const opening = attempt(lookAhead(string('(')));
const children = lazy((): Parser<SelectItem[]> => between(char('('), char(')'), selectItems));

const relation = lexeme(
  sequence((take) => {
    const as = take(alias);
    const name = take(fieldName);
    // `count(...)` is the aggregate, never a resource.
    take(name === 'count' ? never : succeed(undefined));
    const parameters = take(embedParameters);
    take(opening);
    return { kind: 'relation' as const, name, alias: as, ...parameters };
  }),
);

const spread = lexeme(
  sequence((take) => {
    take(string('...'));
    const name = take(fieldName);
    const parameters = take(embedParameters);
    take(opening);
    return { kind: 'spread' as const, name, ...parameters };
  }),
);

const itemEnd = choice<unknown>(
  attempt(lookAhead(string(')'))),
  attempt(lookAhead(string(','))),
  attempt<unknown>(eof),
);

const aggregateName: Parser<Aggregate> = choice<Aggregate>(
  map(string('sum'), () => 'sum' as const),
  map(string('avg'), () => 'avg' as const),
  map(string('count'), () => 'count' as const),
  attempt(map(string('max'), () => 'max' as const)),
  attempt(map(string('min'), () => 'min' as const)),
);

const star = sequence((take): SelectField => {
  take(string('*'));
  take(itemEnd);
  return { kind: 'field', field: { name: '*', path: [] } };
});

const countRows = sequence((take): SelectField => {
  const as = take(alias);
  take(string('count()'));
  const aggregateCast = take(cast);
  take(itemEnd);
  return { kind: 'field', field: { name: '*', path: [] }, aggregate: 'count', aggregateCast, alias: as };
});

const column = sequence((take): SelectField => {
  const as = take(alias);
  const of = take(field);
  const valueCast = take(cast);
  const aggregate = take(optional(attempt(after(char('.'), before(aggregateName, string('()'))))));
  const aggregateCast = take(cast);
  take(itemEnd);
  return { kind: 'field', field: of, cast: valueCast, aggregate, aggregateCast, alias: as };
});

const fieldItem: Parser<SelectField> = lexeme(choice(attempt(star), attempt(countRows), column));

const item: Parser<SelectItem> = choice<SelectItem>(
  sequence((take) => ({ ...take(attempt(spread)), children: take(children) })),
  sequence((take) => ({ ...take(attempt(relation)), children: take(children) })),
  fieldItem,
);

export const selectItems: Parser<SelectItem[]> = separated(item, lexeme(char(',')));
