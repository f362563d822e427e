/** The lexical parts of the query grammar that select, filters and order share. */
import {
  after,
  anyChar,
  attempt,
  before,
  between,
  char,
  choice,
  digit,
  eof,
  label,
  lookAhead,
  many,
  many1,
  map,
  noneOf,
  notFollowedBy,
  option,
  type Parser,
  run,
  satisfy,
  separated1,
  sequence,
  string,
} from './parser.ts';
import type { Field, JsonStep } from './types.ts';

const blanks = run(/[ \t]*/y);
export const lexeme = <T>(parser: Parser<T>): Parser<T> => between(blanks, blanks, parser);

export const dot: Parser<string> = label(char('.'), 'delimiter (.)');

const quotedCharacter = choice(noneOf('\\"'), after(char('\\'), anyChar));
/** `"any \"text\""` */
export const quoted: Parser<string> = map(between(char('"'), char('"'), many(quotedCharacter)), (all) => all.join(''));

const identifierCharacter = choice(
  label(
    satisfy((c) => /\p{L}/u.test(c)),
    'letter',
  ),
  digit,
  satisfy((c) => '_ $'.includes(c)),
);
/** A run of letters, digits, `_`, `$` and inner blanks. */
export const identifier: Parser<string> = map(many1(identifierCharacter), (all) => all.join('').trim());

const dash = attempt(before(char('-'), notFollowedBy(char('>'))));
const dashed = (part: Parser<string>): Parser<string> => map(separated1(part, dash), (parts) => parts.join('-'));

export const fieldName: Parser<string> = label(choice(quoted, dashed(identifier)), 'field name (* or [a..z0..9_$])');

const jsonKeyPart = map(many1(noneOf('(-:.,>)')), (all) => all.join('').trim());
const jsonKey = label(choice(quoted, dashed(jsonKeyPart)), 'any non reserved character different from: .,>()');

const jsonIndexEnd = choice(
  attempt(lookAhead<unknown>(string('->'))),
  attempt(lookAhead<unknown>(string('::'))),
  attempt(lookAhead<unknown>(string('.'))),
  attempt(lookAhead<unknown>(string(','))),
  attempt<unknown>(eof),
);
const jsonIndex = sequence((take) => {
  const sign = take(option(char('-'), '+'));
  const digits = take(many1(digit));
  take(jsonIndexEnd);
  return sign + digits.join('');
});

const jsonStep: Parser<JsonStep> = sequence((take) => {
  const arrow: '->' | '->>' = take(
    choice<'->' | '->>'>(
      attempt(map(string('->>'), () => '->>' as const)),
      attempt(map(string('->'), () => '->' as const)),
    ),
  );
  const operand = take(
    choice<JsonStep['operand']>(
      attempt(map(jsonIndex, (index) => ({ index }))),
      attempt(map(jsonKey, (key) => ({ key }))),
    ),
  );
  return { arrow, operand };
});
export const jsonPath: Parser<JsonStep[]> = many(jsonStep);

export const field: Parser<Field> = lexeme(
  sequence((take) => ({ name: take(fieldName), path: take(option(jsonPath, [])) })),
);

/** `embed.embed.column->json`: the way to a column of some level. */
export const treePath: Parser<{ path: string[]; field: Field }> = sequence((take) => {
  const names = take(separated1(fieldName, dot));
  const path = take(option(jsonPath, []));
  return { path: names.slice(0, -1), field: { name: names.at(-1) ?? '', path } };
});

/** `a,b,c` as in `columns` and `on_conflict`. */
export const names: Parser<string[]> = separated1(fieldName, lexeme(char(',')));
