import type { InboundEvent } from '../../inbound.ts';
import { asMoment, asObject, asText, isObject } from '../../readJson.ts';
import { accountOf, type Change, contentKey, keyWithin } from './changes.ts';
import { present } from './content.ts';
import { unsupportedEvent } from './messages.ts';
import { idsFrom, partyFrom } from './parties.ts';

/** One object of `value.user_actions`: a marketing message's link was followed (“Tracking click events”, spec D4). */
export function readUserAction(change: Change, value: unknown): InboundEvent {
  if (!isObject(value) || value.action_type !== 'marketing_messages_link_click') {
    return unsupportedEvent(
      change,
      value,
      `user_action:${asText(asObject(value).action_type) ?? ''}`,
      'The action is of an unknown kind.',
    );
  }
  const account = accountOf(change);
  const data = asObject(value.marketing_messages_link_click_data);
  const clickId = asText(data.click_id);
  return present({
    type: 'click',
    account,
    dedupeKey: keyWithin(account, 'click', clickId ?? contentKey(value), asText(value.timestamp)),
    orderingKey: keyWithin(account, 'clicks', clickId),
    timestamp: asMoment(value.timestamp),
    raw: value,
    party: partyFrom(change.value.contacts, { phoneId: undefined, userId: undefined, parentUserId: undefined }),
    clickId,
    trackingToken: asText(data.tracking_token),
    component: asText(data.click_component)?.toLowerCase(),
    productId: asText(data.product_id),
    url: asText(data.url),
  });
}

/** One object of `value.user_preferences`: the customer stopped or resumed marketing messages. */
export function readPreference(change: Change, value: unknown): InboundEvent {
  const preference = asObject(value);
  const account = accountOf(change);
  const party = partyFrom(change.value.contacts, {
    ...idsFrom(preference, 'wa_id', ''),
    phoneId: asText(preference.wa_id),
  });
  const choice = asText(preference.value);
  if (party === null || (choice !== 'stop' && choice !== 'resume')) {
    return unsupportedEvent(change, value, 'user_preference', 'The preference names no customer or no known choice.');
  }
  return present({
    type: 'consent',
    account,
    dedupeKey: keyWithin(account, 'consent', party.externalId, choice, asText(preference.timestamp)),
    orderingKey: keyWithin(account, party.externalId),
    timestamp: asMoment(preference.timestamp),
    raw: value,
    party,
    category: asText(preference.category) ?? 'marketing_messages',
    value: choice,
    detail: asText(preference.detail),
  });
}

/** One object of `value.state_sync`: the address book of the WhatsApp Business app (coexistence). */
export function readAddressBook(change: Change, value: unknown): InboundEvent {
  const item = asObject(value);
  const contact = asObject(item.contact);
  const account = accountOf(change);
  const ids = idsFrom(contact, 'phone_number', '');
  const phoneId = ids.phoneId?.replace(/^\+/, '');
  const party = partyFrom([], { ...ids, phoneId });
  const action = asText(item.action);
  if (party === null || (action !== 'add' && action !== 'edit' && action !== 'remove')) {
    return unsupportedEvent(change, value, 'state_sync', 'The address book entry names nobody or no known action.');
  }
  const timestamp = asText(asObject(item.metadata).timestamp);
  const name = asText(contact.full_name) ?? asText(contact.first_name);
  return {
    type: 'contact',
    account,
    dedupeKey: keyWithin(account, 'contact', party.externalId, action, timestamp ?? contentKey(item)),
    orderingKey: keyWithin(account, party.externalId),
    timestamp: asMoment(timestamp),
    raw: value,
    action: action === 'remove' ? 'removed' : 'saved',
    party: name === undefined ? party : { ...party, name },
    fields: {},
  };
}
