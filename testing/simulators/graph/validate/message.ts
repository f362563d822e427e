import { GraphError, invalidParameter, missingParameter } from '../graphError.ts';
import { type JsonObject, objectIn, textIn } from '../json.ts';
import { knowsMessage, type PhoneNumber, type Template, type World } from '../model.ts';
import { optionalText, requireCoordinate, requireList, requireObject, requireOneOf, requireText } from './check.ts';
import { checkInteractive } from './interactive.ts';
import { checkMediaObject } from './media.ts';
import { checkTemplate } from './template.ts';

const types = [
  'text',
  'image',
  'video',
  'audio',
  'document',
  'sticker',
  'location',
  'contacts',
  'reaction',
  'interactive',
  'template',
] as const;

export type SendType = (typeof types)[number];

export interface CheckedMessage {
  type: SendType;
  /** Digits of a phone number, or a business-scoped user id. */
  recipient: { by: 'phone' | 'user_id'; id: string };
  template: Template | undefined;
}

function checkRecipient(body: JsonObject): CheckedMessage['recipient'] {
  if (body.recipient_type !== undefined) requireOneOf(body.recipient_type, 'recipient_type', ['individual', 'group']);
  // `to` wins when both are given (“Business-scoped user IDs”).
  if (body.to !== undefined) {
    const to = textIn(body.to)?.replaceAll(/[\s()+-]/g, '') ?? '';
    if (!/^\d{5,20}$/.test(to)) throw invalidParameter('Param to is not a valid WhatsApp number');
    return { by: 'phone', id: to };
  }
  if (body.recipient !== undefined) {
    return { by: 'user_id', id: requireText(body.recipient, 'recipient', 160) };
  }
  throw missingParameter('to');
}

function checkContacts(value: unknown): void {
  requireList(value, 'contacts', 1, 257).forEach((each, index) => {
    const card = requireObject(each, `contacts[${index}]`);
    const name = requireObject(card.name, `contacts[${index}]['name']`);
    requireText(name.formatted_name, `contacts[${index}]['name']['formatted_name']`, 1024);
    const parts = ['first_name', 'last_name', 'middle_name', 'suffix', 'prefix'];
    if (parts.every((part) => name[part] === undefined)) {
      throw invalidParameter(`contacts[${index}]['name'] needs at least one of ${parts.join(', ')}`);
    }
  });
}

function checkReaction(value: JsonObject, world: World): void {
  const id = requireText(value.message_id, "reaction['message_id']", 512);
  if (value.emoji === undefined) throw missingParameter("reaction['emoji']");
  optionalText(value.emoji, "reaction['emoji']", 16);
  if (!knowsMessage(world, id)) {
    throw invalidParameter('Message to react to was not found');
  }
}

function checkContent(type: SendType, body: JsonObject, number: PhoneNumber, world: World): Template | undefined {
  const value = type === 'contacts' ? {} : requireObject(body[type], type);
  switch (type) {
    case 'text':
      requireText(value.body, "text['body']", 4096);
      return undefined;
    case 'image':
    case 'video':
    case 'audio':
    case 'document':
    case 'sticker':
      checkMediaObject(value, type, type, number.wabaId, world);
      return undefined;
    case 'location':
      requireCoordinate(value.latitude, "location['latitude']", 90);
      requireCoordinate(value.longitude, "location['longitude']", 180);
      return undefined;
    case 'contacts':
      checkContacts(body.contacts);
      return undefined;
    case 'reaction':
      checkReaction(value, world);
      return undefined;
    case 'interactive':
      checkInteractive(value, number.wabaId, world);
      return undefined;
    case 'template': {
      const waba = world.wabas.get(number.wabaId);
      if (waba === undefined) throw new GraphError(131000);
      return checkTemplate(value, waba, world);
    }
  }
}

/** The body of `POST /{phone_number_id}/messages`, or the refusal that Meta would give. */
export function checkMessage(body: JsonObject, number: PhoneNumber, world: World): CheckedMessage {
  const recipient = checkRecipient(body);
  const type = body.type === undefined ? 'text' : requireOneOf(body.type, 'type', types);
  const template = checkContent(type, body, number, world);
  if (body.context !== undefined) {
    requireText(objectIn(body.context).message_id, "context['message_id']", 512);
  }
  optionalText(body.biz_opaque_callback_data, 'biz_opaque_callback_data', 512);
  if (recipient.by === 'phone' && recipient.id === number.displayNumber) throw new GraphError(131021);
  return { type, recipient, template };
}
