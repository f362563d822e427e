import type { AccountField } from '../account.ts';

export const webChatFields = {
  widgetKey: {
    name: 'widget_key',
    label: 'Widget key',
    help: 'Public name of this widget, part of the snippet for your site. Made by ConnectGain.',
    required: false,
    secret: false,
  },
  allowedOrigins: {
    name: 'allowed_origins',
    label: 'Allowed sites',
    help: 'Addresses that may show the widget, such as https://shop.example or https://*.shop.example. Empty allows every site.',
    required: false,
    secret: false,
  },
} as const satisfies Record<string, AccountField>;
