import type { Party } from '../../inbound.ts';
import { asList, asObject, asText, type JsonObject } from '../../readJson.ts';

/** The ids under which one fragment names a person: `from`/`from_user_id`, `to`/`to_user_id`, `recipient_id`/… */
export interface PartyIds {
  phoneId: string | undefined;
  userId: string | undefined;
  parentUserId: string | undefined;
}

export function idsFrom(fragment: JsonObject, phoneField: string, prefix: string): PartyIds {
  return {
    phoneId: asText(fragment[phoneField]),
    userId: asText(fragment[`${prefix}user_id`]),
    parentUserId: asText(fragment[`${prefix}parent_user_id`]),
  };
}

/** E.164 when the id is a phone number: WhatsApp writes it without the plus sign. */
export function phoneFrom(id: string | undefined): string | undefined {
  return id !== undefined && /^\d{6,15}$/.test(id) ? `+${id}` : undefined;
}

/** The entry of `value.contacts` that describes this person; a lone entry describes whoever the fragment is about. */
export function contactFor(contacts: unknown, ids: PartyIds): JsonObject {
  const list = asList(contacts).map(asObject);
  const match = list.find((contact) => {
    const waId = asText(contact.wa_id);
    const userId = asText(contact.user_id);
    return (waId !== undefined && waId === ids.phoneId) || (userId !== undefined && userId === ids.userId);
  });
  return match ?? (list.length === 1 ? (list[0] ?? {}) : {});
}

/**
 * The person behind a fragment, or null when it names nobody. The phone number is the identity as long as WhatsApp
 * tells it; a user who hides it behind a username is known by the business-scoped user id (“BSUID”) alone, so both are
 * kept to match the contact by.
 */
export function partyFrom(contacts: unknown, ids: PartyIds): Party | null {
  const contact = contactFor(contacts, ids);
  const profile = asObject(contact.profile);
  const waId = asText(contact.wa_id);
  const userId = ids.userId ?? asText(contact.user_id);
  const parentUserId = ids.parentUserId ?? asText(contact.parent_user_id);
  const externalId = ids.phoneId ?? waId ?? userId ?? parentUserId;
  if (externalId === undefined) return null;
  const alternateIds = [...new Set([waId, userId, parentUserId])].filter(
    (id): id is string => id !== undefined && id !== externalId,
  );
  const phone = phoneFrom(ids.phoneId ?? waId);
  const name = asText(profile.name);
  const username = asText(profile.username);
  return {
    externalId,
    alternateIds,
    ...(phone === undefined ? {} : { phone }),
    ...(name === undefined ? {} : { name }),
    ...(username === undefined ? {} : { username }),
  };
}
