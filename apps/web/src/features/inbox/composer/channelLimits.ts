import type { MediaKind as AnyMediaKind, Capabilities, MediaCapability } from '@connectgain/channels/capabilities.ts';
import { whatsappCloudCapabilities } from '@connectgain/channels/whatsapp-cloud/capabilities.ts';

export type MediaKind = Exclude<AnyMediaKind, 'sticker'>;

/** The part of a channel's capabilities that an agent meets while writing. */
export interface ChannelLimits {
  /** Characters (code points) of one text. */
  textLength: number;
  /** What may be sent; a missing kind cannot. */
  media: Readonly<Partial<Record<MediaKind, Pick<MediaCapability, 'mimeTypes' | 'maxBytes'>>>>;
  /** Hours after the customer's last message in which free text may be sent; null where there is no window. */
  windowHours: number | null;
  /** Approved templates may be sent when the window is shut. */
  templates: boolean;
  /** An earlier message can be quoted. */
  replies: boolean;
}

const MB = 1_024 * 1_024;

function limitsFrom(capabilities: Capabilities): ChannelLimits {
  const { sticker: _, ...media } = capabilities.media;
  return {
    textLength: capabilities.text?.maxLength ?? 0,
    media,
    windowHours: capabilities.sessionWindowHours,
    templates: capabilities.templates?.use === 'outside_window',
    replies: capabilities.replies.send,
  };
}

/** For a channel whose adapter is not in this version: what all of them can do, so that nothing is lost on the way. */
const common: ChannelLimits = {
  textLength: 4_096,
  media: {
    image: { mimeTypes: ['image/jpeg', 'image/png'], maxBytes: 5 * MB },
    video: { mimeTypes: ['video/mp4'], maxBytes: 16 * MB },
    audio: { mimeTypes: ['audio/*'], maxBytes: 16 * MB },
    document: { mimeTypes: ['*'], maxBytes: 25 * MB },
  },
  windowHours: null,
  templates: false,
  replies: true,
};

const anyFile = (maxBytes: number): ChannelLimits['media'] => ({
  image: { mimeTypes: ['image/png', 'image/jpeg', 'image/gif', 'image/webp'], maxBytes },
  video: { mimeTypes: ['video/mp4', 'video/webm'], maxBytes },
  audio: { mimeTypes: ['audio/*'], maxBytes },
  document: { mimeTypes: ['*'], maxBytes },
});

// Read from the adapters where their declaration stands alone; the widget's comes with its whole protocol, which does not
// belong in a browser, so test/channelLimits.test.ts holds the two together.
const known: Readonly<Record<string, ChannelLimits>> = {
  WHATSAPP_CLOUD: limitsFrom(whatsappCloudCapabilities),
  WEB_CHAT: { textLength: 4_096, media: anyFile(25 * MB), windowHours: null, templates: false, replies: true },
};

export const limitsOf = (channelType: string): ChannelLimits => known[channelType] ?? common;

/** As the channels count: an emoji is one character, not two. */
export const textLength = (text: string): number => [...text].length;

/** Under which kind a file travels: as what it is where the channel shows it, else as a document. */
export function mediaKindOf(mimeType: string, limits: ChannelLimits): MediaKind {
  const type = mimeType.split(';')[0]?.toLowerCase() ?? '';
  const kinds: MediaKind[] = ['image', 'video', 'audio'];
  return kinds.find((kind) => limits.media[kind]?.mimeTypes.some((accepted) => accepts(accepted, type))) ?? 'document';
}

const accepts = (accepted: string, type: string): boolean =>
  accepted === '*' || accepted === type || (accepted.endsWith('/*') && type.startsWith(accepted.slice(0, -1)));
