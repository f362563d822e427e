import { invalidMessage } from '../failure.ts';
import type { OutboundContent, OutboundMedia } from '../outbound.ts';
import type { WidgetMessage } from './protocol.ts';

/** The parts of a widget message that come from its content; the files still need their addresses. */
export type WidgetView = Pick<WidgetMessage, 'text' | 'choices' | 'link' | 'place'> & {
  files: readonly OutboundMedia[];
};

const nothing: WidgetView = { text: null, choices: [], link: null, place: null, files: [] };

/**
 * How the widget shows a content. Whatever has no place of its own in a chat window becomes text, so nothing is lost.
 * @throws ChannelError `message_invalid` for what a chat widget cannot show
 */
export function widgetView(content: OutboundContent): WidgetView {
  switch (content.type) {
    case 'text':
      return { ...nothing, text: content.text };
    case 'media':
      return { ...nothing, text: content.caption ?? null, files: [content.media] };
    case 'buttons':
    case 'list': {
      const header = content.header;
      const heading = header?.type === 'text' ? header.text : undefined;
      const rows = content.type === 'buttons' ? content.buttons : content.sections.flatMap((section) => section.rows);
      return {
        ...nothing,
        text: [heading, content.body, content.footer].filter(Boolean).join('\n'),
        choices: rows.map((row) => ({ ...row })),
        files: header?.type === 'media' ? [header.media] : [],
      };
    }
    case 'link_button':
      return { ...nothing, text: content.body, link: { title: content.title, url: content.url } };
    case 'location': {
      const { latitude, longitude, name, address } = content;
      return { ...nothing, text: address ?? null, place: { latitude, longitude, name: name ?? null } };
    }
    case 'template':
    case 'product':
    case 'product_list':
    case 'catalog':
    case 'flow':
    case 'location_request':
    case 'contacts':
    case 'reaction':
    case 'carousel':
    case 'poll':
    case 'email':
    case 'notification':
      throw invalidMessage(`The chat widget cannot show a message of type ${content.type}.`);
  }
}
