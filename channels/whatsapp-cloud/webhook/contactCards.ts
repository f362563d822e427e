import type { ContactCard } from '../../inbound.ts';
import { asList, asObject, asText, type JsonObject } from '../../readJson.ts';

function typed<Name extends string>(item: JsonObject, field: Name): ({ [K in Name]: string } & { type?: string })[] {
  const value = asText(item[field]);
  if (value === undefined) return [];
  const type = asText(item.type);
  const entry: Record<string, string> = { [field]: value };
  if (type !== undefined) entry.type = type;
  return isEntry(entry, field) ? [entry] : [];
}

function isEntry<Name extends string>(
  entry: Record<string, string>,
  field: Name,
): entry is { [K in Name]: string } & { type?: string } {
  return typeof entry[field] === 'string';
}

function address(item: JsonObject): { text: string; type?: string }[] {
  const lines = ['street', 'city', 'state', 'zip', 'country'].map((field) => asText(item[field]));
  const text = lines.filter((line) => line !== undefined).join(', ');
  const type = asText(item.type);
  return text === '' ? [] : [{ text, ...(type === undefined ? {} : { type }) }];
}

/** `FN` of a vCard: contact requests of the usernames feature bring the card only as text. */
function nameInVcard(vcard: string | undefined): string | undefined {
  return vcard === undefined ? undefined : /^FN[^:\r\n]*:(.+)$/m.exec(vcard)?.[1]?.trim();
}

/** `messages[].contacts`: shared address book cards. A card without any name is called by its first number. */
export function readContactCards(value: unknown): ContactCard[] {
  return asList(value).map((item) => {
    const card = asObject(item);
    const name = asObject(card.name);
    const org = asObject(card.org);
    const phones = asList(card.phones).flatMap((each) => {
      const phone = asObject(each);
      const externalId = asText(phone.wa_id);
      return typed(phone, 'phone').map((entry) => (externalId === undefined ? entry : { ...entry, externalId }));
    });
    const firstName = asText(name.first_name);
    const lastName = asText(name.last_name);
    const joined = [firstName, lastName].filter((part) => part !== undefined).join(' ');
    const organization = asText(org.company);
    const title = asText(org.title);
    const birthday = asText(card.birthday);
    return {
      name:
        asText(name.formatted_name) ??
        (joined === '' ? undefined : joined) ??
        nameInVcard(asText(card.vcard)) ??
        phones[0]?.phone ??
        '',
      ...(firstName === undefined ? {} : { firstName }),
      ...(lastName === undefined ? {} : { lastName }),
      ...(organization === undefined ? {} : { organization }),
      ...(title === undefined ? {} : { title }),
      ...(birthday === undefined ? {} : { birthday }),
      phones,
      emails: asList(card.emails).flatMap((each) => typed(asObject(each), 'email')),
      urls: asList(card.urls).flatMap((each) => typed(asObject(each), 'url')),
      addresses: asList(card.addresses).flatMap((each) => address(asObject(each))),
    };
  });
}
