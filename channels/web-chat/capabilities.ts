import type { Capabilities } from '../capabilities.ts';
import { MAX_ATTACHMENTS, MAX_TEXT } from './protocol.ts';

const MB = 1024 * 1024;
const any = { maxBytes: 25 * MB, captionLength: MAX_TEXT };

/** The chat widget: ours on both ends, so the limits are what a page can show well. */
export const webChatCapabilities: Capabilities = {
  inbound: true,
  text: { maxLength: MAX_TEXT, formatting: 'none' },
  media: {
    image: { mimeTypes: ['image/png', 'image/jpeg', 'image/gif', 'image/webp'], ...any },
    video: { mimeTypes: ['video/mp4', 'video/webm'], ...any },
    audio: { mimeTypes: ['audio/*'], ...any },
    document: { mimeTypes: ['*'], ...any },
  },
  attachmentsPerMessage: MAX_ATTACHMENTS,
  headerLength: 120,
  footerLength: 120,
  buttons: { max: 10, titleLength: 80, idLength: 256, bodyLength: MAX_TEXT },
  list: {
    buttonLength: 80,
    sections: 10,
    rows: 30,
    titleLength: 80,
    descriptionLength: 200,
    idLength: 256,
    bodyLength: MAX_TEXT,
  },
  linkButton: { titleLength: 80, bodyLength: MAX_TEXT },
  products: false,
  carousel: null,
  flows: false,
  templates: { use: 'optional', approval: false },
  polls: false,
  location: { send: true, receive: false },
  locationRequests: false,
  contacts: { send: false, receive: false },
  reactions: { send: false, receive: false },
  replies: { send: true, receive: true },
  typing: { send: true, receive: true },
  readReceipts: { send: true, receive: true },
  deliveryReceipts: true,
  edits: { send: true, receive: false },
  deletions: { send: true, receive: false },
  sessionWindowHours: null,
  rate: { perSecond: 50 },
};
