import type { Json } from '#api/database.ts';

/**
 * Readers for `messages.metadata`, whose shapes are written by features/messaging (readContent.ts, composeOutbound.ts).
 * What is not as expected reads as absent: a message is shown with less rather than not at all.
 */
type Fields = { [key: string]: Json | undefined };

export function fieldsAt(value: Json | undefined, key: string): Fields | null {
  if (!isFields(value)) return null;
  const found = value[key];
  return isFields(found) ? found : null;
}

export function listAt(value: Json | undefined, key: string): Fields[] {
  if (!isFields(value)) return [];
  const found = value[key];
  return Array.isArray(found) ? found.filter(isFields) : [];
}

export function textAt(value: Json | undefined, key: string): string | null {
  if (!isFields(value)) return null;
  const found = value[key];
  return typeof found === 'string' && found !== '' ? found : typeof found === 'number' ? String(found) : null;
}

export function numberAt(value: Json | undefined, key: string): number | null {
  if (!isFields(value)) return null;
  const found = value[key];
  return typeof found === 'number' ? found : null;
}

function isFields(value: Json | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export interface Place {
  latitude: number;
  longitude: number;
  name: string | null;
  address: string | null;
}

export function placeOf(metadata: Json): Place | null {
  const location = fieldsAt(metadata, 'location');
  if (location === null) return null;
  const latitude = numberAt(location, 'latitude');
  const longitude = numberAt(location, 'longitude');
  if (latitude === null || longitude === null) return null;
  return { latitude, longitude, name: textAt(location, 'name'), address: textAt(location, 'address') };
}

export interface Card {
  name: string;
  organization: string | null;
  phones: string[];
  emails: string[];
}

export function cardsOf(metadata: Json): Card[] {
  return listAt(metadata, 'contacts').map((card) => ({
    name: textAt(card, 'name') ?? '',
    organization: textAt(card, 'organization'),
    phones: listAt(card, 'phones').flatMap((one) => textAt(one, 'phone') ?? []),
    emails: listAt(card, 'emails').flatMap((one) => textAt(one, 'email') ?? []),
  }));
}

export interface OrderLine {
  product: string;
  quantity: number;
  price: number;
  currency: string;
}

export function orderOf(metadata: Json): OrderLine[] {
  return listAt(fieldsAt(metadata, 'order') ?? {}, 'items').map((item) => ({
    product: textAt(item, 'productId') ?? '',
    quantity: numberAt(item, 'quantity') ?? 1,
    price: numberAt(item, 'price') ?? 0,
    currency: textAt(item, 'currency') ?? 'USD',
  }));
}

export interface Interactive {
  buttons: string[];
  sections: { title: string | null; rows: { title: string; description: string | null }[] }[];
  link: { title: string; url: string } | null;
  listButton: string | null;
  footer: string | null;
}

/** Buttons, a list or a link that we sent; null on the customer's answer. */
export function interactiveOf(metadata: Json): Interactive | null {
  const found = fieldsAt(metadata, 'interactive');
  if (found === null) return null;
  const url = textAt(found, 'url');
  return {
    buttons: listAt(found, 'buttons').flatMap((one) => textAt(one, 'title') ?? []),
    sections: listAt(found, 'sections').map((section) => ({
      title: textAt(section, 'title'),
      rows: listAt(section, 'rows').map((row) => ({
        title: textAt(row, 'title') ?? '',
        description: textAt(row, 'description'),
      })),
    })),
    link: url === null ? null : { title: textAt(found, 'title') ?? url, url },
    listButton: textAt(found, 'button'),
    footer: textAt(found, 'footer'),
  };
}
