import type { OutboundMedia } from '../../outbound.ts';

/** Turns media into what Meta takes: an id of something uploaded, or a link that Meta downloads. */
export type PlaceMedia = (media: OutboundMedia) => Promise<{ id: string } | { link: string }>;

/** `image`, `video`, `audio`, `document`, `sticker` of a message, or the same below a header. */
export async function mediaObject(
  media: OutboundMedia,
  caption: string | undefined,
  place: PlaceMedia,
): Promise<Record<string, unknown>> {
  const object: Record<string, unknown> = await place(media);
  if (caption !== undefined && caption !== '') object.caption = caption;
  if (media.kind === 'document' && media.fileName !== undefined) object.filename = media.fileName;
  if (media.kind === 'audio' && media.voice === true) object.voice = true;
  return object;
}
