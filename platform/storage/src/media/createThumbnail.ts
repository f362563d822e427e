import { ApiError } from '@connectgain/http';
import sharp from 'sharp';
import { mediaTypeOf } from './mediaType.ts';

export interface ThumbnailOptions {
  /** The picture is fitted into this many pixels, never enlarged; 320 x 320 when absent. */
  width?: number;
  height?: number;
  /** WebP when absent. */
  format?: 'webp' | 'jpeg' | 'png';
  /** 1 to 100; 75 when absent. */
  quality?: number;
}

export interface Thumbnail {
  bytes: Buffer;
  mime: string;
  width: number;
  height: number;
}

/** A 50 megapixel photo; a few kilobytes can claim a thousand times as many, and decoding needs memory for each. */
const MAX_PIXELS = 50_000_000;
const MAX_SECONDS = 10;

/** What libvips decodes here. SVG is left out: it is a program, not a picture. */
const decodable: ReadonlySet<string> = new Set([
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
  'image/avif',
  'image/tiff',
]);

/**
 * A small copy of a picture: turned upright, the first frame of an animation, without the metadata that may tell where it was taken.
 *
 * Throws ApiError 415 for what is not a picture that we read, 422 for damaged or oversized ones.
 */
export async function createThumbnail(bytes: Uint8Array, options: ThumbnailOptions = {}): Promise<Thumbnail> {
  const { mime } = await mediaTypeOf(bytes, undefined);
  if (!decodable.has(mime)) {
    throw new ApiError({
      status: 415,
      code: 'InvalidMimeType',
      message: `${mime} cannot be made smaller as a picture.`,
    });
  }
  const { width = 320, height = 320, format = 'webp', quality = 75 } = options;
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: MAX_PIXELS, sequentialRead: true, pages: 1 })
      .timeout({ seconds: MAX_SECONDS })
      .autoOrient()
      .resize({ width, height, fit: 'inside', withoutEnlargement: true })
      .toFormat(format, { quality })
      .toBuffer({ resolveWithObject: true });
    return { bytes: data, mime: `image/${format}`, width: info.width, height: info.height };
  } catch (cause) {
    throw new ApiError({
      status: 422,
      code: 'InvalidRequest',
      message: 'The picture is damaged, or larger than 50 megapixels.',
      cause,
    });
  }
}
