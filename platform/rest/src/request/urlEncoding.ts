/** Query strings and form bodies as lists of pairs, in the order they were written. */

export interface Pair {
  name: string;
  /** Absent where there was no `=`. */
  value: string | undefined;
}

/** Percent-decoding that never fails: a stray `%` stays, bytes that are no UTF-8 become U+FFFD. */
const decode = (text: string): string => {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return decodeBytes(text);
  }
};

const decodeBytes = (text: string): string => {
  const bytes = Buffer.from(text, 'utf8');
  const out = Buffer.alloc(bytes.length);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    const hex = bytes[i] === 0x25 ? bytes.toString('latin1', i + 1, i + 3) : '';
    if (/^[0-9A-Fa-f]{2}$/.test(hex)) {
      out[length++] = Number.parseInt(hex, 16);
      i += 2;
    } else out[length++] = bytes[i] ?? 0;
  }
  return out.toString('utf8', 0, length);
};

const decodePart = (text: string): string => decode(text.includes('+') ? text.replaceAll('+', ' ') : text);

/** @param query without the leading `?` */
export const queryPairs = (query: string): Pair[] => {
  if (query === '') return [];
  const pairs: Pair[] = [];
  for (const part of query.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    if (equals === -1) pairs.push({ name: decodePart(part), value: undefined });
    else pairs.push({ name: decodePart(part.slice(0, equals)), value: decodePart(part.slice(equals + 1)) });
  }
  return pairs;
};

/** A form body; a name without `=` has the empty value. */
export const formPairs = (body: string): { name: string; value: string }[] =>
  queryPairs(body).map(({ name, value }) => ({ name, value: value ?? '' }));

/** The query string in a canonical form: sorted by name, encoded anew. Used for `Content-Location`. */
export const canonicalQuery = (pairs: readonly Pair[]): string =>
  [...pairs]
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map(({ name, value }) => `${encode(name)}=${encode(value ?? '')}`)
    .join('&');

const encode = (text: string): string =>
  /^[\w.~-]*$/.test(text)
    ? text
    : encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** A path segment, decoded; never fails. */
export const decodeSegment = decode;
