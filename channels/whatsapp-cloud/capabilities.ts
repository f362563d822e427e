import type { Capabilities } from '../capabilities.ts';

const MB = 1024 * 1024;

/**
 * WhatsApp Cloud API, from Meta's pages on supported media types, interactive messages, text messages, typing
 * indicators and throughput (links in README.md). Inbound files of any kind can be up to 100 MB.
 */
export const whatsappCloudCapabilities: Capabilities = {
  inbound: true,
  text: { maxLength: 4096, formatting: 'whatsapp' },
  media: {
    image: { mimeTypes: ['image/jpeg', 'image/png'], maxBytes: 5 * MB, captionLength: 1024 },
    video: { mimeTypes: ['video/mp4', 'video/3gpp', 'video/3gp'], maxBytes: 16 * MB, captionLength: 1024 },
    audio: {
      mimeTypes: ['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg'],
      maxBytes: 16 * MB,
      captionLength: 0,
    },
    document: { mimeTypes: ['*'], maxBytes: 100 * MB, captionLength: 1024 },
    sticker: { mimeTypes: ['image/webp'], maxBytes: 500 * 1024, captionLength: 0 },
  },
  attachmentsPerMessage: 1,
  headerLength: 60,
  footerLength: 60,
  buttons: { max: 3, titleLength: 20, idLength: 256, bodyLength: 1024 },
  list: {
    buttonLength: 20,
    sections: 10,
    rows: 10,
    titleLength: 24,
    descriptionLength: 72,
    idLength: 200,
    bodyLength: 4096,
  },
  linkButton: { titleLength: 20, bodyLength: 1024 },
  products: true,
  carousel: null,
  flows: true,
  templates: { use: 'outside_window', approval: true },
  polls: false,
  location: { send: true, receive: true },
  locationRequests: true,
  contacts: { send: true, receive: true },
  reactions: { send: true, receive: true },
  replies: { send: true, receive: true },
  typing: { send: true, receive: false },
  readReceipts: { send: true, receive: true },
  deliveryReceipts: true,
  edits: { send: false, receive: true },
  deletions: { send: false, receive: true },
  sessionWindowHours: 24,
  rate: { perSecond: 80, perRecipient: { burst: 45, everyMs: 6000 } },
};
