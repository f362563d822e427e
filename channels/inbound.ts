import type { MediaKind } from './capabilities.ts';
import type { ChannelFailure } from './failure.ts';

/**
 * What providers tell us, in one vocabulary. A discriminated union on `type`; whatever an adapter does not know becomes
 * an `unsupported` event (or a message with `unsupported` content) that carries the raw fragment. Nothing is dropped.
 */
export type InboundEvent =
  | InboundMessage
  | InboundReceipt
  | InboundEdit
  | InboundDeletion
  | InboundClick
  | InboundTyping
  | InboundConsent
  | InboundContactChange
  | InboundAccountUpdate
  | InboundUnsupported;

/** Which account an event belongs to: the row of `channel_accounts` whose `settings->>field` equals `value`. */
export interface AccountKey {
  field: string;
  value: string;
}

export interface EventBase {
  /** null when the payload does not say; keep the event as unmatched, never throw it away. */
  account: AccountKey | null;
  /** The same for every redelivery of this event and different for any other one of this channel type. */
  dedupeKey: string;
  /** Events with the same key must be handled one after another, in order of arrival. */
  orderingKey: string;
  /** ISO 8601 UTC by the provider's clock; null when it sent none. */
  timestamp: string | null;
  /** The provider's fragment that this event was read from, safe to store as jsonb. */
  raw: unknown;
}

/** A person as the provider knows them. */
export interface Party {
  /** The address to answer to: wa_id, page-scoped id, chat id, e-mail address, visitor id. */
  externalId: string;
  /** Other identifiers of the same person, to match a contact by (WhatsApp: business-scoped user ids). */
  alternateIds: readonly string[];
  /** E.164 with the plus sign, when the channel tells it. */
  phone?: string;
  email?: string;
  name?: string;
  username?: string;
  avatarUrl?: string;
  locale?: string;
}

/** Where a message was said when that is not the one-to-one chat with the sender. */
export interface Thread {
  kind: 'direct' | 'group' | 'channel' | 'comment';
  externalId: string;
  title?: string;
  /** The post that a comment thread hangs on. */
  postId?: string;
  url?: string;
}

export interface InboundMessage extends EventBase {
  type: 'message';
  externalId: string;
  /** OUTBOUND: written by the business elsewhere (phone app, provider's own inbox) and echoed to us. */
  direction: 'INBOUND' | 'OUTBOUND';
  /** `history` messages are old: store them, but notify nobody and start no automation. */
  origin: 'live' | 'history';
  /** The customer, whatever the direction. */
  party: Party;
  thread: Thread;
  content: InboundContent;
  /** Further files of the same message (e-mail, Messenger). */
  attachments: readonly InboundMedia[];
  replyToExternalId?: string;
  forwarded: boolean;
  forwardedManyTimes: boolean;
  /** The advertisement or link that led the customer here. */
  referral?: Referral;
  /** The catalogue item that the customer asks about. */
  referredProduct?: { catalogId: string; productId: string };
  /** Delivery state of a `history` message of ours. */
  status?: ReceiptStatus;
}

export interface InboundMedia {
  kind: MediaKind;
  /** One of the two: an id to give to `fetchMedia`, or an address to download from. */
  providerMediaId?: string;
  url?: string;
  mimeType?: string;
  /** As the provider wrote it, base64 or hex. */
  sha256?: string;
  fileName?: string;
  sizeBytes?: number;
  /** Recorded in the chat rather than sent as a file. */
  voice?: boolean;
  animated?: boolean;
}

export interface ContactCard {
  name: string;
  firstName?: string;
  lastName?: string;
  organization?: string;
  title?: string;
  birthday?: string;
  phones: readonly { phone: string; type?: string; externalId?: string }[];
  emails: readonly { email: string; type?: string }[];
  urls: readonly { url: string; type?: string }[];
  addresses: readonly { text: string; type?: string }[];
}

export interface OrderItem {
  productId: string;
  quantity: number;
  /** Price of one item in the currency's main unit. */
  price: number;
  currency: string;
}

export interface Referral {
  /** `ad`, `post`, `link`, or what the provider says. */
  source: string;
  sourceId?: string;
  url?: string;
  headline?: string;
  body?: string;
  mediaType?: string;
  mediaUrl?: string;
  thumbnailUrl?: string;
  /** Click id for conversion reporting (`ctwa_clid`). */
  clickId?: string;
  /** Free parameter of a link (`m.me/page?ref=`). */
  ref?: string;
}

/** The press of something that we had sent. */
export interface InteractiveReply {
  kind: 'button' | 'list' | 'quick_reply' | 'flow' | 'postback' | 'address' | 'call_permission';
  /** The id or payload that we gave to it; empty for forms. */
  id: string;
  title: string;
  description?: string;
  /** Answers of a form. */
  data?: Readonly<Record<string, unknown>>;
}

export type SystemNotice =
  | { event: 'number_changed'; newExternalId?: string; newPhone?: string }
  | { event: 'identity_changed' }
  | { event: 'user_id_changed'; newExternalId?: string; previousExternalId?: string }
  | { event: 'conversation_opened' }
  | { event: 'other' };

export type InboundContent =
  | { type: 'text'; text: string }
  | { type: 'media'; media: InboundMedia; caption?: string }
  | { type: 'location'; latitude: number; longitude: number; name?: string; address?: string; url?: string }
  | { type: 'contacts'; contacts: readonly ContactCard[] }
  /** `emoji` is null when an earlier reaction is taken back. */
  | { type: 'reaction'; targetExternalId: string; emoji: string | null }
  | { type: 'reply'; reply: InteractiveReply }
  | { type: 'order'; catalogId?: string; text?: string; items: readonly OrderItem[] }
  | { type: 'poll'; question: string; options: readonly string[] }
  | { type: 'story'; relation: 'mention' | 'reply'; url?: string; storyId?: string; text?: string }
  | { type: 'email'; subject?: string; text?: string; html?: string; to: readonly string[]; cc: readonly string[] }
  | { type: 'system'; text: string; notice: SystemNotice }
  | { type: 'referral'; referral: Referral }
  /** `reason` is the provider's own, `providerType` what it called the message. */
  | { type: 'unsupported'; providerType: string; reason: string; code?: string };

export type ReceiptStatus = 'SENT' | 'DELIVERED' | 'READ' | 'FAILED';

export interface InboundReceipt extends EventBase {
  type: 'receipt';
  /** null where the provider acknowledges everything up to a moment instead of one message. */
  externalId: string | null;
  /** Everything of ours up to this moment is acknowledged, ISO 8601 UTC. */
  upTo?: string;
  status: ReceiptStatus;
  recipient: Party | null;
  /** Why it failed, only with FAILED. */
  failure?: ChannelFailure;
  /** What we sent along as `clientReference`: finds the message even if its id never reached us. */
  clientReference?: string;
  /** A voice message was listened to. */
  played?: boolean;
  conversation?: { id: string; category?: string; expiresAt?: string };
  pricing?: { billable?: boolean; model?: string; type?: string; category?: string };
}

export interface InboundEdit extends EventBase {
  type: 'edit';
  targetExternalId: string;
  direction: 'INBOUND' | 'OUTBOUND';
  party: Party | null;
  content: InboundContent;
}

export interface InboundDeletion extends EventBase {
  type: 'deletion';
  targetExternalId: string;
  direction: 'INBOUND' | 'OUTBOUND';
  party: Party | null;
}

/** A link in something we had sent was followed. */
export interface InboundClick extends EventBase {
  type: 'click';
  party: Party | null;
  clickId?: string;
  trackingToken?: string;
  /** What was pressed: `cta`, `body`, as the provider says. */
  component?: string;
  productId?: string;
  url?: string;
  templateName?: string;
}

export interface InboundTyping extends EventBase {
  type: 'typing';
  party: Party;
  typing: boolean;
}

/** The customer stopped or resumed a kind of message. */
export interface InboundConsent extends EventBase {
  type: 'consent';
  party: Party;
  category: string;
  value: 'stop' | 'resume';
  detail?: string;
}

/** The business's own address book changed, or a visitor told who they are. */
export interface InboundContactChange extends EventBase {
  type: 'contact';
  action: 'saved' | 'removed';
  party: Party;
  /** Answers to the channel's own questions (pre-chat form), by field name. */
  fields: Readonly<Record<string, string>>;
}

export type AccountUpdate =
  | {
      subject: 'template';
      templateId?: string;
      name?: string;
      language?: string;
      /** Status, quality, category or components changed. */
      aspect: 'status' | 'quality' | 'category' | 'components';
      value?: string;
      previous?: string;
      reason?: string;
    }
  | {
      subject: 'sender';
      aspect: 'quality' | 'name' | 'throughput' | 'other';
      displayPhone?: string;
      value?: string;
      previous?: string;
      reason?: string;
    }
  | { subject: 'account'; aspect: string; value?: string; reason?: string }
  | { subject: 'error'; aspect: 'provider_error'; failure: ChannelFailure };

export interface InboundAccountUpdate extends EventBase {
  type: 'account';
  update: AccountUpdate;
  /** One sentence for the channel's log and the admins. */
  words: string;
}

export interface InboundUnsupported extends EventBase {
  type: 'unsupported';
  /** What the provider called it, for instance the webhook field. */
  providerType: string;
  reason: string;
}
