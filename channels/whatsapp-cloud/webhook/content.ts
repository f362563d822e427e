import type { MediaKind } from '../../capabilities.ts';
import type { InboundContent, InboundMedia, InteractiveReply, Referral, SystemNotice } from '../../inbound.ts';
import { asBoolean, asList, asNumber, asObject, asText, isObject, type JsonObject } from '../../readJson.ts';
import { classifyWebhookErrors } from '../classify.ts';
import { readContactCards } from './contactCards.ts';
import { phoneFrom } from './parties.ts';

/** Leaves out what is undefined, so that events hold only what the provider said. */
export function present<T extends object>(fields: T): T {
  for (const key of Object.keys(fields)) {
    if (Reflect.get(fields, key) === undefined) Reflect.deleteProperty(fields, key);
  }
  return fields;
}

function readMedia(kind: MediaKind, value: unknown): InboundMedia | undefined {
  const media = asObject(value);
  const providerMediaId = asText(media.id);
  const url = asText(media.url) ?? asText(media.link);
  if (providerMediaId === undefined && url === undefined) return undefined;
  return present({
    kind,
    providerMediaId,
    url,
    mimeType: asText(media.mime_type),
    sha256: asText(media.sha256),
    fileName: asText(media.filename),
    sizeBytes: asNumber(media.file_size),
    voice: asBoolean(media.voice),
    animated: asBoolean(media.animated),
  });
}

function mediaContent(kind: MediaKind, value: unknown, message: JsonObject): InboundContent {
  const media = readMedia(kind, value);
  if (!media) return unsupported(message, kind, 'The file came without an id to fetch it by.');
  return present({ type: 'media', media, caption: asText(asObject(value).caption) });
}

function parseForm(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function readInteractive(value: unknown): InteractiveReply | undefined {
  const interactive = asObject(value);
  const kind = asText(interactive.type);
  const inner = asObject(kind === undefined ? undefined : interactive[kind]);
  const id = asText(inner.id) ?? '';
  const title = asText(inner.title) ?? '';
  switch (kind) {
    case 'button_reply':
      return { kind: 'button', id, title };
    case 'list_reply': {
      const description = asText(inner.description);
      return { kind: 'list', id, title, ...(description === undefined ? {} : { description }) };
    }
    case 'nfm_reply':
      return readForm(inner);
    case 'call_permission_reply': {
      const response = asText(inner.response) ?? '';
      return { kind: 'call_permission', id: response, title: response, data: inner };
    }
    default:
      return undefined;
  }
}

/** A completed flow or address form; its answers come as JSON inside a text. */
function readForm(reply: JsonObject): InteractiveReply {
  const name = asText(reply.name);
  const data = parseForm(asText(reply.response_json));
  return {
    kind: name === 'address_message' ? 'address' : 'flow',
    id: asText(data?.flow_token) ?? '',
    title: asText(reply.body) ?? name ?? '',
    ...(data === undefined ? {} : { data }),
  };
}

function readNotice(system: JsonObject): SystemNotice {
  switch (asText(system.type)) {
    case 'user_changed_number':
    case 'customer_changed_number': {
      const newExternalId = asText(system.wa_id) ?? asText(system.new_wa_id) ?? asText(system.user_id);
      return present({ event: 'number_changed', newExternalId, newPhone: phoneFrom(newExternalId) });
    }
    case 'customer_identity_changed':
    case 'user_identity_changed':
      return { event: 'identity_changed' };
    case 'user_changed_user_id':
      return present({
        event: 'user_id_changed',
        newExternalId: asText(system.user_id),
        previousExternalId: asText(system.previous_user_id),
      });
    default:
      return { event: 'other' };
  }
}

/** `errors` of the message, or of the whole value when the message came without its content. */
export function unsupported(message: JsonObject, type: string, reason: string): InboundContent {
  const failure = classifyWebhookErrors(message.errors);
  const providerType = asText(asObject(message.unsupported).type) ?? type;
  return present({ type: 'unsupported', providerType, reason: failure?.detail ?? reason, code: failure?.code });
}

/**
 * The content of one message object: `{type, [type]: {…}}`, as in webhooks, echoes, history and edits. Source: “messages
 * webhook reference” and its page for each type (links in README.md).
 */
export function readContent(message: JsonObject): InboundContent {
  const type = asText(message.type) ?? '';
  const value = asObject(message[type]);
  switch (type) {
    case 'text': {
      const text = asText(value.body);
      return text === undefined ? unsupported(message, type, 'The text is empty.') : { type: 'text', text };
    }
    case 'image':
    case 'video':
    case 'audio':
    case 'document':
    case 'sticker':
      return mediaContent(type, value, message);
    case 'voice':
      return mediaContent('audio', { voice: true, ...value }, message);
    case 'location':
      return readLocation(value, message);
    case 'contacts': {
      const contacts = readContactCards(message.contacts);
      return contacts.length > 0
        ? { type, contacts }
        : unsupported(message, type, 'The message holds no contact card.');
    }
    case 'reaction': {
      const targetExternalId = asText(value.message_id);
      if (targetExternalId === undefined) return unsupported(message, type, 'The reaction names no message.');
      return { type, targetExternalId, emoji: asText(value.emoji) ?? null };
    }
    case 'button':
      return {
        type: 'reply',
        reply: { kind: 'quick_reply', id: asText(value.payload) ?? '', title: asText(value.text) ?? '' },
      };
    case 'interactive': {
      const reply = readInteractive(value);
      return reply
        ? { type: 'reply', reply }
        : unsupported(message, asText(value.type) ?? type, 'The answer is of an unknown kind.');
    }
    case 'order':
      return readOrder(value);
    case 'system':
      return { type, text: asText(value.body) ?? '', notice: readNotice(value) };
    case 'request_welcome':
      return { type: 'system', text: '', notice: { event: 'conversation_opened' } };
    default:
      return unsupported(message, type === '' ? 'unknown' : type, 'WhatsApp does not provide messages of this type.');
  }
}

function readLocation(value: JsonObject, message: JsonObject): InboundContent {
  const latitude = asNumber(value.latitude);
  const longitude = asNumber(value.longitude);
  if (latitude === undefined || longitude === undefined) {
    return unsupported(message, 'location', 'The location has no coordinates.');
  }
  const place = { name: asText(value.name), address: asText(value.address), url: asText(value.url) };
  return present({ type: 'location', latitude, longitude, ...place });
}

function readOrder(value: JsonObject): InboundContent {
  const items = asList(value.product_items).map((each) => {
    const item = asObject(each);
    return {
      productId: asText(item.product_retailer_id) ?? '',
      quantity: asNumber(item.quantity) ?? 0,
      price: asNumber(item.item_price) ?? 0,
      currency: asText(item.currency) ?? '',
    };
  });
  return present({ type: 'order', catalogId: asText(value.catalog_id), text: asText(value.text), items });
}

/** `messages[].referral`: the advertisement or post that led here. */
export function readReferral(value: unknown): Referral | undefined {
  if (!isObject(value)) return undefined;
  return present({
    source: asText(value.source_type) ?? 'ad',
    sourceId: asText(value.source_id),
    url: asText(value.source_url),
    headline: asText(value.headline),
    body: asText(value.body),
    mediaType: asText(value.media_type),
    mediaUrl: asText(value.image_url) ?? asText(value.video_url),
    thumbnailUrl: asText(value.thumbnail_url),
    clickId: asText(value.ctwa_clid),
  });
}
