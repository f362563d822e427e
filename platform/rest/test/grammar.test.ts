import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RestError } from '../src/errors.ts';
import { fastCondition } from '../src/request/fastCondition.ts';
import { filterCondition } from '../src/request/filter.ts';
import { jsonPath } from '../src/request/grammar.ts';
import { orderTerms } from '../src/request/order.ts';
import { type Parser, parse } from '../src/request/parser.ts';
import { createQueryParser } from '../src/request/query.ts';
import { queryPairs } from '../src/request/urlEncoding.ts';
import { typeName } from '../src/sql/identifier.ts';

const reportOf = (parser: Parser<unknown>, input: string): string => {
  const result = parse(parser, input, 't');
  return result.ok ? 'ok' : `${result.report.message.slice(4)} ${result.report.details}`;
};

describe('what the parser says about mistakes', () => {
  const queries = createQueryParser();
  const said = (query: string): string => {
    try {
      queries.parse(queryPairs(query));
      return 'ok';
    } catch (error) {
      return error instanceof RestError ? `${error.message.replace(/^".*" /, '')} ${error.details}` : String(error);
    }
  };
  test.each([
    ['id=val', '(line 1, column 1) unexpected "v" expecting "not" or operator (eq, gt, ...)'],
    ['id=fts().x', '(line 1, column 5) unexpected ")" expecting operator (eq, gt, ...)'],
    ['id=is().x', '(line 1, column 3) unexpected "(" expecting operator (eq, gt, ...)'],
    [
      'select=id,a(name[])',
      `(line 1, column 10) unexpected '[' expecting letter, digit, "-", "->>", "->", "::", ".", ")", "," or end of input`,
    ],
    ['select=data->>-78xy', `(line 1, column 11) unexpected 'x' expecting digit, "->", "::", ".", "," or end of input`],
    ['select=name::', '(line 1, column 7) unexpected end of input expecting letter or digit'],
    [
      'or=()',
      '(line 1, column 4) unexpected ")" expecting field name (* or [a..z0..9_$]), negation operator (not) or logic operator (and, or)',
    ],
    ['or=(id.in.1,2,id.eq.3)', '(line 1, column 10) unexpected "1" expecting "("'],
    ['and=(ord(id.eq.1))', '(line 1, column 7) unexpected "d" expecting "("'],
    ['or=(a.eq.1,not.xor(b.eq.2))', '(line 1, column 15) unexpected "x" expecting logic operator (and, or)'],
  ])('%s', (query, report) => {
    expect(said(query)).toBe(report);
  });
  test.each([
    ['id.ac', '(line 1, column 4) unexpected "c" expecting "asc", "desc", "nullsfirst" or "nullslast"'],
    ['id.descc', `(line 1, column 8) unexpected 'c' expecting delimiter (.), "," or end of input`],
    ['id.asc.nlsfst', '(line 1, column 8) unexpected "l" expecting "nullsfirst" or "nullslast"'],
    [
      'clients(name,id)',
      `(line 1, column 8) unexpected '(' expecting letter, digit, "-", "->>", "->", delimiter (.), "," or end of input`,
    ],
  ])('order=%s', (order, report) => {
    expect(reportOf(orderTerms, order)).toBe(report);
  });
  test('json paths', () => {
    expect(reportOf(jsonPath, '->>--34')).toBe('(line 1, column 5) unexpected "-" expecting digit');
    expect(parse(jsonPath, '->!@#$%^&*_a', '')).toEqual({
      ok: true,
      value: [{ arrow: '->', operand: { key: '!@#$%^&*_a' } }],
    });
    expect(parse(jsonPath, '->1->>-2', '')).toEqual({
      ok: true,
      value: [
        { arrow: '->', operand: { index: '+1' } },
        { arrow: '->>', operand: { index: '-2' } },
      ],
    });
  });
});

describe('the short way for common filters', () => {
  const operators =
    'eq neq gt gte lt lte like ilike match imatch cs cd ov sl sr nxr nxl adj in is fts not eq(any) lt(all) nope'.split(
      ' ',
    );
  test('agrees with the grammar', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...operators), { maxLength: 3 }), fc.string(), (words, value) => {
        const text = [...words, value].join('.');
        const fast = fastCondition(text);
        if (fast === undefined) return;
        const slow = parse(filterCondition, text, '');
        expect(slow).toEqual({ ok: true, value: fast });
      }),
      { numRuns: 3000 },
    );
  });
});

describe('any text at all', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.stringMatching(/^[a-z0-9_.,()!:>*"\\{}[\]% -]{0,60}$/),
    fc
      .array(
        fc.constantFrom(
          '(',
          ')',
          ',',
          '.',
          '->',
          '->>',
          '::',
          '!',
          '...',
          ':',
          '*',
          '"',
          'not',
          'and',
          'or',
          'a',
          '1',
          'eq',
          'in',
          'is',
          'inner',
          ' ',
          'count()',
          'sum()',
        ),
        { maxLength: 25 },
      )
      .map((parts) => parts.join('')),
  );
  test('is understood or refused, nothing else', () => {
    const queries = createQueryParser();
    fc.assert(
      fc.property(
        fc.constantFrom('select', 'order', 'id', 'a.b', 'or', 'a.and', 'columns', 'on_conflict', 'limit', 'x.offset'),
        hostile,
        fc.boolean(),
        (name, value, argumentsAllowed) => {
          try {
            queries.parse([{ name, value }], { argumentsAllowed });
          } catch (error) {
            expect(error).toBeInstanceOf(RestError);
          }
        },
      ),
      { numRuns: 5000 },
    );
  });
  test('nested ever so deep is refused', () => {
    const queries = createQueryParser();
    for (const query of [
      `or=${'(and'.repeat(20_000)}`,
      `or=${'(or'.repeat(3000)}(a.eq.1,b.eq.2)${')'.repeat(3000)}`,
      `select=${'a('.repeat(5000)}${')'.repeat(5000)}`,
    ]) {
      expect(() => queries.parse(queryPairs(query))).toThrow(RestError);
    }
  });
  test('shapes tell apart whatever differs but for values', () => {
    const queries = createQueryParser();
    const shape = (query: string) => JSON.stringify(queries.parse(queryPairs(query)).shape);
    expect(shape('id=eq.1&limit=5&or=(a.eq.1,b.in.(1,2))')).toBe(shape('id=eq.2&limit=9&or=(a.eq.x,b.in.(3))'));
    const different = [
      'id=eq.1',
      'id=neq.1',
      'id=not.eq.1',
      'id=eq(any).1',
      'id=fts.1',
      'id=fts(a).1',
      'id=is.null',
      'id=is.true',
      'a.id=eq.1',
      'or=(id.eq.1)',
      'and=(id.eq.1)',
      'a.or=(id.eq.1)',
      'not.or=(id.eq.1)',
      'or=(id.eq.1,id.eq.2)',
      'or=(id->a.eq.1)',
      'select=id',
      'order=id',
      'a.limit=1',
      'a.offset=1',
      'columns=id',
      'on_conflict=id',
    ];
    expect(new Set(different.map(shape)).size).toBe(different.length);
  });
});

test('types are named without letting anything else through', () => {
  expect([
    typeName('Double  Precision'),
    typeName('TEXT'),
    typeName('my type'),
    typeName('int'),
    typeName('int4'),
  ]).toEqual(['double precision', '"text"', '"my type"', 'int', '"int4"']);
});
