import { parseBuffer } from 'music-metadata';
import sharp from 'sharp';
import { type ByteSource, bytesOf } from '../upload/byteStreams.ts';
import { type MediaType, mediaTypeOf } from './mediaType.ts';

/** What a file is, found out from its bytes. */
export interface MediaInfo extends MediaType {
  /** Pixels as shown, turned the way the camera says. */
  width?: number;
  height?: number;
  durationSeconds?: number;
}

/** Enough for the header of any picture, and for the index of films that begin with it. */
const HEAD_BYTES = 256 * 1024;

/**
 * Looks at a file that comes from outside: what it is, how large it shows, how long it plays. Nothing is decoded, so a bomb does no harm; what
 * cannot be read is left out. From a stream only the beginning is looked at, so the length of sound whose index is at the end stays unknown.
 *
 * A WebP of exactly 512 x 512 pixels is a sticker: that is the one format WhatsApp takes for stickers
 * (developers.facebook.com/docs/whatsapp/cloud-api/messages/sticker-messages).
 *
 * @param source all bytes, or a stream, which goes on in `body`
 * @param declared the type that the sender named, parameters allowed
 */
export async function sniffMedia(
  source: ByteSource,
  declared?: string,
): Promise<MediaInfo & { body: AsyncIterable<Uint8Array> }> {
  if (source instanceof Uint8Array) return { ...(await inspect(source, declared, true)), body: bytesOf(source) };
  const iterator = source[Symbol.asyncIterator]();
  const { chunks, ended } = await readHead(iterator);
  const info = await inspect(Buffer.concat(chunks), declared, ended);
  return { ...info, body: goOn(chunks, ended, iterator) };
}

async function inspect(bytes: Uint8Array, declared: string | undefined, whole: boolean): Promise<MediaInfo> {
  const type = await mediaTypeOf(bytes, declared);
  switch (type.kind) {
    case 'image': {
      const size = await pictureSize(bytes);
      const isSticker = type.mime === 'image/webp' && size?.width === 512 && size.height === 512;
      return { ...type, ...size, ...(isSticker ? { kind: 'sticker' } : {}) };
    }
    case 'video':
    case 'audio':
      return { ...type, ...(await playInfo(bytes, type.mime, whole)) };
    default:
      return type;
  }
}

async function pictureSize(bytes: Uint8Array): Promise<{ width: number; height: number } | undefined> {
  try {
    const { autoOrient, pageHeight } = await sharp(bytes, { failOn: 'none', limitInputPixels: false }).metadata();
    return { width: autoOrient.width, height: pageHeight ?? autoOrient.height };
  } catch {
    // Not a format that libvips reads, or damaged: the type is known all the same.
    return undefined;
  }
}

/** Formats whose length stands at the beginning, so that a part of the file is enough. */
const lengthFirst = /^(video\/|audio\/(mp4|x-m4a|wav|x-wav|vnd\.wave|webm))/;

async function playInfo(
  bytes: Uint8Array,
  mimeType: string,
  whole: boolean,
): Promise<Pick<MediaInfo, 'width' | 'height' | 'durationSeconds'>> {
  try {
    const { format } = await parseBuffer(whole ? bytes : wholeBoxes(bytes), mimeType, {
      duration: whole,
      skipCovers: true,
    });
    // Film without sound has a length on its track alone.
    const lengths = [format.duration, ...format.trackInfo.map((track) => track.duration)].filter(
      (length) => length !== undefined && Number.isFinite(length) && length > 0,
    );
    const duration = Math.max(0, ...lengths.map(Number));
    const isKnown = duration > 0;
    const picture = format.trackInfo.find((track) => track.video)?.video;
    const width = picture?.displayWidth ?? picture?.pixelWidth;
    const height = picture?.displayHeight ?? picture?.pixelHeight;
    return {
      ...(width && height ? { width, height } : {}),
      ...(isKnown && (whole || lengthFirst.test(mimeType))
        ? { durationSeconds: Math.round(duration * 100) / 100 }
        : {}),
    };
  } catch {
    return {};
  }
}

/**
 * The boxes of an MP4 that are there as a whole (ISO 14496-12 section 4.2: size, type, contents): its reader refuses a file that ends in the
 * middle of one. Other formats stay as they are.
 */
function wholeBoxes(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isMp4 = Buffer.from(bytes.subarray(4, 8)).toString('latin1') === 'ftyp';
  let end = 0;
  while (isMp4 && end + 8 <= bytes.byteLength) {
    const size = view.getUint32(end);
    // 0 and 1 mean "to the end" and "64 bits long": the media itself, of which only a part is here.
    if (size < 8 || end + size > bytes.byteLength) break;
    end += size;
  }
  return end === 0 ? bytes : bytes.subarray(0, end);
}

async function readHead(iterator: AsyncIterator<Uint8Array>): Promise<{ chunks: Uint8Array[]; ended: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  while (size < HEAD_BYTES) {
    const next = await iterator.next();
    if (next.done) return { chunks, ended: true };
    chunks.push(next.value);
    size += next.value.byteLength;
  }
  return { chunks, ended: false };
}

async function* goOn(chunks: Uint8Array[], ended: boolean, iterator: AsyncIterator<Uint8Array>) {
  let finished = ended;
  try {
    yield* chunks;
    while (!finished) {
      const next = await iterator.next();
      if (next.done) finished = true;
      else yield next.value;
    }
  } finally {
    if (!finished) await iterator.return?.();
  }
}
