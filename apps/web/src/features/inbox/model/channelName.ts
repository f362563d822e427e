import type { TFunction } from 'i18next';

/** The channel's own name; a proper noun, the same in every language, except for the words that are ours. */
export function channelName(type: string, t: TFunction): string {
  switch (type) {
    case 'WHATSAPP_CLOUD':
      return 'WhatsApp';
    case 'WHATSAPP_LITE':
      return 'WhatsApp Lite';
    case 'FB_MESSENGER':
      return 'Messenger';
    case 'INSTAGRAM':
      return 'Instagram';
    case 'TELEGRAM':
      return 'Telegram';
    case 'TIKTOK':
      return 'TikTok';
    case 'SHOPIFY_INBOX':
      return 'Shopify';
    case 'LINKEDIN':
      return 'LinkedIn';
    case 'EMAIL':
    case 'BULK_EMAIL':
      return t('inbox.channelNames.email');
    case 'WEB_CHAT':
      return t('inbox.channelNames.webChat');
    case 'SMS':
      return 'SMS';
    default:
      return type === '' ? t('inbox.channelNames.none') : type;
  }
}
