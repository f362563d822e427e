import { graphId } from './ids.ts';
import type { JsonObject } from './json.ts';
import type { PhoneNumber, Template, Waba, World } from './model.ts';

export interface AccountOptions {
  wabaId?: string;
  phoneNumberId?: string;
  /** Digits only. */
  displayNumber?: string;
  name?: string;
  accessToken?: string;
  templates?: TemplateOptions[];
}

export interface TemplateOptions {
  name: string;
  language?: string;
  status?: Template['status'];
  category?: Template['category'];
  components: JsonObject[];
  parameterFormat?: Template['parameterFormat'];
}

/** Like those that every new account has, and one of each kind that is worth trying. */
export const sampleTemplates: readonly TemplateOptions[] = [
  {
    name: 'hello_world',
    language: 'en_US',
    category: 'UTILITY',
    components: [
      { type: 'HEADER', format: 'TEXT', text: 'Hello World' },
      {
        type: 'BODY',
        text: 'Welcome and congratulations!! This message demonstrates your ability to send a template.',
      },
      { type: 'FOOTER', text: 'WhatsApp Business Platform sample message' },
    ],
  },
  {
    name: 'order_update',
    language: 'en',
    category: 'UTILITY',
    components: [
      {
        type: 'BODY',
        text: 'Hello {{1}}, your order {{2}} is on its way.',
        example: { body_text: [['Mona', '1042']] },
      },
      { type: 'BUTTONS', buttons: [{ type: 'URL', text: 'Track it', url: 'https://shop.example/track/{{1}}' }] },
    ],
  },
  {
    name: 'order_update',
    language: 'ar',
    category: 'UTILITY',
    components: [{ type: 'BODY', text: 'مرحبا {{1}}، طلبك {{2}} في الطريق.' }],
  },
  {
    name: 'season_sale',
    language: 'en',
    category: 'MARKETING',
    components: [
      { type: 'HEADER', format: 'IMAGE' },
      { type: 'BODY', text: 'Our sale begins today, {{1}}.' },
      {
        type: 'BUTTONS',
        buttons: [
          { type: 'QUICK_REPLY', text: 'Show me' },
          { type: 'QUICK_REPLY', text: 'Stop' },
        ],
      },
    ],
  },
  {
    name: 'appointment_reminder',
    language: 'en',
    category: 'UTILITY',
    parameterFormat: 'NAMED',
    components: [{ type: 'BODY', text: 'Hello {{first_name}}, see you on {{day}}.' }],
  },
  {
    name: 'old_offer',
    language: 'en',
    status: 'PAUSED',
    category: 'MARKETING',
    components: [{ type: 'BODY', text: 'An old offer.' }],
  },
  {
    name: 'new_offer',
    language: 'en',
    status: 'PENDING',
    category: 'MARKETING',
    components: [{ type: 'BODY', text: 'A new offer.' }],
  },
];

function templateFrom(options: TemplateOptions): Template {
  return {
    id: graphId(),
    name: options.name,
    language: options.language ?? 'en',
    status: options.status ?? 'APPROVED',
    category: options.category ?? 'UTILITY',
    components: options.components,
    parameterFormat: options.parameterFormat ?? 'POSITIONAL',
  };
}

export interface SimulatedAccount {
  number: PhoneNumber;
  waba: Waba;
  accessToken: string;
}

/** A business account with one number and a system user who may use it. */
export function addAccount(world: World, options: AccountOptions = {}): SimulatedAccount {
  const wabaId = options.wabaId ?? graphId();
  const waba: Waba = world.wabas.get(wabaId) ?? {
    id: wabaId,
    name: options.name ?? 'Jasper’s Market',
    reviewStatus: 'APPROVED',
    businessVerification: 'verified',
    namespace: `ns_${wabaId}`,
    templates: (options.templates ?? sampleTemplates).map(templateFrom),
  };
  const number: PhoneNumber = {
    id: options.phoneNumberId ?? graphId(),
    wabaId,
    displayNumber: options.displayNumber ?? '15550783881',
    verifiedName: options.name ?? 'Jasper’s Market',
    status: 'CONNECTED',
    nameStatus: 'APPROVED',
    accountMode: 'LIVE',
    qualityRating: 'GREEN',
    canSend: 'AVAILABLE',
  };
  world.wabas.set(wabaId, waba);
  world.numbers.set(number.id, number);
  const accessToken = options.accessToken ?? `EAAG${graphId()}`;
  const existing = world.tokens.get(accessToken);
  if (existing) existing.wabaIds.add(wabaId);
  else
    world.tokens.set(accessToken, {
      token: accessToken,
      userId: graphId(),
      name: 'ConnectGain system user',
      state: 'valid',
      wabaIds: new Set([wabaId]),
    });
  return { number, waba, accessToken };
}
