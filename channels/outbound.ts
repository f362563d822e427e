import type { MediaKind } from './capabilities.ts';
import type { ContactCard } from './inbound.ts';

/** One message to one recipient. Which contents a channel takes is in its `capabilities`. */
export interface OutboundMessage {
  to: Recipient;
  content: OutboundContent;
  replyToExternalId?: string;
  /** Our own message id. Providers that can, return it with every receipt; others ignore it. */
  clientReference?: string;
}

export interface Recipient {
  /** What `Party.externalId` was: wa_id, page-scoped id, chat id, e-mail address, visitor id. */
  externalId: string;
  /** E.164, for channels that can also be reached by number. */
  phone?: string;
}

export type MediaSource =
  /** The provider downloads it; must be reachable from the internet. */
  | { type: 'url'; url: string }
  /** We upload it first. */
  | { type: 'bytes'; bytes: Uint8Array<ArrayBuffer> }
  /** Uploaded before by `uploadMedia`. */
  | { type: 'id'; id: string };

export interface OutboundMedia {
  kind: MediaKind;
  source: MediaSource;
  mimeType?: string;
  fileName?: string;
  /** Show as a voice message rather than as a sound file. */
  voice?: boolean;
}

/** Above the body of an interactive message. */
export type OutboundHeader = { type: 'text'; text: string } | { type: 'media'; media: OutboundMedia };

export interface ReplyButton {
  id: string;
  title: string;
}

export interface ListSection {
  title?: string;
  rows: readonly { id: string; title: string; description?: string }[];
}

/** A value for one variable of a template. */
export type TemplateParameter =
  | { type: 'text'; text: string; name?: string }
  | { type: 'currency'; fallback: string; code: string; amount1000: number; name?: string }
  | { type: 'date_time'; fallback: string; name?: string }
  | { type: 'media'; media: OutboundMedia; name?: string }
  | { type: 'location'; latitude: number; longitude: number; label?: string; address?: string }
  | { type: 'payload'; payload: string }
  | { type: 'coupon_code'; code: string }
  | { type: 'action'; action: Readonly<Record<string, unknown>> };

export type TemplateComponent =
  | { type: 'header' | 'body'; parameters: readonly TemplateParameter[] }
  | {
      type: 'button';
      subType: 'quick_reply' | 'url' | 'copy_code' | 'flow' | 'catalog' | 'mpm' | 'voice_call';
      index: number;
      parameters: readonly TemplateParameter[];
    }
  | {
      type: 'carousel';
      cards: readonly {
        index: number;
        components: readonly Exclude<TemplateComponent, { type: 'carousel' }>[];
      }[];
    }
  | { type: 'limited_time_offer'; expiresAtMs: number };

interface InteractiveFrame {
  body: string;
  header?: OutboundHeader;
  footer?: string;
}

export type OutboundContent =
  | { type: 'text'; text: string; previewLinks?: boolean }
  | { type: 'media'; media: OutboundMedia; caption?: string }
  | { type: 'template'; name: string; language: string; components: readonly TemplateComponent[] }
  | ({ type: 'buttons'; buttons: readonly ReplyButton[] } & InteractiveFrame)
  | ({ type: 'list'; button: string; sections: readonly ListSection[] } & InteractiveFrame)
  | ({ type: 'link_button'; title: string; url: string } & InteractiveFrame)
  | {
      type: 'product';
      catalogId: string;
      productId: string;
      body?: string;
      footer?: string;
    }
  | {
      type: 'product_list';
      catalogId: string;
      header: string;
      body: string;
      footer?: string;
      sections: readonly { title: string; productIds: readonly string[] }[];
    }
  | { type: 'catalog'; body: string; footer?: string; thumbnailProductId?: string }
  | ({
      type: 'flow';
      flow: { id: string } | { name: string };
      token: string;
      title: string;
      /** Open at this screen with this data; without it the form asks its own endpoint. */
      start?: { screen: string; data?: Readonly<Record<string, unknown>> };
      draft?: boolean;
    } & InteractiveFrame)
  | { type: 'location_request'; body: string }
  | { type: 'location'; latitude: number; longitude: number; name?: string; address?: string }
  | { type: 'contacts'; contacts: readonly ContactCard[] }
  /** null takes an earlier reaction back. */
  | { type: 'reaction'; targetExternalId: string; emoji: string | null }
  | {
      type: 'carousel';
      cards: readonly { title: string; subtitle?: string; imageUrl?: string; buttons: readonly ReplyButton[] }[];
    }
  | { type: 'poll'; question: string; options: readonly string[]; multiple?: boolean }
  | {
      type: 'email';
      subject: string;
      text?: string;
      html?: string;
      cc?: readonly string[];
      bcc?: readonly string[];
      replyTo?: string;
      attachments?: readonly OutboundMedia[];
    }
  | { type: 'notification'; title: string; body: string; url?: string; iconUrl?: string };

export interface SendResult {
  /** The provider's id; receipts come under it. */
  externalId: string;
  /** Ids of the further parts, where the channel needs several calls for one message. */
  partIds: readonly string[];
  /** `accepted`: queued, receipts will tell. `held`: the provider checks the quality first. `handed_over`: the recipient fetches it. */
  state: 'accepted' | 'held' | 'handed_over';
  /** The recipient as the provider resolved it, when it said so. */
  recipientExternalId?: string;
}
