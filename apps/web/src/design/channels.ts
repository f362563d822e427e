/** The channels a conversation can live on, as `channel_accounts.type` names them, and the mark each is shown with. */
export const channelMarks = {
  WHATSAPP_CLOUD: { color: 'var(--channel-whatsapp)', glyph: 'phone-bubble' },
  WHATSAPP_LITE: { color: 'var(--channel-whatsapp-lite)', glyph: 'phone-bubble' },
  FB_MESSENGER: { color: 'var(--channel-messenger)', glyph: 'bolt' },
  INSTAGRAM: { color: 'var(--channel-instagram)', glyph: 'camera' },
  TELEGRAM: { color: 'var(--channel-telegram)', glyph: 'plane' },
  TIKTOK: { color: 'var(--channel-tiktok)', glyph: 'note' },
  SHOPIFY_INBOX: { color: 'var(--channel-shopify)', glyph: 'bag' },
  LINKEDIN: { color: 'var(--channel-linkedin)', glyph: 'in' },
  BULK_EMAIL: { color: 'var(--channel-email)', glyph: 'envelope' },
  EMAIL: { color: 'var(--channel-email)', glyph: 'envelope' },
  SMS: { color: 'var(--channel-sms)', glyph: 'lines' },
  WEB_CHAT: { color: 'var(--channel-web)', glyph: 'bubble' },
} as const satisfies Record<string, { color: string; glyph: Glyph }>;

export type Glyph =
  | 'phone-bubble'
  | 'bolt'
  | 'camera'
  | 'plane'
  | 'note'
  | 'bag'
  | 'in'
  | 'envelope'
  | 'lines'
  | 'bubble';
export type ChannelType = keyof typeof channelMarks;

/** True for a channel this version has a mark and a name for. */
export function isChannelType(type: string): type is ChannelType {
  return Object.hasOwn(channelMarks, type);
}
