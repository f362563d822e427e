import type { AccountField, ChannelAccount } from './account.ts';
import type { Capabilities } from './capabilities.ts';
import type { ChannelType } from './channelType.ts';
import type { AccountKey, InboundEvent, InboundMedia } from './inbound.ts';
import type { OutboundMedia, OutboundMessage, SendResult } from './outbound.ts';
import type { Transport } from './transport.ts';

/**
 * The contract of a channel. An adapter is pure protocol: it turns a provider's bytes into `InboundEvent`s and an
 * `OutboundMessage` into the provider's calls. It knows no database, keeps no state and reaches the network only by the
 * transport it is given.
 *
 * Errors: every method throws `ChannelError` and nothing else; `failure.kind` tells the caller what to do with the job.
 */
export interface ChannelAdapter {
  readonly type: ChannelType;
  /** The channel's name for people; a proper noun, the same in every language. */
  readonly name: string;
  readonly capabilities: Capabilities;
  /** The connect form. */
  readonly accountFields: readonly AccountField[];

  /** Answers a provider's check of the callback URL; absent where the provider makes none. */
  handshake?(query: WebhookQuery, secrets: WebhookSecrets): HandshakeAnswer;

  /** Whether the request was sent by the provider. Compares in constant time, over the raw bytes. */
  verifyWebhook?(request: WebhookRequest, secrets: WebhookSecrets): WebhookVerdict;

  /**
   * Cuts one webhook body into the parts to store, each a complete payload of the provider with one thing in it.
   * Cheap enough for the acknowledgement path. A body that is no JSON throws `malformed_payload`; any JSON gives parts.
   */
  splitWebhook?(rawBody: Uint8Array): WebhookPart[];

  /** Reads a stored payload (a part, or a whole body). Any JSON value gives events, unknown ones as `unsupported`. */
  parseWebhook?(payload: unknown): InboundEvent[];

  /** Sends one message. Retrying is the caller's business: see `ChannelFailure.mayHaveArrived`. */
  send(
    account: ChannelAccount,
    message: OutboundMessage,
    transport: Transport,
    options?: CallOptions,
  ): Promise<SendResult>;

  /** Downloads what a customer sent. Addresses expire, so this is done soon and the file is kept by us. */
  fetchMedia?(
    account: ChannelAccount,
    media: Pick<InboundMedia, 'providerMediaId' | 'url'>,
    transport: Transport,
    options?: CallOptions & { maxBytes?: number },
  ): Promise<FetchedMedia>;

  /** Uploads a file for later messages and returns the provider's id for it. */
  uploadMedia?(
    account: ChannelAccount,
    media: OutboundMedia,
    transport: Transport,
    options?: CallOptions,
  ): Promise<{ id: string }>;

  /** Tells the customer that this message (and all before it) was read. */
  markRead?(account: ChannelAccount, seen: SeenMessage, transport: Transport, options?: CallOptions): Promise<void>;

  /** Shows “typing…” to the customer for as long as the channel does that. */
  showTyping?(account: ChannelAccount, seen: SeenMessage, transport: Transport, options?: CallOptions): Promise<void>;

  /** Asks the provider whether the account works. A refused account is a finding, not an error. */
  checkAccount?(account: ChannelAccount, transport: Transport, options?: CallOptions): Promise<AccountHealth>;

  /** All message templates of the account at the provider. */
  listTemplates?(account: ChannelAccount, transport: Transport, options?: CallOptions): Promise<ProviderTemplate[]>;
}

export interface CallOptions {
  signal?: AbortSignal;
}

export type WebhookQuery = Readonly<Record<string, string | undefined>>;

export interface WebhookRequest {
  /** Exactly as received: a signature is over bytes, not over meaning. */
  rawBody: Uint8Array;
  /** Names in lower case, as Node gives them. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  query: WebhookQuery;
}

/** What the caller knows for the account(s) a webhook may belong to; several values let a secret be rotated. */
export interface WebhookSecrets {
  signing: readonly string[];
  verifyTokens: readonly string[];
}

export type WebhookVerdict =
  | { ok: true }
  | { ok: false; reason: 'missing_signature' | 'bad_signature' | 'no_secret'; words: string };

export type HandshakeAnswer = { ok: true; body: string } | { ok: false; words: string };

export interface WebhookPart {
  account: AccountKey | null;
  dedupeKey: string;
  orderingKey: string;
  payload: unknown;
}

export interface FetchedMedia {
  bytes: Uint8Array<ArrayBuffer>;
  /** As the provider declares it; sniff before trusting it. */
  mimeType: string;
  sha256?: string;
  fileName?: string;
}

/** The customer's message that is being read or answered. */
export interface SeenMessage {
  externalId: string;
  /** The customer, for channels that mark a whole conversation. */
  party: { externalId: string };
}

export interface HealthCheck {
  name: string;
  ok: boolean;
  /** What was found, and what to do when it is not ok. */
  words: string;
  /** Facts as the provider returned them. */
  facts: Readonly<Record<string, unknown>>;
}

export interface AccountHealth {
  ok: boolean;
  /** `limited`: works with restrictions that `checks` explains. */
  sending: 'available' | 'limited' | 'blocked' | 'unknown';
  /** Name and address that customers see. */
  displayName?: string;
  displayAddress?: string;
  checks: readonly HealthCheck[];
}

export interface ProviderTemplate {
  id: string;
  name: string;
  language: string;
  /** Upper case, as the provider has it: APPROVED, PENDING, REJECTED, PAUSED, DISABLED… */
  status: string;
  category: string;
  components: readonly Readonly<Record<string, unknown>>[];
  rejectedReason?: string;
  qualityScore?: string;
  parameterFormat?: string;
}
