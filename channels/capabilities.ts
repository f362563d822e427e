/**
 * What a channel can do, as plain data. The composer, the flow editor, the pre-flight check and `docs/channels.md` read
 * the same declaration, so a limit is written once. Lengths are in code points, sizes in bytes, times in the unit named.
 */

export type MediaKind = 'image' | 'video' | 'audio' | 'document' | 'sticker';

export interface MediaCapability {
  /** Accepted types; `*` stands for any, `image/*` for a family. */
  mimeTypes: readonly string[];
  maxBytes: number;
  /** Longest caption, 0 where the channel has none for this kind. */
  captionLength: number;
}

/** Whether we may do it to the customer, and whether we learn when the customer does it. */
export interface BothWays {
  send: boolean;
  receive: boolean;
}

export interface ButtonCapability {
  max: number;
  titleLength: number;
  idLength: number;
  bodyLength: number;
}

export interface ListCapability {
  buttonLength: number;
  sections: number;
  rows: number;
  titleLength: number;
  descriptionLength: number;
  idLength: number;
  bodyLength: number;
}

export interface TemplateCapability {
  /** `outside_window`: the only thing that may be sent once the window is shut. `optional`: a convenience of ours. */
  use: 'outside_window' | 'optional';
  /** Templates live at the provider and need its approval. */
  approval: boolean;
}

export interface RateCapability {
  /** Messages per second of one sending account. */
  perSecond: number;
  /** To one and the same recipient: `burst` at once, then one per `everyMs`. */
  perRecipient?: { burst: number; everyMs: number };
}

export interface Capabilities {
  /** Customers can write to us here; false for SMS and push, which never appear in the inbox. */
  inbound: boolean;
  text: { maxLength: number; formatting: 'none' | 'whatsapp' | 'markdown' | 'html' } | null;
  /** SMS: characters of one part and of one joined part, in the GSM alphabet and in UCS-2. */
  segments?: { single: number; joined: number; unicodeSingle: number; unicodeJoined: number };
  media: Readonly<Partial<Record<MediaKind, MediaCapability>>>;
  /** Files that one message can carry. */
  attachmentsPerMessage: number;
  /** Body, header and footer around buttons and lists; 0 where there is none. */
  headerLength: number;
  footerLength: number;
  buttons: ButtonCapability | null;
  list: ListCapability | null;
  /** A single button that opens a web page. */
  linkButton: { titleLength: number; bodyLength: number } | null;
  products: boolean;
  carousel: { cards: number } | null;
  /** Forms that open inside the channel. */
  flows: boolean;
  templates: TemplateCapability | null;
  polls: boolean;
  location: BothWays;
  /** A button that asks the customer for their place. */
  locationRequests: boolean;
  contacts: BothWays;
  reactions: BothWays;
  /** Quoting an earlier message. */
  replies: BothWays;
  typing: BothWays;
  /** `send`: we tell the customer that we read; `receive`: we learn that the customer read. */
  readReceipts: BothWays;
  deliveryReceipts: boolean;
  edits: BothWays;
  deletions: BothWays;
  /** Hours after the customer's last message in which free messages may be sent; null where there is no window. */
  sessionWindowHours: number | null;
  rate: RateCapability;
  /** Push channels. */
  notification?: { titleLength: number; bodyLength: number };
  email?: { subjectLength: number; cc: boolean; html: boolean; threading: boolean };
}
