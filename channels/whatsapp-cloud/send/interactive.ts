import { invalidMessage } from '../../failure.ts';
import type { OutboundContent, OutboundHeader } from '../../outbound.ts';
import { mediaObject, type PlaceMedia } from './mediaObject.ts';

type Interactive = Extract<
  OutboundContent,
  { type: 'buttons' | 'list' | 'link_button' | 'product' | 'product_list' | 'catalog' | 'flow' | 'location_request' }
>;

async function headerObject(header: OutboundHeader | undefined, place: PlaceMedia): Promise<unknown> {
  if (header === undefined) return undefined;
  if (header.type === 'text') return { type: 'text', text: header.text };
  const { kind } = header.media;
  if (kind !== 'image' && kind !== 'video' && kind !== 'document') {
    throw invalidMessage('A header can be a text, an image, a video or a document.');
  }
  return { type: kind, [kind]: await mediaObject(header.media, undefined, place) };
}

function textObject(text: string | undefined): { text: string } | undefined {
  return text === undefined || text === '' ? undefined : { text };
}

function flowAction(content: Extract<Interactive, { type: 'flow' }>): Record<string, unknown> {
  return {
    name: 'flow',
    parameters: {
      flow_message_version: '3',
      flow_token: content.token,
      ...('id' in content.flow ? { flow_id: content.flow.id } : { flow_name: content.flow.name }),
      flow_cta: content.title,
      flow_action: content.start === undefined ? 'data_exchange' : 'navigate',
      ...(content.start === undefined ? {} : { flow_action_payload: content.start }),
      ...(content.draft === true ? { mode: 'draft' } : {}),
    },
  };
}

/** Type and action of the `interactive` object, from Meta's pages on each kind of interactive message. */
function kindOf(content: Interactive): { type: string; action: Record<string, unknown> } {
  switch (content.type) {
    case 'buttons': {
      const buttons = content.buttons.map((reply) => ({ type: 'reply', reply: { id: reply.id, title: reply.title } }));
      return { type: 'button', action: { buttons } };
    }
    case 'list':
      return { type: 'list', action: { button: content.button, sections: content.sections } };
    case 'link_button':
      return {
        type: 'cta_url',
        action: { name: 'cta_url', parameters: { display_text: content.title, url: content.url } },
      };
    case 'product':
      return { type: 'product', action: { catalog_id: content.catalogId, product_retailer_id: content.productId } };
    case 'product_list': {
      const sections = content.sections.map((section) => ({
        title: section.title,
        product_items: section.productIds.map((id) => ({ product_retailer_id: id })),
      }));
      return { type: 'product_list', action: { catalog_id: content.catalogId, sections } };
    }
    case 'catalog': {
      const thumbnail = content.thumbnailProductId;
      const parameters = thumbnail === undefined ? {} : { parameters: { thumbnail_product_retailer_id: thumbnail } };
      return { type: 'catalog_message', action: { name: 'catalog_message', ...parameters } };
    }
    case 'flow':
      return { type: 'flow', action: flowAction(content) };
    case 'location_request':
      return { type: 'location_request_message', action: { name: 'send_location' } };
  }
}

function headerOf(content: Interactive): OutboundHeader | undefined {
  if (content.type === 'product_list') return { type: 'text', text: content.header };
  return 'header' in content ? content.header : undefined;
}

/** The `interactive` object of a send request. */
export async function interactiveObject(content: Interactive, place: PlaceMedia): Promise<Record<string, unknown>> {
  const header = await headerObject(headerOf(content), place);
  const body = textObject(content.body);
  const footer = textObject('footer' in content ? content.footer : undefined);
  const { type, action } = kindOf(content);
  return { type, header, body, footer, action };
}
