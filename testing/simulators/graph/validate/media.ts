import { invalidParameter, missingParameter } from '../graphError.ts';
import type { JsonObject } from '../json.ts';
import type { World } from '../model.ts';
import { optionalText } from './check.ts';

const MB = 1024 * 1024;
const office = [
  'application/pdf',
  'text/plain',
  'application/msword',
  'application/vnd.ms-excel',
  'application/vnd.ms-powerpoint',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation',
];

/** “Supported media types”: what may be uploaded, and how large. */
export const mediaTypes: readonly { kind: string; types: readonly string[]; maxBytes: number }[] = [
  { kind: 'image', types: ['image/jpeg', 'image/png'], maxBytes: 5 * MB },
  { kind: 'sticker', types: ['image/webp'], maxBytes: 500 * 1024 },
  { kind: 'video', types: ['video/mp4', 'video/3gpp', 'video/3gp'], maxBytes: 16 * MB },
  {
    kind: 'audio',
    types: ['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg', 'audio/opus'],
    maxBytes: 16 * MB,
  },
  { kind: 'document', types: office, maxBytes: 100 * MB },
];

export function bareType(mimeType: string): string {
  return mimeType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** `image`, `video`, … of a message or a header: an `id` that was uploaded to this account, or a `link`. */
export function checkMediaObject(value: JsonObject, kind: string, path: string, wabaId: string, world: World): void {
  const { id, link } = value;
  if (id === undefined && link === undefined) throw missingParameter(`${path}['id'] or ${path}['link']`);
  if (id !== undefined) {
    const media = typeof id === 'string' ? world.media.get(id) : undefined;
    if (media === undefined || media.wabaId !== wabaId) {
      throw invalidParameter(`Param ${path}['id'] is not a valid whatsapp business account media attachment ID`);
    }
    const rule = mediaTypes.find((each) => each.kind === kind);
    if (kind !== 'document' && rule !== undefined && !rule.types.includes(bareType(media.mimeType))) {
      throw invalidParameter(`Param ${path}['id'] is of type ${media.mimeType}, which is not allowed for ${kind}`);
    }
  } else if (typeof link !== 'string' || !/^https?:\/\/\S+$/.test(link)) {
    throw invalidParameter(`Param ${path}['link'] is not a valid URI`);
  }
  const caption = optionalText(value.caption, `${path}['caption']`, 1024);
  if (caption !== undefined && (kind === 'audio' || kind === 'sticker')) {
    throw invalidParameter(`Unexpected key "caption" on param "${path}"`);
  }
  optionalText(value.filename, `${path}['filename']`, 240);
  if (value.filename !== undefined && kind !== 'document') {
    throw invalidParameter(`Unexpected key "filename" on param "${path}"`);
  }
}
