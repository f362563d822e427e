import type { ChannelAdapter } from '../contract.ts';
import { readAccount, whatsappCloudFields } from './account.ts';
import { whatsappCloudCapabilities } from './capabilities.ts';
import { checkAccount } from './health.ts';
import { fetchMedia, uploadMedia } from './media.ts';
import { markRead, showTyping } from './presence.ts';
import { sendMessage } from './send/sendMessage.ts';
import { answerHandshake, verifySignature } from './signature.ts';
import { listTemplates } from './templates.ts';
import { parsePayload } from './webhook/parse.ts';
import { splitBody } from './webhook/split.ts';

export { graphVersion, graphVersionWarning } from './graphVersion.ts';

/** WhatsApp Cloud API (Meta). A table of contents: each capability lives in the file it is imported from. */
export const whatsappCloud: ChannelAdapter = {
  type: 'WHATSAPP_CLOUD',
  name: 'WhatsApp Cloud',
  capabilities: whatsappCloudCapabilities,
  accountFields: Object.values(whatsappCloudFields),
  handshake: answerHandshake,
  verifyWebhook: verifySignature,
  splitWebhook: splitBody,
  parseWebhook: parsePayload,
  send: async (account, message, transport, options) => sendMessage(readAccount(account), message, transport, options),
  fetchMedia: async (account, media, transport, options) => fetchMedia(readAccount(account), media, transport, options),
  uploadMedia: async (account, media, transport, options) =>
    uploadMedia(readAccount(account), media, transport, options),
  markRead: async (account, seen, transport, options) => markRead(readAccount(account), seen, transport, options),
  showTyping: async (account, seen, transport, options) => showTyping(readAccount(account), seen, transport, options),
  checkAccount: async (account, transport, options) => checkAccount(readAccount(account), transport, options),
  listTemplates: async (account, transport, options) => listTemplates(readAccount(account), transport, options),
};
