import type { JsonObject } from './json.ts';

export interface AccessToken {
  token: string;
  userId: string;
  name: string;
  state: 'valid' | 'expired' | 'revoked';
  /** Accounts that the system user behind the token was given. */
  wabaIds: Set<string>;
}

export type TemplateStatus = 'APPROVED' | 'PENDING' | 'REJECTED' | 'PAUSED' | 'DISABLED';

export interface Template {
  id: string;
  name: string;
  language: string;
  status: TemplateStatus;
  category: 'MARKETING' | 'UTILITY' | 'AUTHENTICATION';
  /** As Meta returns them: `{type: 'BODY', text: 'Hello {{1}}'}`. */
  components: JsonObject[];
  parameterFormat: 'POSITIONAL' | 'NAMED';
}

export interface Waba {
  id: string;
  name: string;
  reviewStatus: string;
  businessVerification: string;
  namespace: string;
  templates: Template[];
}

export interface PhoneNumber {
  id: string;
  wabaId: string;
  /** Digits only. */
  displayNumber: string;
  verifiedName: string;
  status: string;
  nameStatus: string;
  accountMode: string;
  qualityRating: string;
  canSend: 'AVAILABLE' | 'LIMITED' | 'BLOCKED';
}

export interface StoredMedia {
  id: string;
  wabaId: string;
  mimeType: string;
  fileName: string | undefined;
  bytes: Uint8Array<ArrayBuffer>;
}

/** A person with WhatsApp on the other side. */
export interface Person {
  waId: string;
  name: string;
  userId: string;
  username: string | undefined;
  /** A customer behind a username: webhooks tell the user id only. */
  hidesNumber: boolean;
  /** Has WhatsApp and can be reached. */
  reachable: boolean;
  stoppedMarketing: boolean;
  /** When this person last wrote, by phone number id. */
  lastWroteAt: Map<string, number>;
}

export type MessageState = 'accepted' | 'sent' | 'delivered' | 'read' | 'failed';

/** A message that the business sent through the API. */
export interface OutgoingMessage {
  id: string;
  phoneNumberId: string;
  waId: string;
  addressedBy: 'phone' | 'user_id';
  at: number;
  body: JsonObject;
  type: string;
  reference: string | undefined;
  category: string;
  state: MessageState;
  error: JsonObject | undefined;
}

export interface Subscription {
  callbackUrl: string;
  verifyToken: string;
}

/** Everything that Meta would remember. */
export interface World {
  app: { id: string; secret: string };
  tokens: Map<string, AccessToken>;
  wabas: Map<string, Waba>;
  numbers: Map<string, PhoneNumber>;
  media: Map<string, StoredMedia>;
  people: Map<string, Person>;
  outgoing: Map<string, OutgoingMessage>;
  /** Messages of customers, by id: what may be marked as read, quoted and reacted to. */
  incoming: Map<string, { phoneNumberId: string; waId: string; read: boolean; typing: boolean }>;
  subscription: Subscription | undefined;
  /**
   * Whether an id that was never seen does not exist. The Sandbox is restarted with the product and forgets, while the
   * product still answers what was said before; there any well-formed id is taken.
   */
  strictIds: boolean;
}

/** Whether a message id may be marked as read, or reacted to. */
export function knowsMessage(world: World, id: string): boolean {
  if (world.incoming.has(id) || world.outgoing.has(id)) return true;
  return !world.strictIds && id.startsWith('wamid.');
}

export function createWorld(app: { id: string; secret: string }): World {
  return {
    app,
    tokens: new Map(),
    wabas: new Map(),
    numbers: new Map(),
    media: new Map(),
    people: new Map(),
    outgoing: new Map(),
    incoming: new Map(),
    subscription: undefined,
    strictIds: true,
  };
}
