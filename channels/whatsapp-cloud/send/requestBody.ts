import { invalidMessage } from '../../failure.ts';
import type { OutboundContent, OutboundMessage } from '../../outbound.ts';
import { contactObjects } from './contactObjects.ts';
import { interactiveObject } from './interactive.ts';
import { mediaObject, type PlaceMedia } from './mediaObject.ts';
import { recipientFields } from './recipient.ts';
import { templateObject } from './template.ts';

/** Longest `biz_opaque_callback_data` that Meta returns with receipts. */
const MAX_REFERENCE = 512;

async function contentFields(content: OutboundContent, place: PlaceMedia): Promise<Record<string, unknown>> {
  switch (content.type) {
    case 'text':
      return {
        type: 'text',
        text: { body: content.text, preview_url: content.previewLinks ?? /https?:\/\//.test(content.text) },
      };
    case 'media': {
      const { kind } = content.media;
      return { type: kind, [kind]: await mediaObject(content.media, content.caption, place) };
    }
    case 'template':
      return { type: 'template', template: await templateObject(content, place) };
    case 'buttons':
    case 'list':
    case 'link_button':
    case 'product':
    case 'product_list':
    case 'catalog':
    case 'flow':
    case 'location_request':
      return { type: 'interactive', interactive: await interactiveObject(content, place) };
    case 'location': {
      const { latitude, longitude, name, address } = content;
      return { type: 'location', location: { latitude: `${latitude}`, longitude: `${longitude}`, name, address } };
    }
    case 'contacts':
      return { type: 'contacts', contacts: contactObjects(content.contacts) };
    case 'reaction':
      return { type: 'reaction', reaction: { message_id: content.targetExternalId, emoji: content.emoji ?? '' } };
    case 'carousel':
    case 'poll':
    case 'email':
    case 'notification':
      throw invalidMessage(`WhatsApp cannot send a message of type ${content.type}.`);
  }
}

/** The body of `POST /{phone_number_id}/messages` (“Messages API”). Media is placed (uploaded or linked) on the way. */
export async function requestBody(message: OutboundMessage, place: PlaceMedia): Promise<Record<string, unknown>> {
  const recipient = recipientFields(message.to);
  const content = await contentFields(message.content, place);
  const quotes = message.replyToExternalId !== undefined && message.content.type !== 'reaction';
  return {
    messaging_product: 'whatsapp',
    ...recipient,
    ...(quotes ? { context: { message_id: message.replyToExternalId } } : {}),
    ...content,
    ...(message.clientReference === undefined
      ? {}
      : { biz_opaque_callback_data: message.clientReference.slice(0, MAX_REFERENCE) }),
  };
}
