import type { ContactCard } from '../../inbound.ts';

/** The `contacts` list of a send request (“Contacts messages”): the name is required, and one part of it beside the full one. */
export function contactObjects(cards: readonly ContactCard[]): Record<string, unknown>[] {
  return cards.map((card) => ({
    name: {
      formatted_name: card.name,
      first_name: card.firstName ?? card.name,
      ...(card.lastName === undefined ? {} : { last_name: card.lastName }),
    },
    ...(card.organization === undefined && card.title === undefined
      ? {}
      : { org: { company: card.organization, title: card.title } }),
    ...(card.birthday === undefined ? {} : { birthday: card.birthday }),
    ...(card.phones.length === 0 ? {} : { phones: card.phones.map(phoneObject) }),
    ...(card.emails.length === 0 ? {} : { emails: card.emails.map(({ email, type }) => ({ email, type })) }),
    ...(card.urls.length === 0 ? {} : { urls: card.urls.map(({ url, type }) => ({ url, type })) }),
    ...(card.addresses.length === 0
      ? {}
      : { addresses: card.addresses.map(({ text, type }) => ({ street: text, type })) }),
  }));
}

function phoneObject(entry: ContactCard['phones'][number]): Record<string, unknown> {
  return { phone: entry.phone, type: entry.type, wa_id: entry.externalId };
}
