import { createHash } from 'node:crypto';
import type { AccountKey } from '../../inbound.ts';
import { asList, asMoment, asObject, asText, isObject, type JsonObject } from '../../readJson.ts';

/** One `entry[].changes[]` of a webhook: a subscribed field and what happened under it. */
export interface Change {
  wabaId: string | undefined;
  /** `entry[].time`, which only account fields carry. */
  time: string | null;
  field: string;
  value: JsonObject;
}

/** The changes in a webhook body, or null when it is not one of a WhatsApp Business Account. */
export function changesOf(payload: unknown): Change[] | null {
  if (!isObject(payload) || payload.object !== 'whatsapp_business_account' || !Array.isArray(payload.entry))
    return null;
  return payload.entry.flatMap((item) => {
    const entry = asObject(item);
    return asList(entry.changes).map((each) => {
      const change = asObject(each);
      return {
        wabaId: asText(entry.id),
        time: asMoment(entry.time),
        field: asText(change.field) ?? '',
        value: asObject(change.value),
      };
    });
  });
}

/** The change as a complete webhook body again. */
export function toPayload(change: Change): JsonObject {
  const entry: Record<string, unknown> = { id: change.wabaId, changes: [{ field: change.field, value: change.value }] };
  if (change.time !== null) entry.time = Math.floor(Date.parse(change.time) / 1000);
  return { object: 'whatsapp_business_account', entry: [entry] };
}

/**
 * Messages, receipts and clicks name the number that they came in on; account matters only the WhatsApp Business
 * Account. Both are settings of the channel.
 */
export function accountOf(change: Change): AccountKey | null {
  const phoneNumberId = asText(asObject(change.value.metadata).phone_number_id);
  if (phoneNumberId !== undefined) return { field: 'phone_number_id', value: phoneNumberId };
  if (change.wabaId !== undefined && change.wabaId !== '0') return { field: 'waba_id', value: change.wabaId };
  return null;
}

/** A key for something that has no id of its own: the hash of what it says. */
export function contentKey(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(value) ?? 'undefined')
    .digest('base64url');
}

/** Dedupe keys are per account: the two ends of a chat between two of our numbers stay apart. */
export function keyWithin(account: AccountKey | null, ...parts: readonly (string | undefined)[]): string {
  return [account?.value ?? '', ...parts.map((part) => part ?? '')].join(':');
}
