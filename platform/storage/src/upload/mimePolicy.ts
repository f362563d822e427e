import { fileTypeFromBuffer } from 'file-type';
import { contentIsNot, invalidMimeType } from '../errors.ts';

/** Bytes from the beginning that are enough to tell types apart (file-type's own sample size). */
export const SNIFF_BYTES = 4100;

/** `text/html; charset=utf-8` -> `text/html`; undefined for what is not a media type (RFC 9110 section 8.3.1). */
export function essenceOf(mimeType: string): string | undefined {
  const match = /^\s*([\w!#$&^.+-]+\/[\w!#$&^.+-]+)\s*(?:;.*)?$/.exec(mimeType);
  return match?.[1]?.toLowerCase();
}

/** Is the type on the list? Entries are types (`image/png`) or families (`image/*`). */
export function isListed(essence: string, allowed: readonly string[]): boolean {
  const family = `${essence.slice(0, essence.indexOf('/'))}/*`;
  return allowed.some((entry) => {
    const listed = entry.trim().toLowerCase();
    return listed === '*/*' || listed === '*' || listed === family || essenceOf(listed) === essence;
  });
}

/** Throws InvalidMimeType unless the declared type is on the list. */
export function requireListed(declared: string, allowed: readonly string[] | undefined): void {
  if (allowed === undefined) return;
  const essence = essenceOf(declared);
  if (essence === undefined || !isListed(essence, allowed)) throw invalidMimeType(declared);
}

/**
 * Throws InvalidMimeType when the bytes are something that the list does not allow: a program called image/png. Types of one family may
 * stand for each other (a JPEG sent as image/png does no harm), and so may a container for what is built on it (docx is a zip).
 *
 * @param head the first SNIFF_BYTES of the file, fewer only when the file is shorter
 */
export async function requireListedContent(
  declared: string,
  head: Uint8Array,
  allowed: readonly string[] | undefined,
): Promise<void> {
  if (allowed === undefined || head.byteLength === 0) return;
  const essence = essenceOf(declared) ?? '';
  if (isTextual(essence) && looksLikeText(head)) return;
  const found = await sniffType(head);
  if (found === undefined) {
    if (alwaysRecognised.has(essence)) throw contentIsNot(essence);
    return;
  }
  if (!isListed(found, allowed) && !agreesWith(essence, found)) throw invalidMimeType(found);
}

/** What the bytes say they are; undefined for text and for anything without a signature. */
export async function sniffType(head: Uint8Array): Promise<string | undefined> {
  const found = await fileTypeFromBuffer(head);
  // `audio/ogg; codecs=opus` and the like.
  if (found !== undefined) return essenceOf(found.mime);
  // A zip whose first entry is longer than the sample is not told apart further.
  const isZip = head[0] === 0x50 && head[1] === 0x4b && head[2] === 0x03 && head[3] === 0x04;
  return isZip ? 'application/zip' : undefined;
}

/** Formats that begin with a signature in every file, so that bytes without one are something else. */
export const alwaysRecognised: ReadonlySet<string> = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/bmp',
  'image/tiff',
  'video/mp4',
  'video/webm',
  'application/pdf',
  'application/zip',
]);

/** May bytes that look like `found` be what was declared? */
export function agreesWith(declared: string, found: string): boolean {
  if (declared === found) return true;
  const isPicture = (type: string) => type.startsWith('image/') && type !== 'image/svg+xml';
  if (isPicture(declared) && isPicture(found)) return true;
  // The same containers carry sound and film.
  const isMedia = (type: string) => /^(audio|video)\//.test(type) || type === 'application/ogg';
  if (isMedia(declared) && isMedia(found)) return true;
  if (found === 'application/zip') return zipBased.test(declared);
  if (found === 'application/x-cfb') return /^application\/(msword|vnd\.ms-|x-msi)/.test(declared);
  if (found === 'application/xml') return /[/+]xml$/.test(declared);
  return found === 'application/rtf' && declared === 'text/rtf';
}

const zipBased =
  /openxmlformats|opendocument|^application\/(epub\+zip|java-archive|x-zip-compressed|vnd\.android\.package-archive|vnd\.ms-.*macroenabled)/;

function isTextual(essence: string): boolean {
  return (
    essence.startsWith('text/') ||
    /^application\/(json|x-ndjson|javascript|sql|x-yaml|yaml|toml)$|\+json$/.test(essence)
  );
}

/**
 * Plain text whose charset nobody named, but whose bytes are UTF-8 beyond ASCII: says so, or browsers would guess and show Arabic as
 * gibberish. A form's parser also drops the charset that the client had named.
 */
export function withCharset(mimeType: string, head: Uint8Array): string {
  if (!/^text\/(plain|csv|markdown|vcard|calendar)\s*$/i.test(mimeType)) return mimeType;
  return looksLikeText(head) && head.some((byte) => byte > 127) ? `${mimeType.trim()};charset=utf-8` : mimeType;
}

/** UTF-8 without control characters other than white space; the sample may end inside a character. */
export function looksLikeText(head: Uint8Array): boolean {
  if (head.some((byte) => byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}
