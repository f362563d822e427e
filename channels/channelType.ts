/** The thirteen channel types of the documentation (spec/channels-webhooks.md A1), spelled as they are stored. */
export const documentedChannelTypes = [
  'WHATSAPP_LITE',
  'WHATSAPP_CLOUD',
  'FB_MESSENGER',
  'INSTAGRAM',
  'TELEGRAM',
  'TIKTOK',
  'SHOPIFY_INBOX',
  'LINKEDIN',
  'BULK_EMAIL',
  'BULK_EMAIL_SES',
  'EMAIL',
  'SMS',
  'SHRINKIT_PUSH',
] as const;

/** Channels that are ours: browser notifications and the chat widget for any web site. */
export const ownChannelTypes = ['WEB_PUSH', 'WEB_CHAT'] as const;

export const channelTypes = [...documentedChannelTypes, ...ownChannelTypes] as const;

export type ChannelType = (typeof channelTypes)[number];

/** Spellings that the documentation also uses for a stored type (design section 7). */
const spellings: Readonly<Record<string, ChannelType>> = { MESSENGER: 'FB_MESSENGER' };

/** The stored spelling of a channel type, whatever case or documented alias it came in; undefined when it is none. */
export function toChannelType(value: string): ChannelType | undefined {
  const upper = value.toUpperCase();
  return channelTypes.find((type) => type === upper) ?? spellings[upper];
}
