/**
 * Reading JSON that strangers sent. Providers add fields and change types without notice, so nothing here throws:
 * a value that is not of the expected kind is simply absent, and the caller keeps the raw fragment beside what it read.
 */

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object, or an empty one, so that a missing branch reads as a branch without fields. */
export function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/**
 * Text as PostgreSQL can store it: U+0000 and lone surrogates are legal in JSON and refused by `text` and `jsonb`.
 * A provider relaying what a customer typed must not be able to make the insert fail.
 */
export function storableText(value: string): string {
  return value.includes('\u0000') ? value.replaceAll('\u0000', '').toWellFormed() : value.toWellFormed();
}

/** Non-empty text; numbers are accepted because providers send the same identifier as either. */
export function asText(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value !== 'string') return undefined;
  const text = storableText(value);
  return text === '' ? undefined : text;
}

/** A finite number, also when it came as text ("37.46"). */
export function asNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

export function asBoolean(value: unknown): boolean | undefined {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  return undefined;
}

/**
 * A provider's Unix time as ISO 8601 in UTC, or null when it is missing or not a moment.
 * Seconds and milliseconds are told apart by size: 1e11 seconds is the year 5138, 1e11 milliseconds is 1973.
 */
export function asMoment(value: unknown): string | null {
  const number = asNumber(value);
  if (number === undefined || number <= 0) return null;
  const moment = new Date(number < 1e11 ? number * 1000 : number);
  return Number.isNaN(moment.getTime()) ? null : moment.toISOString();
}

/** Deeper than any provider nests; past it a value is cut, so a hostile payload cannot exhaust the stack. */
const MAX_DEPTH = 64;

/** A copy of a JSON value in which every text and key is storable, see `storableText`. */
export function storableJson(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return storableText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.map((item) => storableJson(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [storableText(key), storableJson(item, depth + 1)]),
  );
}
