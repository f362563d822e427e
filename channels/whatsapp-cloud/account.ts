import { type AccountField, type ChannelAccount, optionalField, requireField } from '../account.ts';
import { misconfiguredAccount } from '../failure.ts';
import { graphVersion } from './graphVersion.ts';

/** The manual form of spec/channels-webhooks.md D2, plus the app secret that signs webhooks. */
export const whatsappCloudFields = {
  accessToken: {
    name: 'access_token',
    label: 'Access Token',
    help: 'Token of a system user with whatsapp_business_messaging and whatsapp_business_management, expiration “Never”.',
    required: true,
    secret: true,
  },
  phoneNumberId: {
    name: 'phone_number_id',
    label: 'Phone Number ID',
    help: 'App Dashboard, WhatsApp, API Setup. It is not the phone number itself.',
    required: true,
    secret: false,
  },
  wabaId: {
    name: 'waba_id',
    label: 'WABA ID',
    help: 'WhatsApp Business Account ID, such as 995632549547163. An id that begins with 100059 is a user, not an account.',
    required: true,
    secret: false,
  },
  verifyToken: {
    name: 'verify_token',
    label: 'Verify Token',
    help: 'Any text you choose; type the same one in Meta under WhatsApp, Configuration, Webhook.',
    required: true,
    // It only names our callback to Meta once, and the handshake must look it up.
    secret: false,
  },
  appSecret: {
    name: 'app_secret',
    label: 'App Secret',
    help: 'App Dashboard, Settings, Basic. Proves that webhooks come from Meta; not needed when the server has META_APP_SECRET.',
    required: false,
    secret: true,
  },
} as const satisfies Record<string, AccountField>;

export interface WhatsappCloudAccount {
  accessToken: string;
  phoneNumberId: string;
  wabaId: string | undefined;
  /** Without trailing slash and without version. */
  baseUrl: string;
}

/** Ids become parts of a URL; anything but digits would let a setting choose another path. */
function graphId(value: string, label: string): string {
  if (/^\d{1,32}$/.test(value)) return value;
  throw misconfiguredAccount(`The channel's ${label} must be the number that Meta shows, digits only.`);
}

/**
 * @throws ChannelError `account_misconfigured` naming the field that is missing or malformed
 */
export function readAccount(account: ChannelAccount): WhatsappCloudAccount {
  const wabaId = optionalField(account, whatsappCloudFields.wabaId);
  return {
    accessToken: requireField(account, whatsappCloudFields.accessToken),
    phoneNumberId: graphId(requireField(account, whatsappCloudFields.phoneNumberId), 'Phone Number ID'),
    wabaId: wabaId === undefined ? undefined : graphId(wabaId, 'WABA ID'),
    baseUrl: (account.baseUrl ?? graphVersion.baseUrl).replace(/\/+$/, ''),
  };
}
