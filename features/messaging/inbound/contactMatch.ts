import type { Party } from '@connectgain/channels/inbound.ts';
import type { Queryable } from '../queryable.ts';
import type { InboundAccount } from './inboundAccount.ts';
import { jsonbText } from './jsonbText.ts';

/** Channel types whose ids mean the same person on every account. The others are scoped to the page, bot or widget. */
const globalIds = new Set(['WHATSAPP_CLOUD', 'WHATSAPP_LITE', 'EMAIL', 'BULK_EMAIL', 'BULK_EMAIL_SES', 'SMS']);

export function identityScope(channelType: string, routingKey: string | null): string {
  return globalIds.has(channelType) ? '' : (routingKey ?? '');
}

/** WhatsApp by either provider is one address book. */
export function identityType(channelType: string): string {
  if (channelType === 'WHATSAPP_LITE') return 'WHATSAPP_CLOUD';
  if (channelType === 'BULK_EMAIL' || channelType === 'BULK_EMAIL_SES') return 'EMAIL';
  return channelType;
}

/** A party as `app.match_contact` takes it (database/migrations/0016_inbound.sql). */
export interface PartyRecord {
  external_id: string;
  /** The main id first. */
  ids: readonly string[];
  phone?: string | undefined;
  email?: string | undefined;
  name?: string | undefined;
  username?: string | undefined;
  first_name: string | null;
  last_name: string | null;
  avatar_url?: string | undefined;
  locale?: string | undefined;
  /** Where a new contact came from. */
  source: string;
  /** Whether phone and e-mail say who it is. What a web chat visitor types is a claim: it is kept, but joins them to nobody. */
  by_address: boolean;
}

export function partyRecord(account: Pick<InboundAccount, 'type'>, party: Party): PartyRecord {
  const [firstName, lastName] = splitName(party.name ?? party.username);
  return {
    external_id: party.externalId,
    ids: [...new Set([party.externalId, ...party.alternateIds])],
    phone: party.phone,
    email: party.email,
    name: party.name,
    username: party.username,
    first_name: firstName,
    last_name: lastName,
    avatar_url: party.avatarUrl,
    locale: party.locale,
    source: account.type.toLowerCase(),
    by_address: account.type !== 'WEB_CHAT',
  };
}

/** The contact behind a provider's party, made if need be: see `app.match_contact`. Must run inside a transaction. */
export async function matchContact(tx: Queryable, account: InboundAccount, party: Party): Promise<string> {
  const { rows } = await tx.query<{ id: string }>('select app.match_contact($1, $2, $3, $4) as id', [
    account.organizationId,
    identityType(account.type),
    identityScope(account.type, account.routingKey),
    jsonbText(partyRecord(account, party)),
  ]);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('The contact was not created.');
  return id;
}

function splitName(name: string | undefined): [string | null, string | null] {
  const words = (name ?? '').trim().slice(0, 200).split(/\s+/u).filter(Boolean);
  const first = words.shift();
  return [first?.slice(0, 100) ?? null, words.length > 0 ? words.join(' ').slice(0, 100) : null];
}
