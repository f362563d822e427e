import { webhookError } from './graphError.ts';
import type { JsonObject } from './json.ts';
import type { OutgoingMessage, Person, PhoneNumber } from './model.ts';

/** Webhook bodies in Meta's shape (“messages webhook reference”, “Status messages webhook reference”). */

export function body(wabaId: string, field: string, value: JsonObject, time?: number): JsonObject {
  const entry: JsonObject = { id: wabaId, changes: [{ value, field }] };
  if (time !== undefined) entry.time = time;
  return { object: 'whatsapp_business_account', entry: [entry] };
}

function frame(number: PhoneNumber): JsonObject {
  return {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: number.displayNumber, phone_number_id: number.id },
  };
}

function contactOf(person: Person): JsonObject {
  return {
    profile: { name: person.name, ...(person.username === undefined ? {} : { username: person.username }) },
    ...(person.hidesNumber ? {} : { wa_id: person.waId }),
    user_id: person.userId,
  };
}

export function seconds(ms: number): string {
  return String(Math.floor(ms / 1000));
}

/** A customer's message; `content` is `{type, [type]: {…}}` and whatever else Meta puts beside it. */
export function inbound(number: PhoneNumber, person: Person, id: string, at: number, content: JsonObject): JsonObject {
  const message = {
    ...(person.hidesNumber ? {} : { from: person.waId }),
    from_user_id: person.userId,
    id,
    timestamp: seconds(at),
    ...content,
  };
  const value = { ...frame(number), contacts: [contactOf(person)], messages: [message] };
  return body(number.wabaId, 'messages', value);
}

const DAY_SECONDS = 24 * 60 * 60;

export function status(
  number: PhoneNumber,
  person: Person,
  message: OutgoingMessage,
  word: string,
  at: number,
): JsonObject {
  const failed = word === 'failed';
  const free = message.category === 'service';
  const conversation = {
    id: `${message.id.length.toString(16)}${person.userId.slice(3)}`.slice(0, 32),
    ...(word === 'sent' ? { expiration_timestamp: String(Math.floor(at / 1000) + DAY_SECONDS) } : {}),
    origin: { type: message.category },
  };
  const pricing = {
    billable: !free,
    pricing_model: 'PMP',
    type: free ? 'free_customer_service' : 'regular',
    category: message.category,
  };
  const item = {
    id: message.id,
    status: word,
    timestamp: seconds(at),
    ...(message.addressedBy === 'phone' ? { recipient_id: message.waId } : {}),
    ...(failed && message.addressedBy === 'phone' ? {} : { recipient_user_id: person.userId }),
    ...(message.reference === undefined ? {} : { biz_opaque_callback_data: message.reference }),
    ...(failed
      ? { errors: [message.error ?? webhookError(131000, 'Something went wrong')] }
      : { conversation, pricing }),
  };
  const value = { ...frame(number), ...(failed ? {} : { contacts: [contactOf(person)] }), statuses: [item] };
  return body(number.wabaId, 'messages', value);
}

/** A message that the business wrote on the phone (“smb_message_echoes webhook reference”). */
export function echo(number: PhoneNumber, person: Person, id: string, at: number, content: JsonObject): JsonObject {
  const message = {
    from: number.displayNumber,
    to: person.waId,
    to_user_id: person.userId,
    id,
    timestamp: seconds(at),
    ...content,
  };
  return body(number.wabaId, 'smb_message_echoes', {
    ...frame(number),
    contacts: [contactOf(person)],
    message_echoes: [message],
  });
}

/** A marketing message's link was followed (“Tracking click events”, spec D4). */
export function click(number: PhoneNumber, at: number, data: JsonObject): JsonObject {
  const action = {
    action_type: 'marketing_messages_link_click',
    timestamp: seconds(at),
    marketing_messages_link_click_data: data,
  };
  return body(number.wabaId, 'messages', { ...frame(number), user_actions: [action] });
}

export function preference(number: PhoneNumber, person: Person, at: number, value: 'stop' | 'resume'): JsonObject {
  const item = {
    wa_id: person.waId,
    user_id: person.userId,
    detail: `User requested to ${value} marketing messages`,
    category: 'marketing_messages',
    value,
    timestamp: Math.floor(at / 1000),
  };
  return body(number.wabaId, 'user_preferences', {
    ...frame(number),
    contacts: [contactOf(person)],
    user_preferences: [item],
  });
}
