import type { InboundEvent, InboundReceipt, ReceiptStatus } from '../../inbound.ts';
import { asBoolean, asMoment, asObject, asText, isObject } from '../../readJson.ts';
import { classifyWebhookErrors } from '../classify.ts';
import { accountOf, type Change, keyWithin } from './changes.ts';
import { present } from './content.ts';
import { unsupportedEvent } from './messages.ts';
import { idsFrom, partyFrom } from './parties.ts';

const statuses: Readonly<Record<string, ReceiptStatus>> = {
  sent: 'SENT',
  delivered: 'DELIVERED',
  read: 'READ',
  played: 'READ',
  failed: 'FAILED',
};

/** One object of `value.statuses` (“Status messages webhook reference”). */
export function readStatus(change: Change, value: unknown): InboundEvent {
  if (!isObject(value)) return unsupportedEvent(change, value, 'status', 'The status is not an object.');
  const account = accountOf(change);
  const id = asText(value.id);
  const word = asText(value.status) ?? '';
  const status = Object.hasOwn(statuses, word) ? statuses[word] : undefined;
  if (id === undefined || status === undefined) {
    return unsupportedEvent(change, value, `status:${word}`, 'The status is of an unknown kind.');
  }
  const isGroup = asText(value.recipient_type) === 'group';
  const ids = idsFrom(value, isGroup ? 'recipient_participant_id' : 'recipient_id', 'recipient_');
  const recipient = partyFrom(change.value.contacts, ids);
  const conversation = asObject(value.conversation);
  const conversationId = asText(conversation.id);
  const pricing = asObject(value.pricing);
  const threadId = isGroup ? asText(value.recipient_id) : recipient?.externalId;
  const event: InboundReceipt = {
    type: 'receipt',
    account,
    // In a group everyone delivers and reads by themselves.
    dedupeKey: keyWithin(account, 'status', id, word, ...(isGroup ? [ids.phoneId ?? ids.userId] : [])),
    orderingKey: keyWithin(account, threadId),
    timestamp: asMoment(value.timestamp),
    raw: value,
    externalId: id,
    status,
    recipient,
    failure: status === 'FAILED' ? (classifyWebhookErrors(value.errors) ?? unexplained) : undefined,
    clientReference: asText(value.biz_opaque_callback_data),
    played: word === 'played' ? true : undefined,
    conversation:
      conversationId === undefined
        ? undefined
        : present({
            id: conversationId,
            category: asText(asObject(conversation.origin).type),
            expiresAt: asMoment(conversation.expiration_timestamp) ?? undefined,
          }),
    pricing: isObject(value.pricing)
      ? present({
          billable: asBoolean(pricing.billable),
          model: asText(pricing.pricing_model),
          type: asText(pricing.type),
          category: asText(pricing.category),
        })
      : undefined,
  };
  return present(event);
}

const unexplained: InboundReceipt['failure'] = {
  kind: 'permanent',
  reason: 'unknown',
  code: 'failed',
  words: 'WhatsApp could not deliver the message and gave no reason.',
};
