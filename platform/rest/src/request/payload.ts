/** Bodies. JSON is looked at for its keys only: what goes to PostgreSQL is the text that came, not parsed and printed anew. */
import { invalidBody } from '../errors.ts';
import { csvRows } from './csv.ts';
import { type MediaType, mediaTypeName } from './mediaType.ts';
import { formPairs } from './urlEncoding.ts';

export type Payload =
  /** Rows for a table, or arguments of a function, as JSON text. `isObject`: one object rather than a list. */
  | { kind: 'json'; text: string; keys: readonly string[]; isObject: boolean }
  /** A form sent to a function. */
  | { kind: 'form'; pairs: readonly { name: string; value: string }[]; keys: readonly string[] }
  /** A body that fills a function's single unnamed parameter. */
  | { kind: 'raw'; body: string | Buffer };

export interface PayloadContext {
  contentType: MediaType;
  target: 'table' | 'function';
  /** `columns=`: the body need not be looked at. */
  columns?: readonly string[];
}

/** Throws PGRST102 for a body that cannot be what its content type says. */
export const parsePayload = (body: Buffer, context: PayloadContext): Payload => {
  const { contentType, target } = context;
  switch (contentType.kind) {
    case 'json':
      return jsonPayload(body.toString('utf8'), context);
    case 'csv': {
      const { columns, rows } = csvRows(body.toString('utf8'));
      return {
        kind: 'json',
        text: JSON.stringify(rows),
        keys: rows.length === 0 ? [] : sorted(columns),
        isObject: false,
      };
    }
    case 'form': {
      const pairs = formPairs(body.toString('utf8'));
      const keys = sorted(pairs.map(({ name }) => name));
      if (target === 'function') return { kind: 'form', pairs, keys };
      const row = Object.fromEntries(pairs.map(({ name, value }) => [name, value]));
      return { kind: 'json', text: JSON.stringify(row), keys, isObject: true };
    }
    case 'text':
    case 'xml':
      if (target === 'function') return { kind: 'raw', body: body.toString('utf8') };
      break;
    case 'bytes':
      if (target === 'function') return { kind: 'raw', body };
      break;
    default:
  }
  throw invalidBody(`Content-Type not acceptable: ${mediaTypeName(contentType)}`);
};

const sorted = (keys: readonly string[]): string[] => [...new Set(keys)].sort();

const jsonPayload = (written: string, { target, columns }: PayloadContext): Payload => {
  const text = written.startsWith('\uFEFF') ? written.slice(1) : written;
  if (columns !== undefined) return { kind: 'json', text, keys: sorted(columns), isObject: startsObject(text) };
  if (text === '' && target === 'function') return { kind: 'json', text: '{}', keys: [], isObject: true };
  const value = parseJson(text);
  if (isObject(value)) return { kind: 'json', text, keys: Object.keys(value).sort(), isObject: true };
  // A function may take any JSON whole; for a table anything but rows is taken as no rows.
  const whole = target === 'function' && !(Array.isArray(value) && isObject(value[0]));
  if (whole) return { kind: 'json', text, keys: [], isObject: false };
  if (!Array.isArray(value)) return { kind: 'json', text: '[]', keys: [], isObject: false };
  const keys = keysOfAll(value);
  return { kind: 'json', text: value.length === 0 ? '[]' : text, keys, isObject: false };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidBody('Empty or invalid json');
  }
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON text whose first significant character is `{`; PostgreSQL checks the rest. */
const startsObject = (text: string): boolean => /^[ \t\r\n]*\{/.test(text);

const keysOfAll = (rows: readonly unknown[]): string[] => {
  const [first] = rows;
  if (first === undefined) return [];
  if (!isObject(first)) throw invalidBody('All object keys must match');
  const keys = Object.keys(first);
  const known = new Set(keys);
  for (const row of rows) {
    if (!isObject(row)) throw invalidBody('All object keys must match');
    const own = Object.keys(row);
    if (own.length !== keys.length || !own.every((key) => known.has(key))) {
      throw invalidBody('All object keys must match');
    }
  }
  return keys.sort();
};
