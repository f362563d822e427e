import type { InboundEvent, InboundMessage, Party, ReceiptStatus, Thread } from '../../inbound.ts';
import { asBoolean, asMoment, asObject, asText, isObject, type JsonObject } from '../../readJson.ts';
import { accountOf, type Change, contentKey, keyWithin } from './changes.ts';
import { present, readContent, readReferral } from './content.ts';
import { idsFrom, partyFrom } from './parties.ts';

/** How a message object came to us, which decides who wrote it and how old it may be. */
export interface Arrival {
  direction: 'INBOUND' | 'OUTBOUND';
  origin: 'live' | 'history';
}

/** Something that cannot be read as more, kept whole. */
export function unsupportedEvent(change: Change, raw: unknown, providerType: string, reason: string): InboundEvent {
  const account = accountOf(change);
  return {
    type: 'unsupported',
    account,
    dedupeKey: keyWithin(account, 'unsupported', contentKey(raw)),
    orderingKey: keyWithin(account, providerType),
    timestamp: change.time,
    raw,
    providerType,
    reason,
  };
}

function systemParty(message: JsonObject): Party | null {
  const system = asObject(message.system);
  const ids = { phoneId: undefined, userId: asText(system.previous_user_id), parentUserId: undefined };
  return partyFrom([], ids);
}

function customerOf(message: JsonObject, contacts: unknown, arrival: Arrival): Party | null {
  const ids = arrival.direction === 'INBOUND' ? idsFrom(message, 'from', 'from_') : idsFrom(message, 'to', 'to_');
  return partyFrom(contacts, ids) ?? systemParty(message);
}

/** `{type: 'template', template: {button: {type: 'url', url}}, interaction: {type: 'click'}}`, spec D4. */
function isClick(message: JsonObject): boolean {
  return asObject(message.interaction).type === 'click';
}

function historyStatus(message: JsonObject): ReceiptStatus | undefined {
  switch (asText(asObject(message.history_context).status)?.toUpperCase()) {
    case 'READ':
    case 'PLAYED':
      return 'READ';
    case 'DELIVERED':
      return 'DELIVERED';
    case 'SENT':
    case 'PENDING':
      return 'SENT';
    case 'ERROR':
      return 'FAILED';
    default:
      return undefined;
  }
}

/** One message object of `messages`, `message_echoes` or `history[].threads[].messages`. */
export function readMessage(change: Change, value: unknown, arrival: Arrival): InboundEvent {
  if (!isObject(value)) return unsupportedEvent(change, value, 'message', 'The message is not an object.');
  const message = value;
  const account = accountOf(change);
  const party = customerOf(message, change.value.contacts, arrival);
  const groupId = asText(message.group_id);
  const id = asText(message.id);
  const type = asText(message.type) ?? '';
  const base = {
    account,
    orderingKey: keyWithin(account, groupId ?? party?.externalId),
    timestamp: asMoment(message.timestamp) ?? asMoment(asObject(message.interaction).timestamp),
    raw: message,
  };

  if (isClick(message)) {
    const template = asObject(message.template);
    return present({
      ...base,
      type: 'click',
      dedupeKey: keyWithin(account, 'click', id ?? contentKey(message)),
      party,
      component: asText(asObject(template.button).type),
      url: asText(asObject(template.button).url),
      templateName: asText(template.name),
    });
  }
  if (id === undefined || party === null) {
    return unsupportedEvent(
      change,
      message,
      type,
      id === undefined ? 'The message has no id.' : 'The message names no customer.',
    );
  }
  const inner = asObject(message[type]);
  const target = asText(inner.original_message_id);
  if (type === 'edit' && target !== undefined) {
    const content = readContent(asObject(inner.message));
    return {
      ...base,
      type,
      dedupeKey: keyWithin(account, 'edit', id),
      targetExternalId: target,
      direction: arrival.direction,
      party,
      content,
    };
  }
  if (type === 'revoke' && target !== undefined) {
    return {
      ...base,
      type: 'deletion',
      dedupeKey: keyWithin(account, 'deletion', id),
      targetExternalId: target,
      direction: arrival.direction,
      party,
    };
  }

  const context = asObject(message.context);
  const thread: Thread =
    groupId === undefined ? { kind: 'direct', externalId: party.externalId } : { kind: 'group', externalId: groupId };
  const event: InboundMessage = {
    ...base,
    type: 'message',
    // History repeats a message: first without its file, later with it. Each form is its own event.
    dedupeKey: arrival.origin === 'live' ? keyWithin(account, 'message', id) : keyWithin(account, 'history', id, type),
    externalId: id,
    direction: arrival.direction,
    origin: arrival.origin,
    party,
    thread,
    content: readContent(withValueErrors(message, change.value)),
    attachments: [],
    replyToExternalId: asText(context.id),
    forwarded: asBoolean(context.forwarded) === true || asBoolean(context.frequently_forwarded) === true,
    forwardedManyTimes: asBoolean(context.frequently_forwarded) === true,
    referral: readReferral(message.referral),
    referredProduct: referredProduct(context.referred_product),
    status: arrival.origin === 'history' && arrival.direction === 'OUTBOUND' ? historyStatus(message) : undefined,
  };
  return present(event);
}

function referredProduct(value: unknown): InboundMessage['referredProduct'] {
  const product = asObject(value);
  const productId = asText(product.product_retailer_id);
  return productId === undefined ? undefined : { catalogId: asText(product.catalog_id) ?? '', productId };
}

/** Meta puts the reason for a missing content either on the message or beside the list of messages. */
function withValueErrors(message: JsonObject, value: JsonObject): JsonObject {
  return message.errors === undefined && value.errors !== undefined ? { ...message, errors: value.errors } : message;
}
