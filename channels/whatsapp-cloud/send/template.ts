import type { OutboundContent, TemplateComponent, TemplateParameter } from '../../outbound.ts';
import { mediaObject, type PlaceMedia } from './mediaObject.ts';

async function parameterObject(parameter: TemplateParameter, place: PlaceMedia): Promise<Record<string, unknown>> {
  const named = 'name' in parameter && parameter.name !== undefined ? { parameter_name: parameter.name } : {};
  switch (parameter.type) {
    case 'text':
      return { type: 'text', text: parameter.text, ...named };
    case 'currency': {
      const currency = { fallback_value: parameter.fallback, code: parameter.code, amount_1000: parameter.amount1000 };
      return { type: 'currency', currency, ...named };
    }
    case 'date_time':
      return { type: 'date_time', date_time: { fallback_value: parameter.fallback }, ...named };
    case 'media': {
      const { kind } = parameter.media;
      return { type: kind, [kind]: await mediaObject(parameter.media, undefined, place), ...named };
    }
    case 'location': {
      const { latitude, longitude, label, address } = parameter;
      return {
        type: 'location',
        location: { latitude: `${latitude}`, longitude: `${longitude}`, name: label, address },
      };
    }
    case 'payload':
      return { type: 'payload', payload: parameter.payload };
    case 'coupon_code':
      return { type: 'coupon_code', coupon_code: parameter.code };
    case 'action':
      return { type: 'action', action: parameter.action };
  }
}

async function componentObject(component: TemplateComponent, place: PlaceMedia): Promise<Record<string, unknown>> {
  switch (component.type) {
    case 'header':
    case 'body': {
      const parameters = await Promise.all(component.parameters.map((each) => parameterObject(each, place)));
      return { type: component.type, parameters };
    }
    case 'button': {
      const parameters = await Promise.all(component.parameters.map((each) => parameterObject(each, place)));
      return { type: 'button', sub_type: component.subType, index: `${component.index}`, parameters };
    }
    case 'carousel': {
      const cards = component.cards.map(async (card) => ({
        card_index: card.index,
        components: await Promise.all(card.components.map((each) => componentObject(each, place))),
      }));
      return { type: 'carousel', cards: await Promise.all(cards) };
    }
    case 'limited_time_offer': {
      const parameter = {
        type: 'limited_time_offer',
        limited_time_offer: { expiration_time_ms: component.expiresAtMs },
      };
      return { type: 'limited_time_offer', parameters: [parameter] };
    }
  }
}

/** The `template` object of a send request (“Template messages”). */
export async function templateObject(
  content: Extract<OutboundContent, { type: 'template' }>,
  place: PlaceMedia,
): Promise<Record<string, unknown>> {
  const components = await Promise.all(content.components.map((component) => componentObject(component, place)));
  return {
    name: content.name,
    language: { code: content.language },
    ...(components.length === 0 ? {} : { components }),
  };
}
