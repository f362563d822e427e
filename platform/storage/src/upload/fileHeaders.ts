import type { FastifyRequest } from 'fastify';
import { invalidRequest } from '../errors.ts';
import type { UserMetadata } from '../objects/objectRow.ts';

/** One header's value; undefined for none. */
export function headerOf(request: Pick<FastifyRequest, 'headers'>, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** A whole `Cache-Control` value for what was sent: a header, or the form field that storage-js fills with seconds. */
export function cacheControlOf(sent: string | undefined): string {
  if (sent === undefined || sent.trim() === '') return 'no-cache';
  const value = sent.trim();
  if (/^\d{1,10}$/.test(value)) return `max-age=${value}`;
  if (value.length > 200 || !/^[\w\-=",. ]+$/.test(value)) {
    throw invalidRequest('cache-control is not valid: send seconds or a value such as "public, max-age=3600"');
  }
  return value;
}

/** Encodings that browsers undo. `aws-chunked` and the like describe the transfer and are not kept. */
export function encodingOf(sent: string | undefined): string | undefined {
  if (sent === undefined || sent.trim() === '' || sent.trim().toLowerCase() === 'identity') return undefined;
  const value = sent.trim().toLowerCase();
  if (!/^(gzip|br|deflate|zstd)(\s*,\s*(gzip|br|deflate|zstd))*$/.test(value)) {
    throw invalidRequest('content-encoding is not valid: send gzip, br, deflate or zstd');
  }
  return value;
}

/** JSON in base64, as in `x-metadata`. */
export function metadataFromHeader(sent: string | undefined): UserMetadata | undefined {
  return sent === undefined || sent === '' ? undefined : metadataFromJson(Buffer.from(sent, 'base64').toString('utf8'));
}

export function metadataFromJson(text: string): UserMetadata {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalidRequest('The metadata is not valid JSON: send an object', { cause });
  }
  if (!isPlainObject(value)) throw invalidRequest('The metadata is not a JSON object');
  // PostgreSQL keeps no NUL in text.
  if (text.includes('\\u0000')) throw invalidRequest('The metadata contains a NUL character');
  return value;
}

function isPlainObject(value: unknown): value is UserMetadata {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
