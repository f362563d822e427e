/** Operators of `postgres_changes` filters: those of supabase/realtime (postgres_cdc_rls/subscriptions.ex). */
export type FilterOperator =
  | 'eq'
  | 'neq'
  | 'lt'
  | 'lte'
  | 'gt'
  | 'gte'
  | 'in'
  | 'like'
  | 'ilike'
  | 'is'
  | 'match'
  | 'imatch'
  | 'isdistinct';

/** `column=not.operator.value`; `in` has several values, the others one. */
export interface Condition {
  column: string;
  operator: FilterOperator;
  negate: boolean;
  values: string[];
}

export class FilterError extends Error {}

const operators = new Set([
  'eq',
  'neq',
  'lt',
  'lte',
  'gt',
  'gte',
  'in',
  'like',
  'ilike',
  'is',
  'match',
  'imatch',
  'isdistinct',
]);
const mostValues = 100;
const isKeywords = new Set(['null', 'true', 'false', 'unknown']);

/** Reads `a=eq.1,b=in.(x,"y,z")`; all conditions must hold. Throws FilterError with what is wrong. */
export function parseFilter(text: string): Condition[] {
  return splitOutsideQuotes(text).map(parseCondition);
}

function parseCondition(segment: string): Condition {
  const trimmed = segment.trim();
  if (trimmed === '') throw new FilterError('filter must not contain empty segments (check for extra commas)');
  const match = /^([^=]+)=(not\.)?([a-z]+)\.(.*)$/s.exec(trimmed);
  const [, column = '', not, operator = '', value = ''] = match ?? [];
  if (!match || !isOperator(operator)) throw new FilterError(JSON.stringify(trimmed.split(/=(?:not\.)?/).slice(-1)));
  return { column: column.trim(), operator, negate: not !== undefined, values: valuesOf(operator, value) };
}

function isOperator(word: string): word is FilterOperator {
  return operators.has(word);
}

function valuesOf(operator: FilterOperator, value: string): string[] {
  if (operator === 'in') {
    if (!/^\(.*\)$/s.test(value)) throw new FilterError('`in` filter value must be wrapped by parentheses');
    const values = splitOutsideQuotes(value.slice(1, -1)).map((item) => unquote(item.trim()));
    if (values.length > mostValues) throw new FilterError('too many values for `in` filter. Maximum 100');
    return values;
  }
  if (operator === 'is' && !isKeywords.has(value)) {
    throw new FilterError('invalid value for is filter: must be null, true, false, or unknown');
  }
  return [unquote(value)];
}

/** Splits at commas outside double quotes and parentheses. A quote opens only where a value begins, so `5" pipe` is no quote. */
function splitOutsideQuotes(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (quoted) {
      if (char === '\\') i++;
      else if (char === '"') quoted = false;
    } else if (char === '"' && (i === start || '.(,'.includes(text[i - 1] ?? ''))) quoted = true;
    else if (char === '(') depth++;
    else if (char === ')') depth = Math.max(0, depth - 1);
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** `"a\"b"` is `a"b`; anything not quoted from end to end stays as it is. */
function unquote(value: string): string {
  const match = /^"((?:[^"\\]|\\.)*)"$/s.exec(value);
  return match?.[1] === undefined ? value : match[1].replace(/\\(.)/gs, '$1');
}
