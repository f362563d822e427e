/** Requests as strangers might write them: the grammar over the festival's names, mostly right and sometimes wrong. */
import fc from 'fast-check';

const nasty = fc.constantFrom(
  `'`,
  `"`,
  `\\`,
  `';drop table films;--`,
  `$1`,
  `%00`,
  `\u0000`,
  'é',
  '😀',
  `"`,
  `)`,
  `(`,
  `null`,
  `--`,
  `/*`,
  `x"."y`,
  '[',
  '{',
  '*',
  '->',
  ' ',
);
const word = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      'id',
      'title',
      'year',
      'rating',
      'tags',
      'details',
      'shown',
      'price',
      'name',
      'film_id',
      'director_id',
      'character',
      'a',
      'select',
      'full_title',
      'starts_at',
      'plot',
      'mood',
    ),
  },
  { weight: 1, arbitrary: nasty },
  { weight: 1, arbitrary: fc.string({ maxLength: 8 }) },
);
const quotable = fc.oneof(
  { weight: 4, arbitrary: word },
  { weight: 1, arbitrary: word.map((w) => `"${w.replace(/["\\]/g, '\\$&')}"`) },
);
const path = fc.oneof(
  { weight: 4, arbitrary: quotable },
  {
    weight: 1,
    arbitrary: fc
      .tuple(quotable, fc.constantFrom('->', '->>'), fc.oneof(quotable, fc.integer().map(String)))
      .map((parts) => parts.join('')),
  },
);
const target = fc.constantFrom(
  'directors',
  'roles',
  'actors',
  'specs',
  'films',
  'screenings',
  'venues!venue_id',
  'staff',
  'venues',
  'main_venue',
  'director_id',
  'nope',
  '"odd"',
);
const operand = fc.oneof(
  fc.constantFrom(
    '1',
    '-1',
    'x',
    '{a,b}',
    '{}',
    '(1,2)',
    '("a","b")',
    '[1,2]',
    '[2026-01-01,)',
    '{"lang":"fr"}',
    'null',
    'true',
    '',
    '*a*',
    "a & b | c'",
    '99999999999999999999',
    '\\',
    '{"',
    '((',
    '1e400',
    'NaN',
    '(*',
  ),
  nasty,
  fc.string({ maxLength: 10 }),
);
const operator = fc.constantFrom(
  'eq',
  'neq',
  'gt',
  'lte',
  'like',
  'ilike',
  'match',
  'imatch',
  'in',
  'is',
  'isdistinct',
  'fts',
  'plfts(english)',
  'wfts',
  'phfts(nope)',
  'cs',
  'cd',
  'ov',
  'sl',
  'sr',
  'nxr',
  'adj',
  'eq(any)',
  'like(all)',
  'nope',
);
const condition = fc
  .tuple(fc.constantFrom('', '', 'not.'), operator, operand)
  .map(([not, op, value]) => `${not}${op}.${value}`);
const { logic } = fc.letrec<{ logic: string; group: string }>((tie) => ({
  logic: fc.oneof(
    { maxDepth: 3 },
    fc.tuple(path, condition).map(([p, c]) => `${p}.${c}`),
    tie('group'),
  ),
  group: fc
    .tuple(fc.constantFrom('and', 'or', 'not.and', 'nor'), fc.array(tie('logic'), { maxLength: 3 }))
    .map(([op, all]) => `${op}(${all.join(',')})`),
}));
const { select } = fc.letrec<{ select: string; item: string }>((tie) => ({
  select: fc.array(tie('item'), { maxLength: 4 }).map((all) => all.join(',')),
  item: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(
      '*',
      'id',
      'count()',
      'id.sum()',
      'year.avg()::int',
      'x:id',
      'title::text',
      'id::nope',
      'id::int;drop',
    ),
    path,
    fc
      .tuple(
        fc.constantFrom('', '...', 'as:'),
        target,
        fc.constantFrom('', '!inner', '!left', '!nope', '!roles'),
        tie('select'),
      )
      .map(([pre, t, hint, inner]) => `${pre}${t}${hint}(${inner})`),
  ),
}));
const orderBy = fc
  .array(
    fc
      .tuple(
        fc.oneof(
          path,
          target.map((t) => `${t}(name)`),
        ),
        fc.constantFrom('', '.asc', '.desc.nullslast', '.nope'),
      )
      .map((parts) => parts.join('')),
    { minLength: 1, maxLength: 3 },
  )
  .map((all) => all.join(','));
const level = fc.constantFrom('', '', '', 'directors.', 'roles.', 'roles.actors.', 'as.', 'nope.');
/** Parameters that are right on their own; together they may still contradict each other. */
const sound = fc.constantFrom<[string, string][]>(
  ['select', '*'],
  ['select', 'id'],
  ['select', 'id,x:id::text'],
  ['select', '*,directors(*)'],
  ['select', 'id,roles!inner(*,actors(name))'],
  ['id', 'gt.0'],
  ['id', 'in.(1,2,3)'],
  ['id', 'not.is.null'],
  ['or', '(id.eq.1,id.gt.3)'],
  ['and', '(id.lt.9,not.or(id.eq.2,id.is.null))'],
  ['order', 'id.desc'],
  ['limit', '2'],
  ['offset', '1'],
  ['since', '1960'],
  ['a', '1'],
  ['n', '3'],
);
const odd = fc.oneof(
  select.map((value): [string, string] => ['select', value]),
  fc.tuple(level, path, condition).map(([at, p, c]): [string, string] => [at + p, c]),
  fc
    .tuple(level, fc.constantFrom('or', 'and', 'not.or'), fc.array(logic, { maxLength: 3 }))
    .map(([at, op, all]): [string, string] => [at + op, `(${all.join(',')})`]),
  fc.tuple(level, orderBy).map(([at, value]): [string, string] => [`${at}order`, value]),
  fc
    .tuple(
      level,
      fc.constantFrom('limit', 'offset'),
      fc.constantFrom('0', '1', '5', '-1', 'x', '99999999999999999999999'),
    )
    .map(([at, name, value]): [string, string] => [at + name, value]),
  fc.constantFrom<[string, string][]>(
    ['columns', 'id,title'],
    ['columns', 'nope'],
    ['on_conflict', 'id'],
    ['on_conflict', '"x'],
    ['since', '1960'],
    ['a', '1'],
    ['n', '3'],
  ),
  fc.tuple(fc.string({ maxLength: 6 }), fc.string({ maxLength: 12 })),
);
const parameter = fc.oneof({ weight: 3, arbitrary: sound }, { weight: 2, arbitrary: odd });
const resource = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      'films',
      'directors',
      'roles',
      'screenings',
      'staff',
      'tickets',
      'pairs',
      'roster',
      'film_list',
      'modern_films',
      'film_years',
      'paints',
      'diaries',
      'no_key',
      'Odd%20%22names',
      'deferred',
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'rpc/add',
      'rpc/films_since',
      'rpc/table_out',
      'rpc/echo_json',
      'rpc/hello',
      'rpc/numbers',
      'rpc/one_film',
      'rpc/join_all',
      'rpc/overloaded',
      'rpc/ambiguous',
      'rpc/nope',
      'rpc/out_params',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.constantFrom('', 'films/1', 'films/x', 'a/b/c', '%00', '%ff', '%', '..', 'rpc', '"', '😀'),
      nasty,
      fc.string({ maxLength: 12 }),
    ),
  },
);
const header = fc.oneof(
  fc.constantFrom<[string, string][]>(
    ['prefer', 'count=exact'],
    ['prefer', 'count=planned'],
    ['prefer', 'count=estimated, return=representation'],
    ['prefer', 'return=headers-only'],
    ['prefer', 'return=representation, resolution=merge-duplicates'],
    ['prefer', 'resolution=ignore-duplicates, missing=default, return=representation'],
    ['prefer', 'handling=strict, max-affected=1'],
    ['prefer', 'timezone=Africa/Cairo'],
    ['prefer', 'timezone=x'],
    ['prefer', 'tx=commit'],
    ['range', '0-1'],
    ['range', '5-1'],
    ['range', '99999999999-'],
    ['range', 'x'],
    ['accept', 'application/vnd.pgrst.object+json'],
    ['accept', 'text/csv'],
    ['accept', 'application/vnd.pgrst.array+json;nulls=stripped'],
    ['accept', 'application/vnd.pgrst.plan'],
    ['accept', '*/*;q=0'],
    ['accept', 'x'],
    ['accept', 'application/x-titles'],
    ['accept', 'application/vnd.pgrst.plan; for="application/vnd.pgrst.plan"'],
    ['content-type', 'text/csv'],
    ['content-type', 'application/x-www-form-urlencoded'],
    ['content-type', 'text/plain'],
    ['content-type', 'application/octet-stream'],
    ['content-type', 'x'],
    ['accept-profile', 'festival'],
    ['accept-profile', 'pg_catalog'],
    ['content-profile', 'x'],
    ['cookie', 'a=b; c'],
  ),
  fc.tuple(fc.constantFrom('prefer', 'range', 'accept', 'content-type'), fc.stringMatching(/^[ -~]{0,20}$/)),
);
const body = fc.oneof(
  fc.constantFrom(
    '',
    '{}',
    '[]',
    '[{}]',
    '{"id":1}',
    '{"title":"x","year":1900}',
    '[{"code":"a"},{"code":"b"}]',
    '{"a":1,"b":2}',
    '{"since":1960}',
    '{"nope":1}',
    '[1,2]',
    'null',
    '"x"',
    '{"id":"x"}',
    '{"__proto__":1}',
    '{"id":1e999}',
    '{"title":"\\u0000"}',
    '{"tags":{"a":1}}',
    'a,b\n1,2',
    'code\n"x',
    '\ufeff{}',
    '{"x":1,"y":2}',
  ),
  fc.json({ maxDepth: 3 }),
  fc.string({ maxLength: 20 }),
);
const method = fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS');

export interface FuzzRequest {
  method: string;
  path: string;
  query: string;
  headers: Record<string, string>;
  body: string;
}
const encode = (text: string): string => encodeURIComponent(text.toWellFormed());
export const fuzzRequest: fc.Arbitrary<FuzzRequest> = fc.record({
  method,
  path: resource.map(
    (path) =>
      `/${
        path.startsWith('%')
          ? path
          : path
              .split('/')
              .map((part) => (part.includes('%') ? part : encode(part)))
              .join('/')
      }`,
  ),
  query: fc
    .array(parameter, { maxLength: 5 })
    .map((all) => all.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')),
  headers: fc.array(header, { maxLength: 3 }).map((all) => Object.fromEntries(all)),
  body,
});
