/**
 * A small parser-combinator core for the query grammar.
 *
 * The error reports of the dialect ("unexpected "x" expecting ...") follow Parsec's rules for which expectations
 * survive: a parser that consumed input hides what was expected before it, one that did not merges with it. Clients
 * and their test-suites compare those sentences, so the rules are kept here rather than approximated.
 * Rules: https://hackage.haskell.org/package/parsec, modules Text.Parsec.Prim and Text.Parsec.Error.
 */

import { describe, type Failure, type Message, place, show, showCharacter } from './parseReport.ts';

/** What a parser returns instead of a value when it does not match. */
export const FAIL: unique symbol = Symbol('parse failure');

export interface ParserState {
  readonly input: string;
  at: number;
  /** Set by every parser on return: did it move forward. */
  consumed: boolean;
  /** Set by every parser on return: what it would have liked to see at `failure.at`. */
  failure: Failure | undefined;
}

export type Parser<T> = (state: ParserState) => T | typeof FAIL;

const merge = (first: Failure | undefined, second: Failure | undefined): Failure | undefined => {
  if (first === undefined || first.messages.length === 0) return second ?? first;
  if (second === undefined || second.messages.length === 0) return first;
  if (first.at !== second.at) return first.at > second.at ? first : second;
  return { at: first.at, messages: [...first.messages, ...second.messages] };
};

const failed = (state: ParserState, failure: Failure | undefined, consumed: boolean): typeof FAIL => {
  state.consumed = consumed;
  state.failure = failure;
  return FAIL;
};

const matched = <T>(state: ParserState, value: T, consumed: boolean): T => {
  state.consumed = consumed;
  state.failure = undefined;
  return value;
};

const characterAt = (state: ParserState): string => {
  const code = state.input.codePointAt(state.at);
  return code === undefined ? '' : String.fromCodePoint(code);
};

const foundHere = (state: ParserState): Failure => {
  const c = characterAt(state);
  return { at: state.at, messages: [{ kind: 'found', text: c === '' ? '' : show(c) }] };
};

/** One character that `accepts`. */
export const satisfy =
  (accepts: (character: string) => boolean): Parser<string> =>
  (state) => {
    const c = characterAt(state);
    if (c === '' || !accepts(c)) return failed(state, foundHere(state), false);
    state.at += c.length;
    return matched(state, c, true);
  };

/** Names what `parser` stands for in error reports. */
export const label =
  <T>(parser: Parser<T>, name: string): Parser<T> =>
  (state) => {
    const value = parser(state);
    if (!state.consumed && (state.failure !== undefined || value === FAIL)) {
      const messages = state.failure?.messages.filter((m) => m.kind !== 'expected') ?? [];
      state.failure = { at: state.failure?.at ?? state.at, messages: [...messages, { kind: 'expected', text: name }] };
    }
    return value;
  };

export const char = (c: string): Parser<string> =>
  label(
    satisfy((x) => x === c),
    show(c),
  );
export const oneOf = (characters: string): Parser<string> => satisfy((c) => characters.includes(c));
export const noneOf = (characters: string): Parser<string> => satisfy((c) => !characters.includes(c));
export const anyChar: Parser<string> = satisfy(() => true);
export const letter: Parser<string> = label(
  satisfy((c) => /\p{L}/u.test(c)),
  'letter',
);
export const digit: Parser<string> = label(
  satisfy((c) => c >= '0' && c <= '9'),
  'digit',
);

/** Exactly `text`. A first matching character counts as consumed, so alternatives need `attempt`. */
export const string =
  (text: string): Parser<string> =>
  (state) => {
    if (state.input.startsWith(text, state.at)) {
      state.at += text.length;
      return matched(state, text, text.length > 0);
    }
    let same = 0;
    while (same < text.length && state.input[state.at + same] === text[same]) same++;
    const found = state.input[state.at + same];
    const messages: Message[] = [
      { kind: 'found', text: found === undefined ? '' : show(found) },
      { kind: 'expected', text: show(text) },
    ];
    return failed(state, { at: state.at, messages }, same > 0);
  };

/** The longest run matched by a sticky character-class expression; same reports as `many(satisfy(...))`. */
export const run =
  (expression: RegExp): Parser<string> =>
  (state) => {
    expression.lastIndex = state.at;
    const text = expression.exec(state.input)?.[0] ?? '';
    state.at += text.length;
    state.consumed = text.length > 0;
    state.failure = foundHere(state);
    return text;
  };

export const succeed =
  <T>(value: T): Parser<T> =>
  (state) =>
    matched(state, value, false);

/** Matches nothing, and says nothing about it. */
export const never: Parser<never> = (state) => failed(state, undefined, false);

/** Thrown by `sequence`'s `take` to leave its body; a constant, as no stack is wanted. */
const ABANDON = Symbol('abandon');

/** Parsers one after the other; `take` runs one and gives its value. */
export const sequence =
  <T>(body: (take: <A>(parser: Parser<A>) => A) => T): Parser<T> =>
  (state) => {
    let consumed = false;
    let failure: Failure | undefined;
    const take = <A>(parser: Parser<A>): A => {
      const value = parser(state);
      failure = state.consumed ? state.failure : merge(failure, state.failure);
      consumed ||= state.consumed;
      if (value === FAIL) throw ABANDON;
      return value;
    };
    try {
      const value = body(take);
      state.consumed = consumed;
      state.failure = failure;
      return value;
    } catch (reason) {
      if (reason !== ABANDON) throw reason;
      return failed(state, failure, consumed);
    }
  };

export const map = <A, B>(parser: Parser<A>, change: (value: A) => B): Parser<B> =>
  sequence((take) => change(take(parser)));

/** The first alternative that matches; one that fails after consuming ends the search. */
export const choice =
  <T>(...alternatives: Parser<T>[]): Parser<T> =>
  (state) => {
    let failure: Failure | undefined;
    for (const alternative of alternatives) {
      const value = alternative(state);
      if (state.consumed) return value;
      failure = merge(failure, state.failure);
      state.failure = failure;
      if (value !== FAIL) return value;
    }
    return failed(state, failure, false);
  };

/** Runs `parser`, and on failure pretends that it consumed nothing. */
export const attempt =
  <T>(parser: Parser<T>): Parser<T> =>
  (state) => {
    const start = state.at;
    const value = parser(state);
    if (value === FAIL) {
      state.at = start;
      state.consumed = false;
    }
    return value;
  };

export const lookAhead =
  <T>(parser: Parser<T>): Parser<T> =>
  (state) => {
    const start = state.at;
    const value = parser(state);
    if (value === FAIL) return FAIL;
    state.at = start;
    return matched(state, value, false);
  };

export const notFollowedBy =
  (parser: Parser<string>): Parser<undefined> =>
  (state) => {
    const start = state.at;
    const value = parser(state);
    if (value === FAIL) {
      const failure = state.failure;
      state.at = start;
      state.consumed = false;
      state.failure = failure;
      return undefined;
    }
    const at = state.at;
    state.at = start;
    return failed(state, { at, messages: [{ kind: 'unexpected', text: `'${showCharacter(value)}'` }] }, false);
  };

export const eof: Parser<undefined> = label((state: ParserState) => {
  const c = characterAt(state);
  if (c === '') return matched(state, undefined, false);
  return failed(state, { at: state.at, messages: [{ kind: 'unexpected', text: `'${showCharacter(c)}'` }] }, false);
}, 'end of input');

export const many =
  <T>(parser: Parser<T>): Parser<T[]> =>
  (state) => {
    const values: T[] = [];
    for (;;) {
      const value = parser(state);
      if (value !== FAIL && state.consumed) {
        values.push(value);
        continue;
      }
      if (state.consumed) return FAIL;
      state.consumed = values.length > 0;
      return values;
    }
  };

export const many1 = <T>(parser: Parser<T>): Parser<T[]> =>
  sequence((take) => {
    const first = take(parser);
    return [first, ...take(many(parser))];
  });

export const option = <T>(parser: Parser<T>, otherwise: T): Parser<T> => choice(parser, succeed(otherwise));

export const optional = <T>(parser: Parser<T>): Parser<T | undefined> =>
  choice<T | undefined>(parser, succeed(undefined));

export const separated1 = <T>(parser: Parser<T>, separator: Parser<unknown>): Parser<T[]> =>
  sequence((take) => {
    const first = take(parser);
    const next = sequence((inner) => {
      inner(separator);
      return inner(parser);
    });
    return [first, ...take(many(next))];
  });

export const separated = <T>(parser: Parser<T>, separator: Parser<unknown>): Parser<T[]> =>
  choice(separated1(parser, separator), succeed<T[]>([]));

export const between = <T>(open: Parser<unknown>, close: Parser<unknown>, parser: Parser<T>): Parser<T> =>
  sequence((take) => {
    take(open);
    const value = take(parser);
    take(close);
    return value;
  });

export const before = <T>(parser: Parser<T>, end: Parser<unknown>): Parser<T> =>
  sequence((take) => {
    const value = take(parser);
    take(end);
    return value;
  });

export const after = <T>(start: Parser<unknown>, parser: Parser<T>): Parser<T> =>
  sequence((take) => {
    take(start);
    return take(parser);
  });

/** A parser that refers to itself. */
export const lazy =
  <T>(make: () => Parser<T>): Parser<T> =>
  (state) =>
    make()(state);

export interface ParseReport {
  /** `"<title>" (line 1, column 7)` */
  message: string;
  /** `unexpected "x" expecting digit or end of input` */
  details: string;
}
export type ParseResult<T> = { ok: true; value: T } | { ok: false; report: ParseReport };

/** Runs `parser` on the start of `input` (as the dialect does, what follows is not looked at unless `eof` asks). */
export const parse = <T>(parser: Parser<T>, input: string, title: string): ParseResult<T> => {
  const state: ParserState = { input, at: 0, consumed: false, failure: undefined };
  const value = parser(state);
  if (value !== FAIL) return { ok: true, value };
  const failure = state.failure ?? { at: state.at, messages: [] };
  return {
    ok: false,
    report: { message: `"${title}" ${place(input, failure.at)}`, details: describe(failure.messages) },
  };
};
