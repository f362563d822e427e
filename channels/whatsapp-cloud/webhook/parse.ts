import type { InboundEvent } from '../../inbound.ts';
import { asList, asObject, asText, type JsonObject, storableJson } from '../../readJson.ts';
import { readAccountUpdate, readValueError } from './accountUpdates.ts';
import { readAddressBook, readPreference, readUserAction } from './actions.ts';
import { accountOf, type Change, changesOf, contentKey, keyWithin } from './changes.ts';
import { readMessage, unsupportedEvent } from './messages.ts';
import { readStatus } from './statuses.ts';

/** The lists that a change can hold, each item of which is an event of its own. */
export const itemLists = [
  'messages',
  'statuses',
  'message_echoes',
  'user_actions',
  'user_preferences',
  'state_sync',
] as const;

export type ItemList = (typeof itemLists)[number];

export function readItem(change: Change, list: ItemList, item: unknown): InboundEvent {
  switch (list) {
    case 'messages':
      return readMessage(change, item, { direction: 'INBOUND', origin: 'live' });
    case 'message_echoes':
      return readMessage(change, item, { direction: 'OUTBOUND', origin: 'live' });
    case 'statuses':
      return readStatus(change, item);
    case 'user_actions':
      return readUserAction(change, item);
    case 'user_preferences':
      return readPreference(change, item);
    case 'state_sync':
      return readAddressBook(change, item);
  }
}

/** A thread of the history that the WhatsApp Business app shares on connecting (“history webhook reference”). */
function readThread(change: Change, thread: JsonObject): InboundEvent[] {
  const customer = asText(thread.id);
  return asList(thread.messages).map((item) => {
    const message = asObject(item);
    const outbound = message.to !== undefined || (customer !== undefined && asText(message.from) !== customer);
    const direction = outbound ? 'OUTBOUND' : 'INBOUND';
    // Messages of ours carry `to` only sometimes; the thread is always the customer's.
    const complete = outbound && message.to === undefined ? { ...message, to: customer } : message;
    return readMessage(change, complete, { direction, origin: 'history' });
  });
}

function readHistory(change: Change): InboundEvent[] {
  return asList(change.value.history).flatMap((item) => {
    const chunk = asObject(item);
    const errors = asList(chunk.errors).map((error) => readValueError(change, error));
    return [...asList(chunk.threads).flatMap((thread) => readThread(change, asObject(thread))), ...errors];
  });
}

function readChange(change: Change): InboundEvent[] {
  const value = change.value;
  const items = itemLists.flatMap((list) => asList(value[list]).map((item) => readItem(change, list, item)));
  const history = readHistory(change);
  const found = [...items, ...history];
  // Beside messages the errors explain them (see `withValueErrors`); alone they are news of their own.
  if (asList(value.messages).length === 0) {
    found.push(...asList(value.errors).map((error) => readValueError(change, error)));
  }
  if (found.length > 0) return found;
  const update = readAccountUpdate(change);
  if (update !== null) return [update];
  const reason = itemLists.some((list) => value[list] !== undefined)
    ? 'The webhook holds no message, status or action.'
    : 'This webhook field is not read.';
  return [unsupportedEvent(change, value, change.field, reason)];
}

/** Every event in a webhook body or in a part of one. Never throws: what is not known becomes `unsupported`. */
export function parsePayload(payload: unknown): InboundEvent[] {
  const clean = storableJson(payload);
  const changes = changesOf(clean);
  if (changes !== null && changes.length > 0) return changes.flatMap(readChange);
  const nowhere: Change = { wabaId: undefined, time: null, field: asText(asObject(clean).object) ?? '', value: {} };
  const account = accountOf(nowhere);
  return [
    {
      type: 'unsupported',
      account,
      dedupeKey: keyWithin(account, 'unsupported', contentKey(clean)),
      orderingKey: keyWithin(account, 'unsupported'),
      timestamp: null,
      raw: clean,
      providerType: nowhere.field,
      reason: 'This is not a webhook of a WhatsApp Business Account.',
    },
  ];
}
