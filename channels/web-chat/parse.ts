import { createHash } from 'node:crypto';
import type { WebhookPart } from '../contract.ts';
import type { AccountKey, InboundContent, InboundEvent, InboundMedia, InboundMessage, Party } from '../inbound.ts';
import { asObject, asText, storableJson } from '../readJson.ts';
import { readWebhookBody } from '../webhookBody.ts';
import { inboundPayloadSchema, type ParsedWebChatInbound } from './inboundPayload.ts';
import type { WidgetAttachment } from './protocol.ts';

type Of<Kind extends ParsedWebChatInbound['kind']> = Extract<ParsedWebChatInbound, { kind: Kind }>;

function partyOf(payload: ParsedWebChatInbound): Party {
  const { id, name, email, phone, locale } = payload.visitor;
  return {
    externalId: id,
    alternateIds: [],
    ...(name ? { name } : {}),
    ...(email ? { email } : {}),
    ...(phone ? { phone } : {}),
    ...(locale ? { locale } : {}),
  };
}

function mediaOf(attachment: WidgetAttachment): InboundMedia {
  return {
    kind: attachment.kind,
    // Already in our storage: the id is the file's, there is nothing to fetch.
    providerMediaId: attachment.id,
    url: attachment.url,
    mimeType: attachment.mime_type,
    fileName: attachment.file_name,
    sizeBytes: attachment.size,
  };
}

function contentOf(payload: Of<'message'>): { content: InboundContent; attachments: InboundMedia[] } {
  const text = payload.text?.trim() ? payload.text : undefined;
  const files = payload.attachments.map(mediaOf);
  const [first, ...others] = files;
  if (payload.choice) {
    const reply = { kind: 'button' as const, id: payload.choice.id, title: payload.choice.title };
    return { content: { type: 'reply', reply }, attachments: files };
  }
  if (first !== undefined && (text === undefined || others.length === 0)) {
    const caption = text === undefined ? {} : { caption: text };
    return { content: { type: 'media', media: first, ...caption }, attachments: others };
  }
  if (text !== undefined) return { content: { type: 'text', text }, attachments: files };
  return {
    content: { type: 'unsupported', providerType: 'message', reason: 'The message is empty.' },
    attachments: [],
  };
}

function messageOf(payload: Of<'message'>, base: EventFrame, party: Party): InboundMessage {
  const url = payload.page?.url;
  const title = payload.page?.title;
  return {
    ...base,
    type: 'message',
    externalId: payload.client_id,
    direction: 'INBOUND',
    origin: 'live',
    party,
    thread: { kind: 'direct', externalId: party.externalId },
    ...contentOf(payload),
    forwarded: false,
    forwardedManyTimes: false,
    ...(payload.reply_to ? { replyToExternalId: payload.reply_to } : {}),
    ...(url === undefined
      ? {}
      : { referral: { source: 'page', url, ...(title === undefined ? {} : { headline: title }) } }),
  };
}

type EventFrame = Pick<InboundMessage, 'account' | 'dedupeKey' | 'orderingKey' | 'timestamp' | 'raw'>;

/** What makes this event the same one when it is stored twice. */
function keyOf(payload: ParsedWebChatInbound): string {
  switch (payload.kind) {
    case 'message':
      return payload.client_id;
    case 'read':
      return payload.message_id;
    case 'typing':
      return `${payload.at}:${payload.typing}`;
    case 'identity':
      return payload.at;
  }
}

function read(payload: ParsedWebChatInbound): InboundEvent {
  const account: AccountKey = { field: 'widget_key', value: payload.widget_key };
  const party = partyOf(payload);
  const base: EventFrame = {
    account,
    dedupeKey: [payload.widget_key, payload.kind, payload.visitor.id, keyOf(payload)].join(':'),
    orderingKey: `${payload.widget_key}:${payload.visitor.id}`,
    timestamp: new Date(payload.at).toISOString(),
    raw: payload,
  };
  switch (payload.kind) {
    case 'message':
      return messageOf(payload, base, party);
    case 'read':
      return {
        ...base,
        type: 'receipt',
        externalId: payload.message_id,
        status: 'READ',
        recipient: party,
        ...(payload.up_to ? { upTo: new Date(payload.up_to).toISOString() } : {}),
      };
    case 'typing':
      return { ...base, type: 'typing', party, typing: payload.typing };
    case 'identity':
      return { ...base, type: 'contact', action: 'saved', party, fields: payload.fields };
  }
}

/** Reads a stored payload of the widget; what is none becomes `unsupported`. */
export function parseWebChat(payload: unknown): InboundEvent[] {
  const clean = storableJson(payload);
  const parsed = inboundPayloadSchema.safeParse(clean);
  if (parsed.success) return [read(parsed.data)];
  const widgetKey = asText(asObject(clean).widget_key);
  const hash = createHash('sha256')
    .update(JSON.stringify(clean) ?? '')
    .digest('base64url');
  return [
    {
      type: 'unsupported',
      account: widgetKey === undefined ? null : { field: 'widget_key', value: widgetKey },
      dedupeKey: `${widgetKey ?? ''}:unsupported:${hash}`,
      orderingKey: `${widgetKey ?? ''}:unsupported`,
      timestamp: null,
      raw: clean,
      providerType: asText(asObject(clean).kind) ?? '',
      reason: 'This is not an event of the chat widget.',
    },
  ];
}

/**
 * One request of the widget is one part.
 * @throws ChannelError `malformed_payload` when the body is not JSON
 */
export function splitWebChat(rawBody: Uint8Array): WebhookPart[] {
  const payload = readWebhookBody(rawBody);
  return parseWebChat(payload).map(({ account, dedupeKey, orderingKey }) => ({
    account,
    dedupeKey,
    orderingKey,
    payload,
  }));
}
