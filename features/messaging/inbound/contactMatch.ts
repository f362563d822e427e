import type { Party } from '@connectgain/channels/inbound.ts';
import type { Queryable } from '../queryable.ts';

export interface MatchedContact {
  contactId: string;
  isNew: boolean;
}

interface Scope {
  organizationId: string;
  channelType: string;
  /** Empty where the provider's ids are global; the account's routing key where they are scoped to it. */
  identityScope: string;
}

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

/**
 * The contact behind a provider's party: by channel identity, else by phone, else by e-mail address, else a new one. The
 * identity is remembered. Two different identities of one channel are never joined because a phone agrees with both: the
 * first match by identity wins. Must run inside a transaction; parties that arrive at the same moment on two accounts
 * wait for each other.
 */
export async function matchContact(tx: Queryable, scope: Scope, party: Party): Promise<MatchedContact> {
  const type = identityType(scope.channelType);
  const ids = [party.externalId, ...party.alternateIds];
  const lockOn = party.phone ?? party.email ?? `${type}:${party.externalId}`;
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 7))', [`${scope.organizationId}:${lockOn}`]);

  const known = await tx.query<{ contact_id: string }>(
    `select contact_id from public.contact_identities
     where organization_id = $1 and channel_type = $2 and scope = $3 and external_id = any($4)
     order by external_id = $5 desc limit 1`,
    [scope.organizationId, type, scope.identityScope, ids, party.externalId],
  );
  const byIdentity = known.rows[0]?.contact_id;
  // What a web chat visitor types about themselves is a claim, not proof: it is kept, but joins them to nobody.
  const contactId =
    byIdentity ?? (type === 'WEB_CHAT' ? undefined : await matchByAddress(tx, scope.organizationId, party));
  if (contactId !== undefined) {
    await completeContact(tx, contactId, party);
    await rememberIdentities(tx, scope, type, contactId, party);
    return { contactId, isNew: false };
  }
  const created = await createContact(tx, scope.organizationId, scope.channelType, party);
  await rememberIdentities(tx, scope, type, created, party);
  return { contactId: created, isNew: true };
}

async function matchByAddress(tx: Queryable, organizationId: string, party: Party): Promise<string | undefined> {
  if (party.phone === undefined && party.email === undefined) return undefined;
  const { rows } = await tx.query<{ id: string }>(
    `select id from public.contacts c
     where c.organization_id = $1
       and (($2::text is not null and c.phones @> array[app.normalize_phone($2)])
         or ($3::text is not null and c.emails @> array[app.normalize_email($3)]))
     order by ($2::text is not null and c.phones @> array[app.normalize_phone($2)]) desc, c.created_at limit 1`,
    [organizationId, party.phone ?? null, party.email ?? null],
  );
  return rows[0]?.id;
}

function splitName(name: string | undefined): [string | null, string | null] {
  const words = (name ?? '').trim().slice(0, 200).split(/\s+/u).filter(Boolean);
  const first = words.shift();
  return [first?.slice(0, 100) ?? null, words.length > 0 ? words.join(' ').slice(0, 100) : null];
}

async function createContact(tx: Queryable, organizationId: string, source: string, party: Party): Promise<string> {
  const [firstName, lastName] = splitName(party.name ?? party.username);
  const { rows } = await tx.query<{ id: string }>(
    `insert into public.contacts (organization_id, first_name, last_name, phones, emails, source, avatar_url, language)
     values ($1, $2, $3, array_remove(array[app.normalize_phone($4)], null), array_remove(array[app.normalize_email($5)], null),
             lower($6), $7, $8)
     returning id`,
    [
      organizationId,
      firstName,
      lastName,
      party.phone ?? null,
      party.email ?? null,
      source,
      party.avatarUrl ?? null,
      party.locale ?? null,
    ],
  );
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('The contact was not created.');
  return id;
}

/** Fills what is still empty; what a person wrote is never overwritten by what a provider says. */
async function completeContact(tx: Queryable, contactId: string, party: Party): Promise<void> {
  const [firstName, lastName] = splitName(party.name);
  await tx.query(
    `update public.contacts c set
       first_name = case when c.full_name = '' then $2 else c.first_name end,
       last_name = case when c.full_name = '' then $3 else c.last_name end,
       phones = case when app.normalize_phone($4) is null or c.phones @> array[app.normalize_phone($4)] then c.phones
                     when cardinality(c.phones) = 0 then array[app.normalize_phone($4)] else c.phones end,
       emails = case when app.normalize_email($5) is null or cardinality(c.emails) > 0 then c.emails
                     else array[app.normalize_email($5)] end
     where c.id = $1 and ((c.full_name = '' and $2::text is not null) or (cardinality(c.phones) = 0 and $4::text is not null)
       or (cardinality(c.emails) = 0 and $5::text is not null))`,
    [contactId, firstName, lastName, party.phone ?? null, party.email ?? null],
  );
}

async function rememberIdentities(
  tx: Queryable,
  scope: Scope,
  type: string,
  contactId: string,
  party: Party,
): Promise<void> {
  await tx.query(
    `insert into public.contact_identities (organization_id, contact_id, channel_type, scope, external_id, display_name, username)
     select $1, $2, $3, $4, id, $6, $7 from unnest($5::text[]) id
     on conflict (organization_id, channel_type, scope, external_id) do update
       set display_name = coalesce(excluded.display_name, contact_identities.display_name),
           username = coalesce(excluded.username, contact_identities.username)
       where (contact_identities.display_name, contact_identities.username)
             is distinct from (coalesce(excluded.display_name, contact_identities.display_name),
                               coalesce(excluded.username, contact_identities.username))`,
    [
      scope.organizationId,
      contactId,
      type,
      scope.identityScope,
      [party.externalId, ...party.alternateIds],
      party.name ?? null,
      party.username ?? null,
    ],
  );
}
