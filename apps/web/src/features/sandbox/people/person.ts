import type { Row } from '#api/database.ts';

/** A customer that can be played: whoever has written or been written to on the channel, or somebody new. */
export interface Person {
  /** Digits of the number, by which the provider knows the phone. */
  phone: string;
  /** Null until the first message has made them a contact. */
  contactId: string | null;
  conversationId: string | null;
  name: string;
  avatarUrl: string | null;
  lastAt: string | null;
  lastType: string | null;
  lastWords: string | null;
  /** Whether the last word is the customer's own. */
  lastIsTheirs: boolean;
}

export const personSelect =
  'id,contact_id,last_message_at,last_message_preview,last_message_type,last_message_direction,contact:contacts!conversations_contact_id_fkey(id,full_name,phones,avatar_url,identities:contact_identities!contact_identities_contact_id_fkey(channel_type,external_id))' as const;

/** A conversation with its contact, as `personSelect` reads it. */
export interface PersonRow
  extends Pick<
    Row<'conversations'>,
    'id' | 'contact_id' | 'last_message_at' | 'last_message_preview' | 'last_message_type' | 'last_message_direction'
  > {
  contact:
    | (Pick<Row<'contacts'>, 'id' | 'full_name' | 'phones' | 'avatar_url'> & {
        identities: Pick<Row<'contact_identities'>, 'channel_type' | 'external_id'>[];
      })
    | null;
}

/** Null for a contact without a number: nobody can hold their phone. */
export function personOf(row: PersonRow): Person | null {
  const { contact } = row;
  const known = contact?.identities.find((identity) => identity.channel_type === 'WHATSAPP_CLOUD')?.external_id;
  const phone = known ?? digitsOf(contact?.phones[0] ?? '');
  if (phone === '') return null;
  const name = contact?.full_name?.trim() ?? '';
  return {
    phone,
    contactId: row.contact_id,
    conversationId: row.id,
    name: name === '' ? shownNumber(phone) : name,
    avatarUrl: contact?.avatar_url ?? null,
    lastAt: row.last_message_at,
    lastType: row.last_message_type,
    lastWords: row.last_message_preview,
    lastIsTheirs: row.last_message_direction === 'INBOUND',
  };
}

/** The phones of these conversations, each once: the one that was used last. */
export function peopleOf(rows: readonly PersonRow[]): Person[] {
  const byPhone = new Map<string, Person>();
  for (const row of rows) {
    const person = personOf(row);
    if (person !== null && !byPhone.has(person.phone)) byPhone.set(person.phone, person);
  }
  return [...byPhone.values()];
}

/** Somebody who has not written yet. */
export function strangerOf(phone: string, name: string | undefined): Person {
  return {
    phone,
    contactId: null,
    conversationId: null,
    name: name ?? shownNumber(phone),
    avatarUrl: null,
    lastAt: null,
    lastType: null,
    lastWords: null,
    lastIsTheirs: true,
  };
}

export const digitsOf = (number: string): string => number.replaceAll(/\D/g, '');
export const shownNumber = (phone: string): string => `+${phone}`;

/**
 * A number for somebody invented. British numbers from 07700 900000 to 900999 are kept free for stories (Ofcom, “Telephone
 * numbers for use in TV and radio drama programmes”), so nobody's own is taken.
 */
export function inventedNumber(taken: ReadonlySet<string>, random: () => number = Math.random): string {
  const start = Math.floor(random() * 1_000);
  for (let step = 0; step < 1_000; step += 1) {
    const digits = `447700900${String((start + step) % 1_000).padStart(3, '0')}`;
    if (!taken.has(digits)) return digits;
  }
  return `447700901${String(start).padStart(3, '0')}`;
}
