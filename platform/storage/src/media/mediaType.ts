import { fileTypeFromBuffer } from 'file-type';
import mimeTypes from 'mime-types';
import { agreesWith, alwaysRecognised, essenceOf, looksLikeText } from '../upload/mimePolicy.ts';

export type MediaKind = 'image' | 'video' | 'audio' | 'document' | 'sticker';

export interface MediaType {
  /** Media type without parameters. */
  mime: string;
  /** Without the dot. */
  extension: string;
  kind: MediaKind;
}

const UNKNOWN = 'application/octet-stream';

/**
 * The type of a file by its bytes. The declared type only decides between things that look alike from outside: a docx and any other zip,
 * sound and film in one container, one text format and another.
 *
 * @param head the beginning of the file; 4100 bytes are enough
 */
export async function mediaTypeOf(head: Uint8Array, declared: string | undefined): Promise<MediaType> {
  const stated = declared === undefined ? undefined : essenceOf(declared);
  const found = await fileTypeFromBuffer(head);
  const sniffed = found === undefined ? undefined : essenceOf(found.mime);
  const mime = decide(head, stated, sniffed);
  const extension =
    preferred.get(mime) ?? (mime === sniffed ? found?.ext : undefined) ?? (mimeTypes.extension(mime) || 'bin');
  return { mime, extension, kind: kindOf(mime) };
}

function decide(head: Uint8Array, stated: string | undefined, sniffed: string | undefined): string {
  if (stated === undefined || stated === UNKNOWN)
    return sniffed ?? (looksLikeText(head) && head.length > 0 ? 'text/plain' : UNKNOWN);
  if (sniffed === undefined) return alwaysRecognised.has(stated) && head.length > 0 ? UNKNOWN : stated;
  if (stated === sniffed) return stated;
  // A picture's signature says which picture it is; a container's does not say what is in it.
  const isPicture = sniffed.startsWith('image/');
  return !isPicture && agreesWith(stated, sniffed) ? stated : sniffed;
}

/** What a message shows: SVG and the formats of design programs are files to open, not pictures. */
function kindOf(mime: string): MediaKind {
  if (mime === 'application/x-tgsticker') return 'sticker';
  if (pictures.has(mime)) return 'image';
  if (mime.startsWith('video/')) return 'video';
  if (mime.startsWith('audio/') || mime === 'application/ogg') return 'audio';
  return 'document';
}

const pictures: ReadonlySet<string> = new Set([
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
  'image/avif',
  'image/heic',
  'image/heif',
  'image/bmp',
  'image/tiff',
]);

/** Extensions that people know, where the registries list older ones first. */
const preferred: ReadonlyMap<string, string> = new Map([
  ['image/jpeg', 'jpg'],
  ['audio/mpeg', 'mp3'],
  ['audio/mp4', 'm4a'],
  ['audio/x-m4a', 'm4a'],
  ['audio/ogg', 'ogg'],
  ['audio/amr', 'amr'],
  ['audio/wav', 'wav'],
  ['video/quicktime', 'mov'],
  ['video/mp4', 'mp4'],
  ['text/plain', 'txt'],
  ['application/x-tgsticker', 'tgs'],
  [UNKNOWN, 'bin'],
]);
