import { randomUUID } from 'node:crypto';
import type { ChannelAdapter } from '../contract.ts';
import { refuseProblems } from '../preflight.ts';
import { webChatFields } from './account.ts';
import { webChatCapabilities } from './capabilities.ts';
import { widgetView } from './outboundView.ts';
import { parseWebChat, splitWebChat } from './parse.ts';

export { originAllowed } from './allowedOrigins.ts';
export { type WidgetView, widgetView } from './outboundView.ts';
export { issueVisitorToken, readVisitorToken, type VisitorClaims } from './visitorToken.ts';

/**
 * The chat widget for any web site. There is no provider in between: what we send is stored with the message, and the
 * visitor's browser fetches it (`GET messages`, `GET events`). So `send` checks the message and hands it over; read
 * receipts and typing of agents reach the visitor as events of the same stream.
 */
export const webChat: ChannelAdapter = {
  type: 'WEB_CHAT',
  name: 'Web chat',
  capabilities: webChatCapabilities,
  accountFields: Object.values(webChatFields),
  splitWebhook: splitWebChat,
  parseWebhook: parseWebChat,
  send: async (_account, message) => {
    refuseProblems(webChatCapabilities, message.content);
    widgetView(message.content);
    return { externalId: message.clientReference ?? randomUUID(), partIds: [], state: 'handed_over' };
  },
  checkAccount: async () => ({ ok: true, sending: 'available', checks: [] }),
};
