import { type ChannelType, toChannelType } from './channelType.ts';
import type { ChannelAdapter } from './contract.ts';
import { webChat } from './web-chat/index.ts';
import { whatsappCloud } from './whatsapp-cloud/index.ts';

/** Every channel there is, one line each. */
export const adapters: Readonly<Partial<Record<ChannelType, ChannelAdapter>>> = {
  WHATSAPP_CLOUD: whatsappCloud,
  WEB_CHAT: webChat,
};

/** The adapter of a stored or documented channel type; undefined for a type that has none. */
export function adapterFor(type: string): ChannelAdapter | undefined {
  const known = toChannelType(type);
  return known === undefined ? undefined : adapters[known];
}
