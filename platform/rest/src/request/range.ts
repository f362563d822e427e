/** Row ranges of `limit`, `offset` and the `Range` header. */
import { negativeLimit, rangeUpsideDown } from '../errors.ts';

/** `limit` and `offset` keep the written digits, so that numbers of any size reach PostgreSQL unchanged. */
export interface WrittenRange {
  limit?: bigint;
  offset: bigint;
}

const integer = (text: string | undefined): bigint | undefined => {
  const trimmed = text?.trim();
  return trimmed !== undefined && /^-?\d+$/.test(trimmed) ? BigInt(trimmed) : undefined;
};

/** What is not a number is ignored. */
export const writtenRange = (limit: string | undefined, offset: string | undefined): WrittenRange => ({
  limit: integer(limit),
  offset: integer(offset) ?? 0n,
});

interface Bounds {
  first: bigint;
  /** Absent: without end. */
  last?: bigint;
}

const headerBounds = (header: string | undefined): Bounds => {
  const match = /^(\d+)-(\d*)$/.exec(header?.trim() ?? '');
  if (match === null) return { first: 0n };
  return {
    first: BigInt(match[1] ?? 0),
    last: match[2] === '' || match[2] === undefined ? undefined : BigInt(match[2]),
  };
};

const smaller = (a: bigint | undefined, b: bigint | undefined): bigint | undefined =>
  a === undefined ? b : b === undefined || a < b ? a : b;

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/**
 * The rows of the top level: what both the query and the header ask for. Throws PGRST103 for ranges that hold nothing,
 * except `limit=0`, which is a way to ask for the count alone.
 * @param header `Range` of a GET (RFC 9110 section 14.2: it means nothing elsewhere)
 */
export const topRange = (query: WrittenRange, header: string | undefined): WrittenRange => {
  if (query.limit === 0n) return { limit: 0n, offset: 0n };
  const asked = headerBounds(header);
  if (asked.last !== undefined && asked.last < asked.first) throw rangeUpsideDown();
  const queryLast = query.limit === undefined ? undefined : query.offset + query.limit - 1n;
  const first = larger(asked.first, query.offset);
  const last = smaller(asked.last, queryLast);
  if (last !== undefined && last < first) throw negativeLimit();
  return { limit: last === undefined ? undefined : last - first + 1n, offset: first };
};

/** At most `most` rows. */
export const restrict = (range: WrittenRange, most: number | undefined): WrittenRange =>
  most === undefined ? range : { ...range, limit: smaller(range.limit, BigInt(most)) };

export const isWhole = (range: WrittenRange): boolean => range.limit === undefined && range.offset === 0n;
